package httpauth

import (
	"net/http"

	"github.com/pakdeck/pakdeck/keystore/verify"
)

// Middleware lets through to the next handler what brings a valid key, and
// answers everything else itself: 401, 403, 429 or 503 as [ForwardAuth] would,
// and 400 for a request whose key or address is ambiguous. [FromContext] says
// whose key it is.
//
// The verifier counts uses and follows the store only while its Run runs; without
// it every request is refused with 503 after 10 s.
//
// What next answers is its own, caching too: shared caches keep no answer to a
// request with Authorization (RFC 9111 section 3.5), but know nothing of X-API-Key.
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
			next.ServeHTTP(w, r.WithContext(NewContext(r.Context(), identityOf(&v.Decision, v.addr))))
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
