package httpauth

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// Refusal says why a request was not let through. It holds no secret.
type Refusal struct {
	Status int    // of the HTTP answer
	Code   string // "invalid_token" and the like (RFC 6749, RFC 6750)
	Text   string // one sentence for the client
	// Outcome is that of the verification, "" if there was none to make: no
	// key was sent, or the client's address cannot be told.
	Outcome keystore.Outcome
	// Err is set if the request or its proxy is at fault: [ErrHop], [ErrPeer],
	// or a demanded scope that is none.
	Err        error
	Addr       netip.Addr // of the client; zero if unknown
	Route      string     // what it asked for
	Secret     token.ID   // public id in the string, if it has the shape of one
	Scope      string     // what was demanded, if that is why
	RetryAfter time.Duration

	challenge challenge
}

// challenge says what WWW-Authenticate holds (RFC 6750 section 3).
type challenge uint8

const (
	noChallenge   challenge = iota // no key would change the answer
	bareChallenge                  // no key was sent
	codeChallenge                  // the key that was sent is not good enough
)

// Codes of errors. The first four are of RFC 6749 and RFC 6750.
const (
	codeRequest     = "invalid_request"
	codeToken       = "invalid_token"
	codeScope       = "insufficient_scope"
	codeUnavailable = "temporarily_unavailable"
	codeNoKey       = "unauthorized"
	codeDenied      = "access_denied"
	codeThrottled   = "too_many_requests"
	codeServer      = "server_error"
)

var (
	refusedNoKey   = Refusal{Status: 401, Code: codeNoKey, Text: "send a key as Authorization: Bearer or X-API-Key", challenge: bareChallenge}
	refusedSeveral = Refusal{Status: 400, Code: codeRequest, Text: "send one key, in one header", challenge: codeChallenge}
	refusedAddress = Refusal{Status: 400, Code: codeRequest, Text: "the address of the client cannot be told"}

	invalidKey = Refusal{Status: 401, Code: codeToken, Text: "the key is not valid", challenge: codeChallenge}
)

// refusals says how each outcome is answered.
var refusals = map[keystore.Outcome]Refusal{
	keystore.Malformed:   invalidKey,
	keystore.Unknown:     invalidKey,
	keystore.WrongSecret: invalidKey,
	keystore.Revoked:     {Status: 401, Code: codeToken, Text: "the key was revoked or replaced", challenge: codeChallenge},
	keystore.Disabled:    {Status: 401, Code: codeToken, Text: "the key is disabled", challenge: codeChallenge},
	keystore.OwnerOff:    {Status: 401, Code: codeToken, Text: "the owner of the key is disabled", challenge: codeChallenge},
	keystore.NotYetValid: {Status: 401, Code: codeToken, Text: "the key is not valid yet", challenge: codeChallenge},
	keystore.Expired:     {Status: 401, Code: codeToken, Text: "the key has expired", challenge: codeChallenge},
	keystore.IPDenied:    {Status: 403, Code: codeDenied, Text: "the key may not be used from this address"},
	keystore.ScopeDenied: {Status: 403, Code: codeScope, Text: "the key lacks a scope that is demanded here", challenge: codeChallenge},
	verify.Unavailable:   {Status: 503, Code: codeUnavailable, Text: "keys cannot be checked at the moment", RetryAfter: time.Second},
}

// refusalOf returns the answer to a verification that did not succeed.
func refusalOf(d *verify.Decision, demand []keystore.Scope) Refusal {
	no := refusals[d.Outcome]
	no.Outcome, no.Secret = d.Outcome, d.Secret
	if d.Outcome == keystore.ScopeDenied {
		no.Scope = joinScopes(demand)
	}
	return no
}

// throttled turns a refusal into "too many".
func (no Refusal) throttled(wait time.Duration) Refusal {
	no.Status, no.Code, no.Text = http.StatusTooManyRequests, codeThrottled, "too many failed attempts"
	no.RetryAfter, no.challenge = wait, noChallenge
	return no
}

// forProxy returns the refusal as nginx passes it on: auth_request knows 401
// and 403 and makes every other status a 500.
func (no Refusal) forProxy() Refusal {
	switch no.Status {
	case http.StatusTooManyRequests:
		no.Status, no.Code, no.challenge = http.StatusUnauthorized, codeToken, codeChallenge
	case http.StatusBadRequest:
		no.Status = http.StatusForbidden
		if no.challenge == codeChallenge {
			no.Status = http.StatusUnauthorized
		}
	}
	return no
}

// setHeaders sets the headers of the answer except its content type.
func (no *Refusal) setHeaders(h http.Header, realm string) {
	h["Cache-Control"] = []string{"no-store"}
	if no.RetryAfter > 0 {
		seconds := (no.RetryAfter + time.Second - 1) / time.Second
		h["Retry-After"] = []string{strconv.FormatInt(int64(seconds), 10)}
	}
	value := "Bearer realm=" + realm
	switch no.challenge {
	case noChallenge:
		return
	case codeChallenge:
		value += `, error="` + no.Code + `"`
		if no.Scope != "" {
			value += `, scope="` + no.Scope + `"`
		}
	}
	h["Www-Authenticate"] = []string{value}
}

// quotedString returns s as a quoted-string of RFC 9110 section 5.6.4.
// Characters that it may not hold become "?".
func quotedString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c < 0x20 || c > 0x7e:
			c = '?'
		case c == '"' || c == '\\':
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	b.WriteByte('"')
	return b.String()
}

func joinScopes(list []keystore.Scope) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(s))
	}
	return b.String()
}
