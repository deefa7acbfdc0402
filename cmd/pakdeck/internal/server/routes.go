package server

import (
	"io"
	"net/http"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/httpauth"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// routes sends a request to its handler. It is not an http.ServeMux, because
// that redirects paths with ".." or "//", and below /auth/ stands whatever a
// client asked a proxy for.
type routes struct {
	auth, ext, verify, introspect, metrics http.Handler
	ready                                  func() error
}

func newRoutes(st *keystore.Store, v *verify.Verifier, t *httpauth.Throttle, options []httpauth.Option) *routes {
	return &routes{
		auth:       httpauth.ForwardAuth(v, options...),
		ext:        http.StripPrefix("/auth", httpauth.ExtAuthz(v, options...)),
		verify:     httpauth.VerifyAPI(v, options...),
		introspect: httpauth.Introspection(v, options...),
		metrics:    metrics{v, t}.handler(&dates{store: st}),
		ready:      v.Ready,
	}
}

// ServeHTTP implements http.Handler.
func (m *routes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case path == "/auth":
		m.auth.ServeHTTP(inLane(w, r), r)
	case strings.HasPrefix(path, "/auth/"):
		m.ext.ServeHTTP(inLane(w, r), r)
	case path == "/v1/verify":
		m.verify.ServeHTTP(w, r)
	case path == "/oauth/introspect":
		m.introspect.ServeHTTP(w, r)
	case path == "/metrics":
		m.metrics.ServeHTTP(w, r)
	case path == "/healthz":
		answer(w, http.StatusOK, "ok")
	case path == "/readyz":
		m.readyz(w)
	default:
		answer(w, http.StatusNotFound, "there is nothing here; see /auth, /v1/verify, /oauth/introspect, /metrics, /healthz, /readyz")
	}
}

// readyz says whether keys can be checked now.
func (m *routes) readyz(w http.ResponseWriter) {
	if err := m.ready(); err != nil {
		answer(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	answer(w, http.StatusOK, "ready")
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}
