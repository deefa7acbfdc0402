package httpauth

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
)

// ownRoute returns what a request asks for: "POST /v1/chat". The query is
// left out, as it may hold secrets; that it holds a key string is said.
func (g *guard) ownRoute(r *http.Request) string {
	return r.Method + " " + g.redactPath(r.URL.EscapedPath()) + g.mark(r.URL.RawQuery)
}

// mark tells of a key string in a query, for the linter.
func (g *guard) mark(query string) string {
	if query == "" || !strings.Contains(query, g.head) {
		return ""
	}
	return "?" + keystore.KeyInURL
}

// originalRoute returns what the client asked the proxy for. Traefik and
// Caddy always set X-Forwarded-Method and -Uri, so these come before the
// X-Original-Method and -URI of nginx, which a client could send through the
// other two; the configuration for nginx clears the first pair. Without a
// trusted proxy the headers are anybody's and the request's own route is
// returned.
func (g *guard) originalRoute(r *http.Request, trusted bool) string {
	if !trusted {
		return g.ownRoute(r)
	}
	for _, names := range [...][2]string{
		{"X-Forwarded-Method", "X-Forwarded-Uri"},
		{"X-Original-Method", "X-Original-Uri"},
	} {
		method := first(r.Header, names[0])
		if method == "" {
			continue
		}
		if uri := first(r.Header, names[1]); uri != "" {
			path, query := pathOf(uri)
			return g.redact(method) + " " + g.redactPath(path) + g.mark(query)
		}
	}
	return g.ownRoute(r)
}

// first is http.Header.Get for a name in canonical form.
func first(h http.Header, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// pathOf returns the path and the query of a request target in origin or
// absolute form (RFC 9112 section 3.2).
func pathOf(uri string) (path, query string) {
	if i := strings.IndexAny(uri, "?#"); i >= 0 {
		uri, query = uri[:i], uri[i+1:]
	}
	if strings.HasPrefix(uri, "/") {
		return uri, query
	}
	if _, rest, ok := strings.Cut(uri, "://"); ok {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			return rest[i:], query
		}
		return "/", query
	}
	return uri, query
}

// redactPath blots out key strings in a path, also if some of their
// characters are percent-encoded.
func (g *guard) redactPath(path string) string {
	if strings.IndexByte(path, '%') >= 0 {
		if plain, err := url.PathUnescape(path); err == nil {
			if clean := g.redact(plain); clean != plain {
				return clean
			}
		}
	}
	return g.redact(path)
}
