package verify

import (
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

func TestADecisionAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes sync.Pool forget")
	}
	ctx := t.Context()
	f := newFixture(t)
	u, off := f.user("bot", "chat:*"), f.user("off")
	rules := iprule.Rules{Allow: prefixes("10.0.0.0/8"), Deny: prefixes("10.9.0.0/16")}
	_, good := f.key(keystore.NewKey{User: u.ID, Name: "good", Rules: rules, Expires: epoch.Add(time.Hour)})
	_, later := f.key(keystore.NewKey{User: u.ID, Name: "later", NotBefore: epoch.Add(time.Hour)})
	_, short := f.key(keystore.NewKey{User: u.ID, Name: "short", Expires: epoch.Add(time.Second)})
	disabled, disabledKey := f.key(keystore.NewKey{User: u.ID, Name: "disabled"})
	revoked, revokedKey := f.key(keystore.NewKey{User: u.ID, Name: "revoked"})
	_, owned := f.key(keystore.NewKey{User: off.ID, Name: "owned"})
	_, err := f.DisableKey(ctx, disabled.ID, 1)
	must(t, err)
	_, err = f.RevokeKey(ctx, revoked.ID, 1, "leaked")
	must(t, err)
	_, err = f.DisableUser(ctx, off.ID, 1)
	must(t, err)
	f.clock.Add(time.Second)
	v := f.verifier(Options{})
	inside := from("10.1.2.3")
	for _, req := range []Request{
		{Key: good, Caller: inside, Scope: "chat:read"},
		{Key: "junk", Caller: inside},
		{Key: good[:60], Caller: inside},
		{Key: stray(t), Caller: inside},
		{Key: forge(good), Caller: inside},
		{Key: revokedKey, Caller: inside},
		{Key: disabledKey, Caller: inside},
		{Key: owned, Caller: inside},
		{Key: later, Caller: inside},
		{Key: short, Caller: inside},
		{Key: good, Caller: from("10.9.0.1")},
		{Key: good, Caller: from("2001:db8::1")},
		{Key: good, Caller: inside, Scope: "chat:read", More: []keystore.Scope{"admin:all"}},
	} {
		outcome := v.Verify(req).Outcome
		if n := testing.AllocsPerRun(100, func() { v.Verify(req) }); n != 0 {
			t.Errorf("%s: %v allocations", outcome, n)
		}
	}
}
