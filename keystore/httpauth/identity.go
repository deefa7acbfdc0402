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

// NewContext returns a context in which [FromContext] finds i, for tests of
// handlers that stand behind [Middleware].
func NewContext(ctx context.Context, i Identity) context.Context {
	return context.WithValue(ctx, contextKey{}, i)
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
	headerKeyID = iota
	headerKeyName
	headerUser
	headerScopes
	headerExpiresIn
	headerReason
	headerRotateBy
)

var identityHeaders = [...]string{
	headerKeyID: "X-Pakdeck-Key-Id", headerKeyName: "X-Pakdeck-Key-Name", headerUser: "X-Pakdeck-User", headerScopes: "X-Pakdeck-Scopes",
	headerExpiresIn: "X-Pakdeck-Expires-In", headerReason: "X-Pakdeck-Reason", headerRotateBy: "X-Pakdeck-Rotate-By",
}

// appendValue appends what a header says: nothing, unless the request is let
// through or, of the reason, the secret is proven.
func appendValue(b []byte, header int, d *verify.Decision) []byte {
	s := d.Subject
	if s == nil || header != headerReason && !d.OK() {
		return b
	}
	switch header {
	case headerKeyID:
		return append(b, s.Key...)
	case headerKeyName:
		return appendEscaped(b, s.Name)
	case headerUser:
		return appendEscaped(b, s.UserName)
	case headerScopes:
		return append(b, s.ScopeText...)
	case headerExpiresIn:
		return appendSeconds(b, s.Expires, d.Time)
	case headerReason:
		return append(b, d.Outcome...)
	}
	return appendStamp(b, d.RotateBy())
}

// setIdentity sets all identity headers.
func setIdentity(h http.Header, d *verify.Decision) {
	values := new([len(identityHeaders)]string)
	for i, name := range identityHeaders {
		values[i] = string(appendValue(nil, i, d))
		h[name] = values[i : i+1 : i+1]
	}
}

// appendLines appends the headers of an answer that lets a request pass.
func appendLines(b []byte, d *verify.Decision) []byte {
	b = append(b, "Cache-Control: no-store\r\n"...)
	for i, name := range identityHeaders {
		b = append(append(b, name...), ": "...)
		b = append(appendValue(b, i, d), "\r\n"...)
	}
	return b
}

// appendSeconds appends whole seconds, and nothing for never.
func appendSeconds(b []byte, expires, now time.Time) []byte {
	if expires.IsZero() {
		return b
	}
	return strconv.AppendInt(b, int64(expires.Sub(now)/time.Second), 10)
}

// appendStamp appends an instant in UTC, and nothing for none.
func appendStamp(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	return t.UTC().AppendFormat(b, time.RFC3339)
}

// appendEscaped percent-encodes the bytes outside visible ASCII, and the
// percent sign itself, so that url.PathUnescape gives s back.
func appendEscaped(b []byte, s string) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		if c := s[i]; c > 0x20 && c < 0x7f && c != '%' {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return b
}
