package verify

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
)

// running starts Run and returns a function that ends it and returns its
// error.
func running(t *testing.T, v *Verifier) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- v.Run(ctx) }()
	stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = stop() })
	return stop
}

// seldom are Options whose timer never helps: what is seen was noticed.
var seldom = Options{FlushEvery: time.Hour, MaxStale: time.Hour}

func TestWhatAnotherProcessChangesIsSeenAtOnce(t *testing.T) {
	ctx := t.Context()
	f := newFixture(t)
	u := f.user("bot", "chat:*")
	k, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	v := f.verifier(seldom)
	running(t, v)
	other := f.again()
	is := func(want keystore.Outcome) {
		t.Helper()
		eventually(t, string(want), func() bool { return v.Verify(Request{Key: key, Caller: from("192.0.2.1")}).Outcome == want })
	}
	is(keystore.OK)
	_, err := other.DisableKey(ctx, k.ID, 1)
	must(t, err)
	is(keystore.Disabled)
	_, err = other.EnableKey(ctx, k.ID, 2)
	must(t, err)
	is(keystore.OK)
	name := "renamed"
	_, err = other.EditKey(ctx, k.ID, 3, keystore.KeyEdit{Name: &name})
	must(t, err)
	eventually(t, "the new name", func() bool { return v.Verify(Request{Key: key}).Subject.Name == name })
	_, err = other.RevokeKey(ctx, k.ID, 4, "leaked")
	must(t, err)
	is(keystore.Revoked)
	_, fresh := other.key(keystore.NewKey{User: u.ID, Name: "another"})
	eventually(t, "a new key", func() bool { return v.Verify(Request{Key: fresh}).OK() })
}

func TestADisabledOwnerEndsAllItsKeysAndNoOthers(t *testing.T) {
	ctx := t.Context()
	f := newFixture(t)
	u, friend := f.user("bot", "chat:*"), f.user("friend")
	_, a := f.key(keystore.NewKey{User: u.ID, Name: "a"})
	_, b := f.key(keystore.NewKey{User: u.ID, Name: "b"})
	_, c := f.key(keystore.NewKey{User: friend.ID, Name: "c"})
	v := f.verifier(seldom)
	running(t, v)
	_, err := f.again().DisableUser(ctx, u.ID, 1)
	must(t, err)
	for _, key := range []string{a, b} {
		eventually(t, "owner disabled", func() bool { return v.Verify(Request{Key: key}).Outcome == keystore.OwnerOff })
	}
	if d := v.Verify(Request{Key: c}); !d.OK() {
		t.Errorf("a key of another user: %s", d.Outcome)
	}
	_, err = f.again().EnableUser(ctx, u.ID, 2)
	must(t, err)
	eventually(t, "owner enabled", func() bool { return v.Verify(Request{Key: a}).OK() })
}

func TestPermissionsOfTheOwnerFollow(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot", "chat:*")
	_, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	v := f.verifier(Options{})
	_, err := f.EditUser(t.Context(), u.ID, 1, keystore.UserEdit{Permissions: &[]keystore.Scope{"chat:read"}})
	must(t, err)
	must(t, v.sync(t.Context()))
	if d := v.Verify(Request{Key: key, Scope: "chat:write"}); d.Outcome != keystore.ScopeDenied || d.Subject.ScopeText != "chat:read" {
		t.Errorf("%s with %q", d.Outcome, d.Subject.ScopeText)
	}
}

func TestAChangeBetweenNewAndRunIsNotMissed(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	k, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	v := f.verifier(seldom)
	_, err := f.again().RevokeKey(t.Context(), k.ID, 1, "leaked")
	must(t, err)
	running(t, v)
	eventually(t, "revoked", func() bool { return v.Verify(Request{Key: key}).Outcome == keystore.Revoked })
}

// A backup that is put back over the store has fewer records, or other ones.
func TestARestoredStoreIsReadAnew(t *testing.T) {
	for _, after := range []struct {
		name    string
		changes int // made to the restored store before it is read
	}{{"shorter", 0}, {"as long", 2}, {"longer", 4}} {
		t.Run(after.name, func(t *testing.T) {
			ctx := t.Context()
			f := newFixture(t)
			u := f.user("bot")
			old, oldKey := f.key(keystore.NewKey{User: u.ID, Name: "old"})
			backup, err := os.ReadFile(f.Path())
			must(t, err)
			_, newKey := f.key(keystore.NewKey{User: u.ID, Name: "new"})
			_, err = f.RevokeKey(ctx, old.ID, 1, "leaked")
			must(t, err)
			v := f.verifier(Options{})
			if a, b := v.Verify(Request{Key: oldKey}), v.Verify(Request{Key: newKey}); a.Outcome != keystore.Revoked || !b.OK() {
				t.Fatalf("before: %s and %s", a.Outcome, b.Outcome)
			}
			must(t, os.WriteFile(f.Path()+".new", backup, 0o600))
			must(t, os.Rename(f.Path()+".new", f.Path()))
			restored := f.again()
			for i := range after.changes {
				restored.user("user-" + string(rune('a'+i)))
			}
			must(t, v.sync(ctx))
			if a, b := v.Verify(Request{Key: oldKey}), v.Verify(Request{Key: newKey}); !a.OK() || b.Outcome != keystore.Unknown {
				t.Errorf("after: %s and %s, want ok and unknown", a.Outcome, b.Outcome)
			}
			if v.Len() != 1 {
				t.Errorf("%d secrets in the index", v.Len())
			}
		})
	}
}

