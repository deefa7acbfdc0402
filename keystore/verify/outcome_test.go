package verify

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
)

func prefixes(list ...string) []iprule.Entry {
	var out []iprule.Entry
	for _, s := range list {
		out = append(out, iprule.Entry{Prefix: netip.MustParsePrefix(s)})
	}
	return out
}

func TestEveryOutcome(t *testing.T) {
	ctx := t.Context()
	f := newFixture(t)
	bot, off := f.user("bot", "chat:*"), f.user("off", "chat:*")
	_, good := f.key(keystore.NewKey{User: bot.ID, Name: "good"})
	_, scoped := f.key(keystore.NewKey{User: bot.ID, Name: "scoped", Scopes: []keystore.Scope{"chat:read"}})
	_, listed := f.key(keystore.NewKey{User: bot.ID, Name: "listed", Rules: iprule.Rules{
		Allow: prefixes("10.0.0.0/8"), Deny: prefixes("10.9.0.0/16"),
	}})
	_, later := f.key(keystore.NewKey{User: bot.ID, Name: "later", NotBefore: epoch.Add(time.Hour)})
	_, short := f.key(keystore.NewKey{User: bot.ID, Name: "short", Expires: epoch.Add(time.Minute)})
	disabled, disabledKey := f.key(keystore.NewKey{User: bot.ID, Name: "disabled"})
	revoked, revokedKey := f.key(keystore.NewKey{User: bot.ID, Name: "revoked"})
	_, owned := f.key(keystore.NewKey{User: off.ID, Name: "owned"})
	_, err := f.DisableKey(ctx, disabled.ID, 1)
	must(t, err)
	_, err = f.RevokeKey(ctx, revoked.ID, 1, "leaked")
	must(t, err)
	_, err = f.DisableUser(ctx, off.ID, 1)
	must(t, err)
	f.clock.Add(time.Minute)
	v := f.verifier(Options{})

	for _, c := range []struct {
		name string
		req  Request
		want keystore.Outcome
	}{
		{"a good key", Request{Key: good}, keystore.OK},
		{"a scope of the owner", Request{Key: good, Scope: "chat:write"}, keystore.OK},
		{"a scope of the key", Request{Key: scoped, Scope: "chat:read"}, keystore.OK},
		{"an allowed address", Request{Key: listed, Caller: from("10.1.2.3")}, keystore.OK},
		{"an allowed address as IPv4-mapped", Request{Key: listed, Caller: from("::ffff:10.1.2.3")}, keystore.OK},
		{"nothing", Request{}, keystore.Malformed},
		{"a typo", Request{Key: good[:len(good)-1] + flip(good[len(good)-1])}, keystore.Malformed},
		{"another prefix", Request{Key: "abc" + good[3:]}, keystore.Malformed},
		{"a blank behind the key", Request{Key: good + " "}, keystore.Malformed},
		{"an id that no secret has", Request{Key: stray(t)}, keystore.Unknown},
		{"an id without its secret", Request{Key: forge(good)}, keystore.WrongSecret},
		{"a revoked key", Request{Key: revokedKey}, keystore.Revoked},
		{"a disabled key", Request{Key: disabledKey}, keystore.Disabled},
		{"a key of a disabled user", Request{Key: owned}, keystore.OwnerOff},
		{"a key before its first day", Request{Key: later}, keystore.NotYetValid},
		{"a key at the instant of its expiry", Request{Key: short}, keystore.Expired},
		{"an address outside the allow list", Request{Key: listed, Caller: from("192.0.2.1")}, keystore.IPDenied},
		{"a denied address", Request{Key: listed, Caller: from("10.9.2.3")}, keystore.IPDenied},
		{"an unknown address and rules", Request{Key: listed}, keystore.IPDenied},
		{"a scope that the key lacks", Request{Key: scoped, Scope: "chat:write"}, keystore.ScopeDenied},
		{"a scope that the owner lacks", Request{Key: good, Scope: "admin:all"}, keystore.ScopeDenied},
		{"one scope of two", Request{Key: scoped, Scope: "chat:read", More: []keystore.Scope{"chat:write"}}, keystore.ScopeDenied},
		{"only further scopes", Request{Key: scoped, More: []keystore.Scope{"chat:read"}}, keystore.OK},
	} {
		d := v.Verify(c.req)
		if d.Outcome != c.want {
			t.Errorf("%s: %s, want %s", c.name, d.Outcome, c.want)
		}
		if d.OK() != (c.want == keystore.OK) {
			t.Errorf("%s: OK() = %v", c.name, d.OK())
		}
		if (d.Subject != nil) != c.want.Proven() {
			t.Errorf("%s: subject %v, which must be known if and only if the secret is proven", c.name, d.Subject)
		}
		if !d.Time.Equal(f.clock.Now()) {
			t.Errorf("%s: decided at %v", c.name, d.Time)
		}
		x, err := Explain(ctx, f.Store, c.req)
		if err != nil || x.Outcome != c.want {
			t.Errorf("%s: explained as %s, %v", c.name, x.Outcome, err)
		}
		// The race detector makes sync.Pool forget.
		if n := testing.AllocsPerRun(100, func() { v.Verify(c.req) }); n != 0 && !raceEnabled {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}

// flip returns another base62 digit.
func flip(c byte) string {
	if c == '0' {
		return "1"
	}
	return "0"
}

func TestASubjectSaysWhoseKeyItIs(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot", "chat:read", "chat:write", "files:read")
	k, key := f.key(keystore.NewKey{
		User: u.ID, Name: "nightly build", Scopes: []keystore.Scope{"chat:*"}, Expires: epoch.Add(time.Hour),
	})
	d := f.verifier(Options{}).Verify(Request{Key: key})
	s := d.Subject
	if s.Key != k.ID || s.User != u.ID || s.Ref() != "bot/nightly build" || !s.Expires.Equal(epoch.Add(time.Hour)) {
		t.Errorf("subject %+v", s)
	}
	if s.ScopeText != "chat:read chat:write" {
		t.Errorf("scopes %q, want the key's within the owner's", s.ScopeText)
	}
	if d.Secret != k.Secrets[0].ID {
		t.Errorf("secret %s, want %s", d.Secret, k.Secrets[0].ID)
	}
}

// faulty is a key with everything wrong with it.
func faulty(key string) (keystore.Key, keystore.User) {
	id, _ := token.Check(token.DefaultPrefix, key)
	k := keystore.Key{
		ID: "k", User: "u", Name: "k", Scopes: []keystore.Scope{"chat:read"},
		Revoked: epoch, RevokeReason: "leaked", DisabledAt: epoch,
		NotBefore: epoch.Add(time.Hour), Expires: epoch.Add(-time.Hour),
		Rules:   iprule.Rules{Allow: prefixes("192.0.2.0/24")},
		Secrets: []keystore.Secret{{ID: id, Pepper: "p", Digest: testPepper.Digest(key), State: keystore.Current}},
	}
	return k, keystore.User{ID: "u", Name: "bot", Disabled: true, Permissions: []keystore.Scope{"chat:*"}}
}

var testPepper = token.NewPepper("p", []byte("a pepper for tests"))

func indexOf(u keystore.User, keys ...keystore.Key) *index {
	x := newIndex(func(id string) *token.Pepper {
		if id == "p" {
			return testPepper
		}
		return nil
	})
	x.apply(keystore.Changes{All: true, Users: []keystore.User{u}, Keys: keys})
	return x
}

func TestTheFirstFaultInTheDocumentedOrderIsTheOutcome(t *testing.T) {
	key := stray(t)
	k, u := faulty(key)
	req := Request{Key: key, Caller: from("10.0.0.1"), Scope: "chat:write"}
	for _, step := range []struct {
		want keystore.Outcome
		mend func()
	}{
		{keystore.Revoked, func() { k.Revoked = time.Time{} }},
		{keystore.Disabled, func() { k.DisabledAt = time.Time{} }},
		{keystore.OwnerOff, func() { u.Disabled = false }},
		{keystore.NotYetValid, func() { k.NotBefore = epoch }},
		{keystore.Expired, func() { k.Expires = epoch.Add(time.Millisecond) }},
		{keystore.IPDenied, func() { req.Caller = from("192.0.2.9") }},
		{keystore.ScopeDenied, func() { req.Scope = "chat:read" }},
		{keystore.OK, func() {}},
	} {
		if got := judge(indexOf(u, k).get(k.Secrets[0].ID), &req, epoch.UnixMilli()); got != step.want {
			t.Errorf("%s, want %s", got, step.want)
		}
		step.mend()
	}
}

func TestARetiringSecretWorksUntilItsGraceEnds(t *testing.T) {
	key := stray(t)
	k, u := faulty(key)
	k.Revoked, k.DisabledAt, u.Disabled, k.NotBefore, k.Expires, k.Rules = time.Time{}, time.Time{}, false, time.Time{}, time.Time{}, iprule.Rules{}
	for _, c := range []struct {
		state   keystore.SecretState
		retires time.Time
		want    keystore.Outcome
	}{
		{keystore.Current, time.Time{}, keystore.OK},
		{keystore.Retiring, epoch.Add(time.Millisecond), keystore.OK},
		{keystore.Retiring, epoch, keystore.Revoked},
		{keystore.Retiring, time.Time{}, keystore.OK},
		{keystore.Retired, time.Time{}, keystore.Revoked},
	} {
		k.Secrets[0].State, k.Secrets[0].Retires = c.state, c.retires
		if got := judge(indexOf(u, k).get(k.Secrets[0].ID), &Request{Key: key}, epoch.UnixMilli()); got != c.want {
			t.Errorf("%s until %v: %s, want %s", c.state, c.retires, got, c.want)
		}
	}
}

func TestAKeyWithoutAKnownOwnerIsRefused(t *testing.T) {
	key := stray(t)
	k, u := faulty(key)
	k.Revoked, k.DisabledAt, k.NotBefore, k.Expires, k.Rules = time.Time{}, time.Time{}, time.Time{}, time.Time{}, iprule.Rules{}
	u.ID = "somebody else"
	if got := judge(indexOf(u, k).get(k.Secrets[0].ID), &Request{Key: key}, epoch.UnixMilli()); got != keystore.OwnerOff {
		t.Errorf("%s, want %s", got, keystore.OwnerOff)
	}
}

func TestSecretsUnderSeveralPeppersVerify(t *testing.T) {
	older, newer := stray(t), stray(t)
	peppers := map[string]*token.Pepper{"p1": token.NewPepper("p1", []byte("older")), "p2": token.NewPepper("p2", []byte("newer"))}
	x := newIndex(func(id string) *token.Pepper { return peppers[id] })
	all := keystore.Changes{All: true, Users: []keystore.User{{ID: "u", Name: "bot"}}}
	for pepper, key := range map[string]string{"p1": older, "p2": newer} {
		id, err := token.Check(token.DefaultPrefix, key)
		must(t, err)
		all.Keys = append(all.Keys, keystore.Key{ID: keystore.KeyID(pepper), User: "u", Secrets: []keystore.Secret{
			{ID: id, Pepper: pepper, Digest: peppers[pepper].Digest(key), State: keystore.Current},
		}})
	}
	x.apply(all)
	v := newFixture(t).verifier(Options{})
	v.index = x
	for _, key := range []string{older, newer} {
		if d := v.Verify(Request{Key: key}); !d.OK() {
			t.Errorf("%s", d.Outcome)
		}
		if d := v.Verify(Request{Key: forge(key)}); d.Outcome != keystore.WrongSecret {
			t.Errorf("forged: %s", d.Outcome)
		}
	}
}

func TestASecretWithoutItsPepperIsUnknown(t *testing.T) {
	k, u := faulty(stray(t))
	k.Secrets[0].Pepper = "lost"
	x := indexOf(u, k)
	if x.get(k.Secrets[0].ID) != nil || x.len() != 0 {
		t.Error("a secret that nobody can prove is in the index")
	}
}

func TestNothingIsDecidedOnceTheStoreCouldNotBeReadForTooLong(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	_, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	v := f.verifier(Options{MaxStale: 10 * time.Second})
	f.clock.Add(10 * time.Second)
	if d := v.Verify(Request{Key: key}); !d.OK() || v.Ready() != nil {
		t.Errorf("after 10 s: %s, %v", d.Outcome, v.Ready())
	}
	f.clock.Add(time.Millisecond)
	d := v.Verify(Request{Key: key})
	if d.Outcome != Unavailable || d.Subject != nil || d.OK() {
		t.Errorf("after more than 10 s: %+v", d)
	}
	if d := v.Verify(Request{Key: "junk"}); d.Outcome != Unavailable {
		t.Errorf("junk after more than 10 s: %s", d.Outcome)
	}
	if err := v.Ready(); err == nil || !strings.Contains(err.Error(), "10s") {
		t.Errorf("Ready: %v", err)
	}
	must(t, v.sync(t.Context()))
	if d := v.Verify(Request{Key: key}); !d.OK() || v.Ready() != nil || !v.Synced().Equal(f.clock.Now()) {
		t.Errorf("after the store was read again: %s, %v, %v", d.Outcome, v.Ready(), v.Synced())
	}
	must(t, v.Flush(t.Context()))
	if counts := v.Counts(); sum(counts) != 2 {
		t.Errorf("counts %v: what was not decided must not be counted", counts)
	}
}

func TestAClockThatWasSetBackIsNoProofOfFreshness(t *testing.T) {
	f := newFixture(t)
	v := f.verifier(Options{MaxStale: 10 * time.Second})
	f.clock.Add(-11 * time.Second)
	if d := v.Verify(Request{}); d.Outcome != Unavailable || v.Ready() == nil {
		t.Errorf("11 s before the last reading: %s, %v", d.Outcome, v.Ready())
	}
}

func sum(counts [outcomes]uint64) (n uint64) {
	for _, c := range counts {
		n += c
	}
	return n
}

func TestAStoreThatCannotBeReadMakesNoVerifier(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if v, err := New(ctx, f.Store, Options{}); err == nil {
		t.Errorf("New with an ended context: %v", v)
	}
}
