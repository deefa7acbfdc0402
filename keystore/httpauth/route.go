package httpauth

import (
	"net/http"
	"net/url"
	"strings"
)

// ownRoute returns what a request asks for: "POST /v1/chat". The query is
// left out, as it may hold secrets.
func (g *guard) ownRoute(r *http.Request) string {
	return r.Method + " " + g.redactPath(r.URL.EscapedPath())
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
			return g.redact(method) + " " + g.redactPath(pathOf(uri))
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

// pathOf returns the path of a request target in origin or absolute form
// (RFC 9112 section 3.2), without the query.
func pathOf(uri string) string {
	if i := strings.IndexAny(uri, "?#"); i >= 0 {
		uri = uri[:i]
	}
	if strings.HasPrefix(uri, "/") {
		return uri
	}
	if _, rest, ok := strings.Cut(uri, "://"); ok {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			return rest[i:]
		}
		return "/"
	}
	return uri
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
