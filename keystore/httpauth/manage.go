package httpauth

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// VerifyScope is what a management key needs to ask about other keys.
const VerifyScope keystore.Scope = "pakdeck:verify"

// maxBody bounds the body of a question, in bytes.
const maxBody = 16 << 10

// manage lets a POST with a body of a type through to answer, if its sender
// holds a management key.
func (g *guard) manage(contentType string, answer func(http.ResponseWriter, *http.Request, []byte)) http.Handler {
	demand := append(slices.Clip(g.demand), VerifyScope)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			answerJSON(w, http.StatusMethodNotAllowed, errorBody{codeRequest, "use POST"})
			return
		}
		if v := g.check(r, g.proxies.originOf(r), g.ownRoute(r), demand); v.no != nil {
			g.reject(w, r, *v.no)
			return
		}
		body, err := readBody(w, r, contentType)
		if err != nil {
			answerBad(w, err)
			return
		}
		answer(w, r, body)
	})
}

// reject answers a refused request.
func (g *guard) reject(w http.ResponseWriter, r *http.Request, no Refusal) {
	g.observe(r, no)
	no.setHeaders(w.Header(), g.realm)
	g.answer(w, r, no)
}

// badRequest is an error for the client, with the status that fits it.
type badRequest struct {
	status int
	text   string
}

func (e *badRequest) Error() string { return e.text }

func bad(format string, args ...any) error {
	return &badRequest{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func answerBad(w http.ResponseWriter, err error) {
	var b *badRequest
	if !errors.As(err, &b) {
		b = &badRequest{http.StatusBadRequest, "the request cannot be read"}
	}
	answerJSON(w, b.status, errorBody{codeRequest, b.text})
}

// readBody returns the body of a request, which must be of the given type.
func readBody(w http.ResponseWriter, r *http.Request, want string) ([]byte, error) {
	got, _, err := mime.ParseMediaType(first(r.Header, "Content-Type"))
	if err != nil || got != want {
		return nil, &badRequest{http.StatusUnsupportedMediaType, "the content type must be " + want}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, &badRequest{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body may have at most %d bytes", maxBody)}
	}
	return body, err
}

// ask verifies a key on behalf of the holder of a management key, and answers
// itself if it cannot or should not be decided: the store is stale, or the
// network that the key is said to come from has failed too often. Without an
// address there is no network to count against.
func (g *guard) ask(w http.ResponseWriter, r *http.Request, q verify.Request, demand []keystore.Scope) (d verify.Decision, ok bool) {
	asker := *g
	if !q.Caller.IP.IsValid() {
		asker.throttle = nil
	}
	v := asker.verify(q, demand)
	if v.no == nil {
		return v.Decision, true
	}
	if v.no.RetryAfter > 0 {
		g.reject(w, r, *v.no)
		return v.Decision, false
	}
	if v.no.Status = http.StatusOK; v.no.Route == "" {
		v.no.Route = g.ownRoute(r)
	}
	g.observe(r, *v.no)
	return v.Decision, true
}
