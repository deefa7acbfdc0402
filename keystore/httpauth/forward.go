package httpauth

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/quote"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// ForwardAuth answers the question of a proxy whether a request may pass. It
// takes any method and reads no body. The key and the client's address come
// from the headers, which the proxy hands on; the route that is recorded from
// X-Forwarded-Method and -Uri or X-Original-Method and -URI.
//
// The query may demand scopes: /auth?scope=chat:write. Several are all
// demanded. Any other parameter, and text that is no scope, is a mistake in
// the proxy's configuration and answered with 500: a demand that was not
// understood must not be dropped.
//
//	200  the request may pass; X-Pakdeck-* say whose key it is
//	401  no key, or none that is valid; too many failures (with Retry-After)
//	403  the key is good but its address rules or scopes say no; or a trusted
//	     proxy sent an X-Forwarded-For that cannot be read
//	503  keys cannot be checked now
//
// nginx passes on 401 and 403 and makes every other status a 500, which is
// why 429 and 400 do not occur here.
//
// X-Pakdeck-Key-Id, -Key-Name, -User, -Scopes (separated by blanks),
// -Expires-In (seconds, empty for never), -Rotate-By (when the client should
// have a newer key string, RFC 3339, empty for never; see
// [verify.Decision.RotateBy]) and -Reason (the outcome, once the secret is
// proven) are in every answer, empty unless known. Names are
// percent-encoded where they hold anything but visible ASCII.
func ForwardAuth(v *verify.Verifier, list ...Option) http.Handler {
	g := newGuard(v, list)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		demand, err := demandOf(g.demand, r.URL.RawQuery)
		from := g.proxies.originOf(r)
		route := g.originalRoute(r, from.trusted)
		if err != nil {
			g.misconfigured(w, r, Refusal{Addr: from.addr, Route: route, Err: err})
			return
		}
		g.forward(w, r, from, route, demand)
	})
}

// ExtAuthz is [ForwardAuth] for proxies that ask with the client's own method
// and target, behind a path prefix that the caller strips (Envoy's ext_authz
// over HTTP). The query is the client's and demands nothing.
func ExtAuthz(v *verify.Verifier, list ...Option) http.Handler {
	g := newGuard(v, list)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.forward(w, r, g.proxies.originOf(r), g.ownRoute(r), g.demand)
	})
}

func (g *guard) forward(w http.ResponseWriter, r *http.Request, from origin, route string, demand []keystore.Scope) {
	v := g.check(r, from, route, demand)
	if p, ok := w.(Passer); ok && v.no == nil {
		p.Pass(appendLines(p.Lines(), &v.Decision))
		return
	}
	h := w.Header()
	setIdentity(h, &v.Decision)
	if v.no == nil {
		h["Cache-Control"] = []string{"no-store"}
		w.WriteHeader(http.StatusOK)
		return
	}
	no := v.no.forProxy()
	g.observe(r, no)
	no.setHeaders(h, g.realm)
	answerRefusal(w, r, no)
}

// Passer may be implemented by the http.ResponseWriter of a server which has a
// shorter way than an http.Header for the headers of an answer that lets a
// request pass. [ForwardAuth] and [ExtAuthz] then take it.
type Passer interface {
	// Lines returns an empty slice to append header lines to.
	Lines() []byte
	// Pass answers 200 with header lines, each of which ends with CRLF.
	Pass(lines []byte)
}

// misconfigured answers a proxy that asks for something that is no scope.
func (g *guard) misconfigured(w http.ResponseWriter, r *http.Request, no Refusal) {
	no.Status, no.Code, no.Text = http.StatusInternalServerError, codeServer, "the server is not set up correctly"
	g.observe(r, no)
	setIdentity(w.Header(), &verify.Decision{})
	answerRefusal(w, r, no)
}

// demandOf adds the scopes of a query to those that are always demanded.
func demandOf(always []keystore.Scope, query string) ([]keystore.Scope, error) {
	if query == "" {
		return always, nil
	}
	params, err := url.ParseQuery(query)
	if err != nil {
		return nil, fmt.Errorf("the query of the forward-auth request cannot be read")
	}
	demand := slices.Clip(always)
	for name, values := range params {
		if name != "scope" {
			return nil, fmt.Errorf("the forward-auth request has a parameter %s; only scope is known", quote.Input(name))
		}
		for _, text := range values {
			if demand, err = appendScopes(demand, text); err != nil {
				return nil, fmt.Errorf("the forward-auth request: %w", err)
			}
		}
	}
	return demand, nil
}

// appendScopes adds the scopes of a list that is separated by blanks (RFC 6749
// section 3.3).
func appendScopes(demand []keystore.Scope, text string) ([]keystore.Scope, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, fmt.Errorf("a scope is demanded but not named")
	}
	for _, word := range words {
		s, err := keystore.ParseScope(word)
		if err != nil {
			return nil, fmt.Errorf("%s is no scope; write resource:action, such as chat:write", quote.Input(word))
		}
		demand = append(demand, s)
	}
	return demand, nil
}
