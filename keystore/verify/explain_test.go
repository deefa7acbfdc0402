package verify

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// crowd fills a store with keys in all sorts of states.
func crowd(t *testing.T, f fixture) []string {
	t.Helper()
	users := []keystore.User{f.user("plain", "chat:read", "files:*"), f.user("none"), f.user("off", "chat:*")}
	admin, err := f.AddUser(t.Context(), keystore.NewUser{Name: "root", Admin: true})
	must(t, err)
	users = append(users, admin)
	rules := []iprule.Rules{
		{},
		{Allow: prefixes("10.0.0.0/8", "2001:db8::/32")},
		{Deny: prefixes("10.1.0.0/16")},
		{Allow: prefixes("10.0.0.0/8"), Deny: prefixes("10.1.0.0/16", "10.2.3.4/32")},
	}
	var keys []string
	for i := range 64 {
		in := keystore.NewKey{User: users[i%4].ID, Name: fmt.Sprint("key ", i), Rules: rules[i/4%4]}
		if i%3 == 0 {
			in.NotBefore = epoch.Add(20 * time.Minute)
		}
		if i%5 == 0 {
			in.Expires = epoch.Add(40 * time.Minute)
		}
		if i%7 == 0 && i%4 == 0 {
			in.Scopes = []keystore.Scope{"chat:read"}
		}
		v, key := f.key(in)
		keys = append(keys, key)
		switch i % 11 {
		case 9:
			_, err = f.DisableKey(t.Context(), v.ID, 1)
		case 10:
			_, err = f.RevokeKey(t.Context(), v.ID, 1, "leaked")
		}
		must(t, err)
	}
	_, err = f.DisableUser(t.Context(), users[2].ID, 1)
	must(t, err)
	return append(keys, forge(keys[0]), forge(keys[1]), keys[2][:40], keys[3]+"0", "", stray(t))
}

// The decision is made from the index, the explanation from the store.
func TestAnExplanationTellsTheOutcomeOfTheDecision(t *testing.T) {
	f := newFixture(t)
	keys := crowd(t, f)
	v := f.verifier(Options{MaxStale: 24 * time.Hour})
	scopes := rapid.SampledFrom([]keystore.Scope{"", "chat:read", "chat:write", "files:*", "*:*"})
	addrs := rapid.SampledFrom([]netip.Addr{
		{},
		netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.1.0.1"), netip.MustParseAddr("10.2.3.4"),
		netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("::ffff:10.2.3.4"), netip.MustParseAddr("fe80::1%eth0"),
	})
	rapid.Check(t, func(rt *rapid.T) {
		f.clock.Set(epoch.Add(time.Duration(rapid.IntRange(0, 60).Draw(rt, "minute")) * time.Minute))
		req := Request{
			Key:    rapid.SampledFrom(keys).Draw(rt, "key"),
			Caller: keystore.Caller{IP: addrs.Draw(rt, "address")},
			Scope:  scopes.Draw(rt, "scope"),
		}
		if rapid.Bool().Draw(rt, "more") {
			req.More = []keystore.Scope{scopes.Filter(func(s keystore.Scope) bool { return s != "" }).Draw(rt, "another scope")}
		}
		compare(rt, f, v, req)
	})
}

// The same for every key of the crowd, which together have every outcome.
func TestEveryOutcomeIsExplained(t *testing.T) {
	f := newFixture(t)
	keys := crowd(t, f)
	v := f.verifier(Options{MaxStale: 24 * time.Hour})
	seen := map[keystore.Outcome]bool{}
	for _, minute := range []time.Duration{0, 30, 50} {
		f.clock.Set(epoch.Add(minute * time.Minute))
		for _, key := range keys {
			for _, ip := range []string{"10.0.0.1", "10.1.0.1"} {
				seen[compare(t, f, v, Request{Key: key, Caller: from(ip), Scope: "chat:read"})] = true
			}
		}
	}
	if len(seen) != len(keystore.Outcomes) {
		t.Errorf("only %d outcomes were seen: %v", len(seen), seen)
	}
}

// tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// compare holds an explanation against the decision and returns the outcome.
func compare(t tester, f fixture, v *Verifier, req Request) keystore.Outcome {
	t.Helper()
	x, err := Explain(context.Background(), f.Store, req)
	d := v.Verify(req)
	if err != nil || x.Outcome != d.Outcome || x.Secret != d.Secret || (x.Subject == nil) != (d.Subject == nil) {
		t.Fatalf("explained as %s (%v), decided %s", x.Outcome, err, d.Outcome)
	}
	checkSteps(t, x, req)
	return d.Outcome
}

// checkSteps: steps pass up to the one that decides, and none after it is
// asked; no step holds a key string.
func checkSteps(t tester, x Explanation, req Request) {
	failed := false
	for _, s := range x.Steps {
		switch {
		case failed && s.Result != Skipped, !failed && s.Result == Skipped:
			t.Fatalf("step %q is %s in %+v", s.Check, s.Result, x.Steps)
		case s.Result == Failed:
			failed = true
		}
		if len(req.Key) > 20 && strings.Contains(s.Text, req.Key) {
			t.Fatalf("step %q tells the key string", s.Check)
		}
		if s.Result != Skipped && s.Text == "" {
			t.Fatalf("step %q says nothing", s.Check)
		}
	}
	if failed == (x.Outcome == keystore.OK) {
		t.Fatalf("%s, but failed = %v in %+v", x.Outcome, failed, x.Steps)
	}
}

func TestAnExplanationSaysWhyInWords(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot", "chat:*")
	v, key := f.key(keystore.NewKey{
		User: u.ID, Name: "ci", Expires: epoch.Add(time.Hour),
		Rules: iprule.Rules{Allow: prefixes("10.0.0.0/8"), Deny: prefixes("10.9.0.0/16")},
	})
	explain := func(req Request) string {
		t.Helper()
		req.Key = key
		x, err := Explain(t.Context(), f.Store, req)
		must(t, err)
		return x.Steps[len(x.Steps)-1].Text + "|" + lastAsked(x).Text
	}
	for _, c := range []struct {
		req  Request
		want string
	}{
		{Request{Caller: from("10.9.1.1")}, "denied by d1 10.9.0.0/16"},
		{Request{Caller: from("10.1.1.1"), Scope: "admin:all"}, "admin:all is not among the key's scopes: chat:*"},
		{Request{Caller: from("10.1.1.1"), Scope: "chat:read", More: []keystore.Scope{"x:y"}}, "x:y is not among"},
		{Request{Caller: from("10.1.1.1"), Scope: "chat:read", More: []keystore.Scope{"chat:write"}}, "what was demanded is among"},
		{Request{Caller: from("10.1.1.1")}, "no scope was demanded; the key has: chat:*"},
	} {
		if got := explain(c.req); !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q, want %q in it", c.req.Caller.IP, got, c.want)
		}
	}
	_, err := f.RevokeKey(t.Context(), v.ID, 1, "found in a public repository")
	must(t, err)
	if got := explain(Request{}); !strings.Contains(got, "revoked at 2026-11-23T14:32:00Z: found in a public repository") {
		t.Errorf("revoked: %q", got)
	}
}

// lastAsked returns the step that decided.
func lastAsked(x Explanation) Step {
	last := x.Steps[0]
	for _, s := range x.Steps {
		if s.Result != Skipped {
			last = s
		}
	}
	return last
}

func TestAKeyThatIsNamedLikeASecretIDIsNotTakenForIt(t *testing.T) {
	f := newFixture(t)
	key := stray(t)
	u := f.user("bot")
	f.key(keystore.NewKey{User: u.ID, Name: key[len("pak_") : len("pak_")+12]})
	x, err := Explain(t.Context(), f.Store, Request{Key: key})
	if err != nil || x.Outcome != keystore.Unknown {
		t.Errorf("%s, %v; want unknown", x.Outcome, err)
	}
}
