package httpauth

import (
	"fmt"
	"net/http"

	"github.com/pakdeck/pakdeck/keystore"
)

// Option sets up a handler of this package.
type Option func(*options)

type options struct {
	proxies  Proxies
	throttle *Throttle
	realm    string // as a quoted-string
	demand   []keystore.Scope
	tell     bool
	observe  func(*http.Request, Refusal)
	answer   func(http.ResponseWriter, *http.Request, Refusal)
}

func newOptions(list []Option) options {
	o := options{realm: `"pakdeck"`, observe: func(*http.Request, Refusal) {}, answer: answerRefusal}
	for _, set := range list {
		set(&o)
	}
	return o
}

// TrustProxies believes the X-Forwarded headers of these peers. Without it
// every request comes from the other end of its connection.
func TrustProxies(p Proxies) Option { return func(o *options) { o.proxies = p } }

// WithThrottle limits failed attempts by network. Several handlers may share
// one.
func WithThrottle(t *Throttle) Option { return func(o *options) { o.throttle = t } }

// WithRealm sets the realm of WWW-Authenticate, "pakdeck" by default.
func WithRealm(realm string) Option { return func(o *options) { o.realm = quotedString(realm) } }

// RequireScope demands scopes of every key, in addition to what a request
// itself may demand. It panics if one is no scope: a misspelt demand that
// nobody notices would be met by nobody.
func RequireScope(scopes ...keystore.Scope) Option {
	for _, s := range scopes {
		if _, err := keystore.ParseScope(string(s)); err != nil {
			panic(fmt.Sprintf("httpauth: RequireScope: %v", err))
		}
	}
	return func(o *options) { o.demand = append(o.demand, scopes...) }
}

// TellClient makes [Middleware] tell the client itself when its key ends:
// X-Pakdeck-Expires-In and X-Pakdeck-Rotate-By, as [ForwardAuth] writes them,
// are in every answer to a request that was let through with such a key.
func TellClient() Option { return func(o *options) { o.tell = true } }

// WithObserver calls f for every refused request, for logs. It must be quick
// and may be called from several goroutines.
func WithObserver(f func(*http.Request, Refusal)) Option { return func(o *options) { o.observe = f } }

// WithErrorBody replaces the JSON body that [Middleware] answers a refused
// request with. The headers are set; f writes the status and the body.
func WithErrorBody(f func(http.ResponseWriter, *http.Request, Refusal)) Option {
	return func(o *options) { o.answer = f }
}
