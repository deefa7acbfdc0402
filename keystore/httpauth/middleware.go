package httpauth

import (
	"context"
	"net/http"

	"github.com/pakdeck/pakdeck/keystore/verify"
)

// Middleware lets through to the next handler what brings a valid key, and
// answers everything else itself: 401, 403, 429 or 503 as [ForwardAuth] would,
// and 400 for a request whose key or address is ambiguous. [FromContext] says
// whose key it is.
//
// The verifier counts uses and follows the store only while its Run runs.
func Middleware(v *verify.Verifier, list ...Option) func(http.Handler) http.Handler {
	g := newGuard(v, list)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			v := g.check(r, g.proxies.originOf(r), g.ownRoute(r), g.demand)
			if v.no != nil {
				g.reject(w, r, *v.no)
				return
			}
			if g.tell {
				tellClient(w.Header(), &v.Decision)
			}
			ctx := context.WithValue(r.Context(), contextKey{}, identityOf(&v.Decision, v.addr))
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// tellClient says when the key ends, if it does.
func tellClient(h http.Header, d *verify.Decision) {
	for _, header := range [...]int{headerExpiresIn, headerRotateBy} {
		if value := appendValue(nil, header, d); len(value) > 0 {
			h.Set(identityHeaders[header], string(value))
		}
	}
}
