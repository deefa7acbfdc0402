package httpauth

import (
	"context"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// Identity is who is behind a request that was let through.
type Identity struct {
	Key      keystore.KeyID
	KeyName  string
	User     keystore.UserID
	UserName string
	Scopes   []keystore.Scope // what the key may do; shared, do not change it
	Expires  time.Time        // zero: never
	RotateBy time.Time        // when the client should have a newer secret; zero: never
	Secret   token.ID         // which of the key's secrets was used
	Addr     netip.Addr       // where the request came from
}

// May reports whether the key covers a scope.
func (i Identity) May(demand keystore.Scope) bool { return keystore.CoversAny(i.Scopes, demand) }

type contextKey struct{}

// FromContext returns who is behind a request that [Middleware] let through.
func FromContext(ctx context.Context) (Identity, bool) {
	i, ok := ctx.Value(contextKey{}).(Identity)
	return i, ok
}

func identityOf(d *verify.Decision, addr netip.Addr) Identity {
	s := d.Subject
	return Identity{
		Key: s.Key, KeyName: s.Name, User: s.User, UserName: s.UserName,
		Scopes: s.Scopes, Expires: s.Expires, RotateBy: d.RotateBy(), Secret: d.Secret, Addr: addr,
	}
}

// The headers of an answer to a proxy. Every one is in every answer, so that
// a proxy which copies them overwrites whatever a client sent under the name.
const (
	headerKeyID     = "X-Pakdeck-Key-Id"
	headerKeyName   = "X-Pakdeck-Key-Name"
	headerUser      = "X-Pakdeck-User"
	headerScopes    = "X-Pakdeck-Scopes"
	headerExpiresIn = "X-Pakdeck-Expires-In"
	headerReason    = "X-Pakdeck-Reason"
	headerRotateBy  = "X-Pakdeck-Rotate-By"
)

// setIdentity sets all identity headers: filled if the request is let
// through, empty if not. The reason is told once the secret is proven.
func setIdentity(h http.Header, d *verify.Decision) {
	values := new([7]string)
	if d.Subject != nil {
		values[5] = string(d.Outcome)
	}
	if d.OK() {
		s := d.Subject
		values[0], values[1], values[2] = string(s.Key), escape(s.Name), escape(s.UserName)
		values[3], values[4] = s.ScopeText, expiresIn(s.Expires, d.Time)
		values[6] = stamp(d.RotateBy())
	}
	h[headerKeyID] = values[0:1:1]
	h[headerKeyName] = values[1:2:2]
	h[headerUser] = values[2:3:3]
	h[headerScopes] = values[3:4:4]
	h[headerExpiresIn] = values[4:5:5]
	h[headerReason] = values[5:6:6]
	h[headerRotateBy] = values[6:7:7]
}

// expiresIn returns whole seconds, and "" for never.
func expiresIn(expires, now time.Time) string {
	if expires.IsZero() {
		return ""
	}
	return strconv.FormatInt(int64(expires.Sub(now)/time.Second), 10)
}

// stamp returns an instant in UTC, and "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// escape percent-encodes the bytes outside visible ASCII, and the percent
// sign itself, so that url.PathUnescape gives s back.
func escape(s string) string {
	const digits = "0123456789ABCDEF"
	n := 0
	for i := range len(s) {
		if !visible(s[i]) {
			n++
		}
	}
	if n == 0 {
		return s
	}
	b := make([]byte, 0, len(s)+2*n)
	for i := range len(s) {
		if c := s[i]; visible(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}

func visible(c byte) bool { return c > 0x20 && c < 0x7f && c != '%' }