func TestTheEndOfRunWritesTheLastUses(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	k, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	v := f.verifier(seldom)
	stop := running(t, v)
	v.Verify(Request{Key: key, Caller: from("192.0.2.1")})
	must(t, stop())
	if n := f.uses(k.ID).OK; n != 1 {
		t.Errorf("%d uses are in the store", n)
	}
}

func TestLostUsesAreAnError(t *testing.T) {
	f := newFixture(t)
	l := &ledger{fail: func() bool { return true }}
	o := seldom
	o.Record = l.record
	v := f.verifier(o)
	stop := running(t, v)
	v.Verify(Request{Key: "junk"})
	if err := stop(); !errors.Is(err, errLedger) {
		t.Errorf("Run: %v", err)
	}
}

func TestUsesAreWrittenWhileRunning(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	k, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	v := f.verifier(Options{FlushEvery: time.Millisecond, MaxStale: time.Hour})
	running(t, v)
	for n := range uint64(3) {
		v.Verify(Request{Key: key, Caller: from("192.0.2.1")})
		eventually(t, "the use is in the store", func() bool { return f.uses(k.ID).OK == n+1 })
	}
}

func TestTheDefaultsAreThoseDocumented(t *testing.T) {
	o := Options{}.withDefaults(newFixture(t).Store)
	if o.FlushEvery != time.Second || o.MaxStale != 10*time.Second {
		t.Errorf("flush every %v, stale after %v", o.FlushEvery, o.MaxStale)
	}
}

func TestAStoreThatIsGoneIsToldAndEndsDecisions(t *testing.T) {
	for said, put := range map[string]func(f fixture){
		"no such file":     func(fixture) {},
		"is damaged":       func(f fixture) { must(t, os.WriteFile(f.Path(), make([]byte, 1<<16), 0o600)) },
		"is now the store": func(f fixture) { must(t, os.Rename(newFixture(t).Path(), f.Path())) },
	} {
		t.Run(said, func(t *testing.T) {
			f := newFixture(t)
			u := f.user("bot")
			_, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
			told := make(chan string, 1000)
			hears := func(text string) func() bool {
				return func() bool {
					select {
					case got := <-told:
						return strings.Contains(got, text)
					default:
						return false
					}
				}
			}
			v := f.verifier(Options{
				FlushEvery: time.Millisecond, MaxStale: time.Second,
				Warn: func(err error) { told <- err.Error() }, Info: func(text string) { told <- text },
			})
			running(t, v)
			must(t, os.Rename(f.Path(), f.Path()+".away"))
			put(f)
			eventually(t, said, hears(said))
			f.clock.Add(2 * time.Second)
			if d := v.Verify(Request{Key: key}); d.Outcome != Unavailable {
				t.Errorf("without the store: %s", d.Outcome)
			}
			must(t, os.Rename(f.Path()+".away", f.Path()))
			eventually(t, "the end of it", hears("the store can be read again"))
			if d := v.Verify(Request{Key: key}); !d.OK() {
				t.Errorf("with the store: %s", d.Outcome)
			}
		})
	}
}

// Who changed a key and has waited for the verifiers finds that they follow.
func TestWhoWaitsForVerifiersFindsThatTheyFollow(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	v := f.verifier(seldom)
	running(t, v)
	other := f.again()
	for i := range 5 {
		k, key := f.key(keystore.NewKey{User: u.ID, Name: "k" + string(rune('a'+i))})
		if r := follow.Await(t.Context(), other.Store); r.Late > 0 || r.Verifiers == 1 && !v.Verify(Request{Key: key}).OK() {
			t.Errorf("a new key: %v", r)
		}
		_, err := other.RevokeKey(t.Context(), k.ID, 1, "leaked")
		must(t, err)
		if r := follow.Await(t.Context(), other.Store); r.Verifiers != 1 || r.Late > 0 || v.Verify(Request{Key: key}).OK() {
			t.Errorf("a revoked one: %v", r)
		}
	}
}

// A verifier that cannot say how far it is works, and says that.
func TestAVerifierThatCannotSayHowFarItIsWarns(t *testing.T) {
	f := newFixture(t)
	must(t, os.WriteFile(f.Path()+".verifiers", nil, 0o600))
	k, key := f.key(keystore.NewKey{User: f.user("bot").ID, Name: "k"})
	warned := make(chan error, 10)
	v := f.verifier(Options{FlushEvery: time.Hour, Warn: func(err error) { warned <- err }})
	running(t, v)
	if err := <-warned; !strings.Contains(err.Error(), "cannot know when this verifier follows") {
		t.Error(err)
	}
	_, err := f.again().RevokeKey(t.Context(), k.ID, 1, "leaked")
	must(t, err)
	eventually(t, "revoked", func() bool { return v.Verify(Request{Key: key}).Outcome == keystore.Revoked })
}
