package verify

import (
	"context"
	"hash/crc32"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/keystore/token"
)

var epoch = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

type fixture struct {
	*keystore.Store
	t     testing.TB
	clock *storetest.Clock
}

func newFixture(t testing.TB) fixture {
	t.Helper()
	c := storetest.At(epoch)
	return fixture{storetest.New(t, keystore.WithClock(c.Now)), t, c}
}

// again opens the same file a second time, as another process would.
func (f fixture) again() fixture {
	f.t.Helper()
	st, err := keystore.Open(context.Background(), f.Path(), keystore.WithClock(f.clock.Now))
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = st.Close() })
	return fixture{st, f.t, f.clock}
}

func (f fixture) user(name string, permissions ...keystore.Scope) keystore.User {
	f.t.Helper()
	u, err := f.AddUser(context.Background(), keystore.NewUser{Name: name, Permissions: permissions})
	if err != nil {
		f.t.Fatal(err)
	}
	return u
}

// key issues a key and returns its key string too.
func (f fixture) key(in keystore.NewKey) (keystore.KeyView, string) {
	f.t.Helper()
	v, secret, err := f.CreateKey(context.Background(), in)
	if err != nil {
		f.t.Fatal(err)
	}
	return v, secret.Reveal()
}

// verifier returns a Verifier by the fixture's clock that never flushes on
// its own.
func (f fixture) verifier(o Options) *Verifier {
	f.t.Helper()
	o.Now = f.clock.Now
	v, err := New(context.Background(), f.Store, o)
	if err != nil {
		f.t.Fatal(err)
	}
	return v
}

func (f fixture) uses(id keystore.KeyID) keystore.Uses {
	f.t.Helper()
	v, err := f.Key(context.Background(), string(id))
	if err != nil {
		f.t.Fatal(err)
	}
	return v.Uses
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually waits until a condition holds, which something under way will
// bring about.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline.C:
			t.Fatalf("10 s have passed and still not: %s", what)
		case <-tick.C:
		}
	}
}

func from(ip string) keystore.Caller {
	return keystore.Caller{IP: netip.MustParseAddr(ip), Agent: "curl/8.5", Route: "GET /v1/models"}
}

// forge returns a well-formed key string with the id of another one: what
// somebody can make who knows an id and no secret.
func forge(key string) string {
	head := key[:len("pak_")+12+1] + strings.Repeat("0", 43)
	return head + base62(crc32.ChecksumIEEE([]byte(head)), 6)
}

func base62(n uint32, width int) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	out := make([]byte, width)
	for i := width - 1; i >= 0; i-- {
		out[i], n = digits[n%62], n/62
	}
	return string(out)
}

// stray returns a well-formed key string that no store issued.
func stray(t testing.TB) string {
	t.Helper()
	k, err := token.Mint(token.DefaultPrefix, nil)
	must(t, err)
	return k.Reveal()
}
