package httpauth

import (
	"net/http"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// answerBody is what POST /v1/verify returns. All fields are always there;
// those of the key are empty unless its secret is proven.
type answerBody struct {
	Outcome   keystore.Outcome `json:"outcome"`
	Valid     bool             `json:"valid"`
	KeyID     keystore.KeyID   `json:"key_id"`
	KeyName   string           `json:"key_name"`
	User      string           `json:"user"`
	Scopes    []keystore.Scope `json:"scopes"`
	Expires   *time.Time       `json:"expires"`
	ExpiresIn *int64           `json:"expires_in"`
	RotateBy  *time.Time       `json:"rotate_by"`
}

// VerifyAPI is POST /v1/verify: a program that holds a management key (one
// that covers [VerifyScope], sent as Authorization: Bearer) asks about the key
// that a client sent to it.
//
//	{"key": "pak_...", "ip": "203.0.113.7", "scope": "chat:write"}
//
// ip is the client's address; without it a key with address rules is refused.
// scope (several separated by blanks), agent and route are optional. The
// answer has the status 200 whatever the outcome:
//
//	{"outcome": "ok", "valid": true, "key_id": "...", "key_name": "ci-deploy",
//	 "user": "build-bot", "scopes": ["chat:write"],
//	 "expires": "2027-02-21T09:00:00Z", "expires_in": 7776000,
//	 "rotate_by": "2027-01-21T09:00:00Z"}
//
// expires and rotate_by are null for never. Errors are {"error": ..., "error_description":
// ...} with 400, 401, 403, 405, 413, 415, 429 or 503.
func VerifyAPI(v *verify.Verifier, list ...Option) http.Handler {
	g := newGuard(v, list)
	return g.manage("application/json", func(w http.ResponseWriter, r *http.Request, body []byte) {
		q, err := parseQuestion(body)
		if err != nil {
			answerBad(w, err)
			return
		}
		caller := keystore.Caller{
			IP: q.addr, Agent: g.redact(q.agent), Route: g.redactPath(q.route),
		}
		if d, ok := g.ask(w, r, verify.Request{Key: q.key, Caller: caller}, q.demand); ok {
			answerJSON(w, http.StatusOK, answerOf(&d))
		}
	})
}

func answerOf(d *verify.Decision) answerBody {
	a := answerBody{Outcome: d.Outcome, Valid: d.OK(), Scopes: []keystore.Scope{}}
	s := d.Subject
	if s == nil {
		return a
	}
	a.KeyID, a.KeyName, a.User = s.Key, s.Name, s.UserName
	a.Scopes = append(a.Scopes, s.Scopes...)
	if !s.Expires.IsZero() {
		left := max(0, int64(s.Expires.Sub(d.Time)/time.Second))
		a.Expires, a.ExpiresIn = &s.Expires, &left
	}
	if by := d.RotateBy().UTC().Truncate(time.Second); d.OK() && !by.IsZero() {
		a.RotateBy = &by
	}
	return a
}
