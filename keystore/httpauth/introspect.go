package httpauth

import (
	"net/http"
	"net/url"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// tokenInfo is the answer of RFC 7662 section 2.2. An inactive token has
// nothing but active.
type tokenInfo struct {
	Active    bool            `json:"active"`
	Scope     string          `json:"scope,omitempty"`
	ClientID  keystore.KeyID  `json:"client_id,omitempty"`
	Username  string          `json:"username,omitempty"`
	TokenType string          `json:"token_type,omitempty"`
	Expires   int64           `json:"exp,omitempty"`
	Subject   keystore.UserID `json:"sub,omitempty"`
}

// Introspection is POST /oauth/introspect of RFC 7662, for programs that hold
// a management key (one that covers [VerifyScope], sent as Authorization:
// Bearer). The form field token is the key string; client_id is the id of the
// key, username and sub are the name and the id of its owner.
//
// The RFC has no field for the client's address, so ip is one more: without
// it a key with address rules is inactive. Other fields are ignored, as the
// RFC demands.
func Introspection(v *verify.Verifier, list ...Option) http.Handler {
	g := newGuard(v, list)
	return g.manage("application/x-www-form-urlencoded", func(w http.ResponseWriter, r *http.Request, body []byte) {
		req, err := introspected(body)
		if err != nil {
			answerBad(w, err)
			return
		}
		if d, ok := g.ask(w, r, req, nil); ok {
			answerJSON(w, http.StatusOK, tokenInfoOf(&d))
		}
	})
}

// introspected reads the form. Parameters given twice are refused (RFC 6749
// section 3.2).
func introspected(body []byte) (verify.Request, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return verify.Request{}, bad("the body is not a form")
	}
	for _, name := range []string{"token", "ip"} {
		if len(form[name]) > 1 {
			return verify.Request{}, bad("%s is given twice", name)
		}
	}
	if form.Get("token") == "" {
		return verify.Request{}, bad("token is missing")
	}
	q := question{}
	err = q.setAddr(form.Get("ip"))
	return verify.Request{Key: form.Get("token"), Caller: keystore.Caller{IP: q.addr}}, err
}

func tokenInfoOf(d *verify.Decision) tokenInfo {
	if !d.OK() {
		return tokenInfo{}
	}
	s := d.Subject
	info := tokenInfo{
		Active: true, Scope: s.ScopeText, ClientID: s.Key, Username: s.UserName,
		TokenType: "Bearer", Subject: s.User,
	}
	if !s.Expires.IsZero() {
		info.Expires = s.Expires.Unix()
	}
	return info
}
