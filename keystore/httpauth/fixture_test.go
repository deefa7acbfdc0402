package httpauth

import (
	"context"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// fixture is a store with one key of every kind, by the clock of noon.
type fixture struct {
	*keystore.Store
	t        testing.TB
	verifier *verify.Verifier
	bot      keystore.User
	now      func() time.Time

	mu       sync.Mutex
	refusals []Refusal
	notes    []keystore.Use
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	var skip time.Duration
	f := &fixture{t: t, now: func() time.Time { return noon.Add(skip) }}
	f.Store = storetest.New(t, keystore.WithClock(func() time.Time { return f.now() }))
	f.bot = f.user("bot", "chat:*", "files:read")
	return f
}

func (f *fixture) user(name string, permissions ...keystore.Scope) keystore.User {
	f.t.Helper()
	u, err := f.AddUser(context.Background(), keystore.NewUser{Name: name, Permissions: permissions})
	f.must(err)
	return u
}

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// key issues a key to the user bot and returns its key string.
func (f *fixture) key(in keystore.NewKey) (keystore.KeyView, string) {
	f.t.Helper()
	if in.User == "" {
		in.User = f.bot.ID
	}
	v, secret, err := f.CreateKey(context.Background(), in)
	f.must(err)
	return v, secret.Reveal()
}

// verify makes the verifier, once all keys are there.
func (f *fixture) verify() *verify.Verifier {
	f.t.Helper()
	v, err := verify.New(context.Background(), f.Store, verify.Options{
		MaxStale: time.Hour, Now: func() time.Time { return f.now() },
		Record: func(_ context.Context, b keystore.UseBatch) error {
			f.notes = append(f.notes, b.Notable...)
			return nil
		},
	})
	f.must(err)
	f.verifier = v
	return v
}

// watch is an option that keeps the refusals.
func (f *fixture) watch() Option {
	return WithObserver(func(_ *http.Request, no Refusal) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.refusals = append(f.refusals, no)
	})
}

func (f *fixture) lastRefusal() Refusal {
	f.t.Helper()
	if len(f.refusals) == 0 {
		f.t.Fatal("nothing was refused")
	}
	return f.refusals[len(f.refusals)-1]
}

// lastNote returns what the journal would get of the last notable use.
func (f *fixture) lastNote() keystore.Use {
	f.t.Helper()
	f.must(f.verifier.Flush(context.Background()))
	if len(f.notes) == 0 {
		f.t.Fatal("no use was noted")
	}
	return f.notes[len(f.notes)-1]
}

// call sends a request with headers from 192.0.2.1.
func call(h http.Handler, method, target, body string, lines ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for name, values := range headers(lines...) {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func bearerLine(key string) string { return "Authorization: Bearer " + key }

// forged has the id of a key string and a secret that is not its own.
func forged(key string) string {
	head := key[:len("pak_")+12+1] + strings.Repeat("0", 43)
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	sum, tail := crc32.ChecksumIEEE([]byte(head)), make([]byte, 6)
	for i := 5; i >= 0; i-- {
		tail[i], sum = digits[sum%62], sum/62
	}
	return head + string(tail)
}

func rules(allow, deny string) iprule.Rules {
	var r iprule.Rules
	for _, s := range strings.Fields(allow) {
		r.Allow = append(r.Allow, iprule.Entry{Prefix: netip.MustParsePrefix(s)})
	}
	for _, s := range strings.Fields(deny) {
		r.Deny = append(r.Deny, iprule.Entry{Prefix: netip.MustParsePrefix(s)})
	}
	return r
}

// kinds are key strings by what is the matter with them.
func (f *fixture) kinds() map[string]string {
	f.t.Helper()
	ctx := context.Background()
	keys := map[string]string{"typo": "pak_x", "nothing": ""}
	off := f.user("off")
	_, keys["good"] = f.key(keystore.NewKey{Name: "good"})
	_, keys["later"] = f.key(keystore.NewKey{Name: "later", NotBefore: noon.Add(time.Hour)})
	_, keys["short"] = f.key(keystore.NewKey{Name: "short", Expires: noon.Add(time.Second)})
	_, keys["elsewhere"] = f.key(keystore.NewKey{Name: "elsewhere", Rules: rules("10.0.0.0/8", "")})
	_, keys["owned"] = f.key(keystore.NewKey{User: off.ID, Name: "owned"})
	var disabled, revoked keystore.KeyView
	disabled, keys["disabled"] = f.key(keystore.NewKey{Name: "disabled"})
	revoked, keys["revoked"] = f.key(keystore.NewKey{Name: "revoked"})
	_, err := f.DisableKey(ctx, disabled.ID, 1)
	f.must(err)
	_, err = f.RevokeKey(ctx, revoked.ID, 1, "leaked")
	f.must(err)
	_, err = f.DisableUser(ctx, off.ID, 1)
	f.must(err)
	keys["wrong"] = forged(keys["good"])
	f.now = func() time.Time { return noon.Add(time.Second) }
	return keys
}
