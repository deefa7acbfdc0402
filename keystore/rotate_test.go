package keystore_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// rotate gives a key a new secret and checks that a key string came with it.
func (f fixture) rotate(v keystore.KeyView, r keystore.Rotation) keystore.KeyView {
	f.t.Helper()
	after, secret, err := f.RotateKey(f.t.Context(), v.ID, v.Version, r)
	if err != nil {
		f.t.Fatal(err)
	}
	if secret.ID() != after.Current().ID {
		f.t.Fatalf("the key string has the id %s, the current secret %s", secret.ID(), after.Current().ID)
	}
	return after
}

// states tells the states of a key's secrets, newest first.
func states(k keystore.Key, now time.Time) string {
	var out []string
	for _, s := range k.Secrets {
		out = append(out, string(s.StateAt(now)))
	}
	return strings.Join(out, " ")
}

// use records accepted uses of a secret at a time.
func (f fixture) use(id token.ID, at time.Time) {
	f.t.Helper()
	s := keystore.Sighting{Time: at}
	must(f.t, f.RecordUses(f.t.Context(), keystore.UseBatch{Uses: map[token.ID]keystore.Uses{id: {First: s, Last: s, OK: 1}}}))
}

func TestAPlannedRotationKeepsTheOldSecretUntilItsDay(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	old := v.Current().ID
	v = f.rotate(v, keystore.Rotation{Until: f.Now().Add(day)})
	if got := states(v.Key, f.Now()); got != "current retiring" || v.StateAt(f.Now(), 0) != keystore.StateRotating {
		t.Fatalf("secrets %s, key %s", got, v.StateAt(f.Now(), 0))
	}
	for ref, id := range map[string]token.ID{"old": old, "new": v.Current().ID} {
		if got, err := f.Key(t.Context(), id.String()); err != nil || got.ID != v.ID {
			t.Errorf("the %s id leads to %v, %v", ref, got.ID, err)
		}
	}
	f.clock.Add(day)
	if got := states(v.Key, f.Now()); got != "current retired" || v.StateAt(f.Now(), 0) != keystore.StateActive {
		t.Errorf("a day later: secrets %s, key %s", got, v.StateAt(f.Now(), 0))
	}
	v = f.rotate(v, keystore.Rotation{Until: f.Now().Add(day)})
	if got := states(v.Key, f.Now().Add(-2*day)); got != "current retiring retired" {
		t.Errorf("that the first grace has ended was not written down: %s", got)
	}
}

func TestASecondRotationWaitsForTheFirst(t *testing.T) {
	f := newFixture(t)
	v := f.rotate(f.key(f.user("bot"), "k"), keystore.Rotation{Until: f.Now().Add(day)})
	_, secret, err := f.RotateKey(t.Context(), v.ID, v.Version, keystore.Rotation{Until: f.Now().Add(day)})
	if !errors.Is(err, keystore.ErrState) || !secret.IsZero() {
		t.Errorf("while the old secret works: %v, want ErrState", err)
	}
	if err := f.CheckRotation(v, keystore.Rotation{After: time.Hour}); !errors.Is(err, keystore.ErrState) {
		t.Errorf("CheckRotation: %v, want ErrState", err)
	}
	v = f.rotate(v, keystore.Rotation{Now: true})
	if got := states(v.Key, f.Now()); got != "current retired retired" {
		t.Errorf("after an emergency: %s", got)
	}
}

func TestAnEmergencyLeavesNoOldSecretAtWork(t *testing.T) {
	f := newFixture(t)
	v := f.rotate(f.key(f.user("bot"), "k"), keystore.Rotation{Now: true})
	if got := states(v.Key, f.Now()); got != "current retired" {
		t.Errorf("secrets %s", got)
	}
	if at := v.Secrets[1].Retires; !at.Equal(f.Now()) {
		t.Errorf("retired at %v, want now", at)
	}
}

func TestTheFirstUseOfTheNewSecretBeginsTheGrace(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	old := v.Current().ID
	f.use(old, f.Now())
	v = f.rotate(v, keystore.Rotation{After: 2 * time.Hour, Session: "s1"})
	f.clock.Add(30 * day)
	f.use(old, f.Now())
	v, err := f.Key(t.Context(), string(v.ID))
	must(t, err)
	if got := states(v.Key, f.Now()); got != "current retiring" {
		t.Fatalf("before the first use: %s", got)
	}
	size, used := f.size(), f.Now()
	f.clock.Add(time.Second)
	f.use(v.Current().ID, used)
	f.use(v.Current().ID, used.Add(time.Hour))
	v, err = f.Key(t.Context(), string(v.ID))
	must(t, err)
	if got := v.Secrets[1].Retires; !got.Equal(used.Add(2 * time.Hour)) {
		t.Errorf("the old secret works until %v, want two hours after the first use", got)
	}
	if f.size() != size+1 {
		t.Errorf("%d records of two uses, want one: the first", f.size()-size)
	}
	r := f.records()[size]
	if r.Event != "key.grace" || r.Object.ID != string(v.ID) || len(r.Diff) != 1 {
		t.Errorf("record = %+v", r)
	}
	f.clock.Add(2 * time.Hour)
	if got := states(v.Key, f.Now()); got != "current retired" {
		t.Errorf("two hours after it: %s", got)
	}
}

func TestAUseOfAnotherSecretBeginsNoGrace(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	old := v.Current().ID
	v = f.rotate(v, keystore.Rotation{After: time.Hour})
	size := f.size()
	f.use(old, f.Now())
	refused := keystore.Sighting{Time: f.Now()}
	must(t, f.RecordUses(t.Context(), keystore.UseBatch{Uses: map[token.ID]keystore.Uses{
		v.Current().ID: {LastDenied: refused, LastReason: keystore.IPDenied, Denied: map[keystore.Outcome]uint64{keystore.IPDenied: 1}},
	}}))
	if f.size() != size {
		t.Errorf("%d records, want none", f.size()-size)
	}
	planned := f.rotate(f.key(f.user("other"), "k"), keystore.Rotation{Until: f.Now().Add(day)})
	size = f.size()
	f.use(planned.Current().ID, f.Now())
	if f.size() != size {
		t.Error("a grace until a date was moved by a use")
	}
}

func TestRetireAndRevert(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	v := f.key(f.user("bot"), "k")
	for name, change := range map[string]func(keystore.KeyView) (keystore.KeyView, error){
		"retire": func(v keystore.KeyView) (keystore.KeyView, error) { return f.RetireSecret(ctx, v.ID, v.Version) },
		"revert": func(v keystore.KeyView) (keystore.KeyView, error) { return f.RevertRotation(ctx, v.ID, v.Version) },
	} {
		if _, err := change(v); !errors.Is(err, keystore.ErrState) {
			t.Errorf("%s without a rotation: %v, want ErrState", name, err)
		}
	}
	first := v.Current().ID
	v = f.rotate(v, keystore.Rotation{Until: f.Now().Add(day)})
	v, err := f.RevertRotation(ctx, v.ID, v.Version)
	must(t, err)
	if got := states(v.Key, f.Now()); got != "retired current" || v.Current().ID != first || !v.Current().Retires.IsZero() {
		t.Errorf("after calling it off: %s, %+v", got, v.Current())
	}
	v = f.rotate(v, keystore.Rotation{After: time.Hour})
	v, err = f.RetireSecret(ctx, v.ID, v.Version)
	must(t, err)
	if got := states(v.Key, f.Now()); got != "current retired retired" {
		t.Errorf("after retiring it: %s", got)
	}
	if _, err := f.RetireSecret(ctx, v.ID, v.Version-1); !errors.Is(err, keystore.ErrConflict) {
		t.Errorf("from an old version: %v, want ErrConflict", err)
	}
}

func TestRotationsThatMakeNoSense(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	now, size := f.Now(), f.size()
	for name, r := range map[string]keystore.Rotation{
		"no grace":     {},
		"two graces":   {Until: now.Add(day), After: time.Hour},
		"both":         {Until: now.Add(day), Now: true},
		"past":         {Until: now},
		"negative":     {After: -time.Hour},
		"without end":  {After: keystore.MaxGrace + 1},
		"far away":     {Until: now.Add(keystore.MaxGrace + day)},
		"hostile name": {Now: true, Session: "a\x1b[2J"},
	} {
		if _, _, err := f.RotateKey(t.Context(), v.ID, v.Version, r); !errors.Is(err, keystore.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
	v, err := f.RevokeKey(t.Context(), v.ID, v.Version, "gone")
	must(t, err)
	if _, _, err := f.RotateKey(t.Context(), v.ID, v.Version, keystore.Rotation{Now: true}); !errors.Is(err, keystore.ErrState) {
		t.Errorf("a revoked key: %v, want ErrState", err)
	}
	if f.size() != size+1 {
		t.Errorf("%d records, want the revocation alone", f.size()-size)
	}
}

func TestThePolicyBoundsTheGrace(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	must(t, os.WriteFile(f.PolicyPath(), []byte("[key]\nmax_grace = \"7d\"\nrotate_every = \"90d\""), 0o600))
	for _, r := range []keystore.Rotation{{Until: f.Now().Add(7*day + 1)}, {After: 8 * day}} {
		if _, _, err := f.RotateKey(t.Context(), v.ID, v.Version, r); !errors.Is(err, keystore.ErrPolicy) {
			t.Errorf("%+v: %v, want ErrPolicy", r, err)
		}
	}
	f.rotate(v, keystore.Rotation{Until: f.Now().Add(7 * day)})
}

func TestOldGenerationsAreForgotten(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	first := v.Current().ID
	f.use(first, f.Now())
	for range keystore.MaxSecrets {
		v = f.rotate(v, keystore.Rotation{Now: true})
	}
	if len(v.Secrets) != keystore.MaxSecrets {
		t.Errorf("%d secrets, want %d", len(v.Secrets), keystore.MaxSecrets)
	}
	uses, err := f.AllUses(t.Context())
	must(t, err)
	if len(uses) != 0 {
		t.Errorf("the uses of a forgotten secret are kept: %v", uses)
	}
	if got, err := f.Key(t.Context(), first.String()); err != nil || got.ID != v.ID {
		t.Errorf("the forgotten id leads to %v, %v; want the key", got.ID, err)
	}
}

// However often a rotation is called off, the secret that works stays.
func TestASecretThatWorksIsNotForgotten(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	first := v.Current().ID
	for range keystore.MaxSecrets + 1 {
		v = f.rotate(v, keystore.Rotation{After: time.Hour})
		if old, ok := v.RetiringAt(f.Now()); !ok || old.ID != first || len(v.Secrets) > keystore.MaxSecrets {
			t.Fatalf("%d secrets: %s", len(v.Secrets), states(v.Key, f.Now()))
		}
		var err error
		v, err = f.RevertRotation(t.Context(), v.ID, v.Version)
		must(t, err)
	}
	if v.Current().ID != first {
		t.Errorf("%s is current, want %s", v.Current().ID, first)
	}
}

func TestTheJournalTellsARotationWithoutTheSecret(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	old := v.Current().ID
	v, secret, err := f.RotateKey(t.Context(), v.ID, v.Version, keystore.Rotation{After: 2 * time.Hour, Session: "2026-11"})
	must(t, err)
	raw := ""
	must(t, f.Journal(t.Context(), f.size()-1, func(_ int64, b []byte) error { raw = string(b); return nil }))
	if strings.Contains(raw, secret.Reveal()[17:]) {
		t.Fatal("the journal holds the key string")
	}
	r, err := journal.Decode([]byte(raw))
	must(t, err)
	want := fmt.Sprintf(`secrets ["%s current"] -> ["%s current","%s retiring until 2 hours after the first use of the new one"]`, old, v.Current().ID, old)
	if got := fmt.Sprintf("%s %s -> %s", r.Diff[0].Field, r.Diff[0].Before, r.Diff[0].After); r.Event != "key.rotate" || got != want {
		t.Errorf("%s: %s\nwant %s", r.Event, got, want)
	}
	if r.Reason != "planned, session 2026-11" {
		t.Errorf("reason %q", r.Reason)
	}
}

func TestARevocationCanBeTakenBackForAnHour(t *testing.T) {
	for name, c := range map[string]struct {
		why   keystore.Revocation
		after time.Duration
		want  error
	}{
		"a slip":               {keystore.Revocation{Reason: "wrong key"}, time.Hour, nil},
		"too late":             {keystore.Revocation{Reason: "wrong key"}, time.Hour + time.Millisecond, keystore.ErrState},
		"compromised":          {keystore.Revocation{Reason: "wrong key", Compromised: true}, 0, keystore.ErrState},
		"the reason tells":     {keystore.Revocation{Reason: "Leaked in a build log"}, 0, keystore.ErrState},
		"the reason tells too": {keystore.Revocation{Reason: "in a public repository"}, 0, keystore.ErrState},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			v := f.key(f.user("bot"), "k")
			v, err := f.Revoke(t.Context(), v.ID, v.Version, c.why)
			must(t, err)
			f.clock.Add(c.after)
			back, err := f.RestoreKey(t.Context(), v.ID, v.Version)
			if !errors.Is(err, c.want) {
				t.Fatalf("RestoreKey = %v, want %v", err, c.want)
			}
			if c.want == nil && (back.StateAt(f.Now(), 0) != keystore.StateActive || back.RevokeReason != "") {
				t.Errorf("restored: %s, %q", back.StateAt(f.Now(), 0), back.RevokeReason)
			}
		})
	}
}

func TestARevocationIsNotTakenBackOverAnotherKey(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	v := f.key(u, "k")
	if _, err := f.RestoreKey(t.Context(), v.ID, v.Version); !errors.Is(err, keystore.ErrState) {
		t.Errorf("a key that is not revoked: %v, want ErrState", err)
	}
	v, err := f.RevokeKey(t.Context(), v.ID, v.Version, "slip")
	must(t, err)
	f.key(u, "k")
	if _, err := f.RestoreKey(t.Context(), v.ID, v.Version); !errors.Is(err, keystore.ErrInvalid) {
		t.Errorf("its name was given away: %v, want ErrInvalid", err)
	}
}

// TestARestoredKeyHasItsNameAgain is about a name that was given away, to a key
// that was revoked too.
func TestARestoredKeyHasItsNameAgain(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	first := f.key(u, "k")
	first, err := f.RevokeKey(t.Context(), first.ID, first.Version, "slip")
	must(t, err)
	second := f.key(u, "k")
	second, err = f.RevokeKey(t.Context(), second.ID, second.Version, "slip")
	must(t, err)
	_, err = f.RestoreKey(t.Context(), first.ID, first.Version)
	must(t, err)
	if got, err := f.Key(t.Context(), "bot/k"); err != nil || got.ID != first.ID {
		t.Errorf("bot/k is %s, %v; want the restored key %s", got.ID, err, first.ID)
	}
	if _, err := f.RestoreKey(t.Context(), second.ID, second.Version); !errors.Is(err, keystore.ErrInvalid) {
		t.Errorf("restoring the other one: %v, want ErrInvalid", err)
	}
	if _, _, err := f.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "k"}); !errors.Is(err, keystore.ErrInvalid) {
		t.Errorf("another key of the name: %v, want ErrInvalid", err)
	}
}

func TestWhenAKeyIsDue(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	own, _, err := f.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "own", RotateEvery: 30 * day})
	must(t, err)
	plain := f.key(u, "plain")
	policy := keystore.Policy{RotateEvery: 90 * day}
	for _, c := range []struct {
		key    keystore.Key
		policy keystore.Policy
		want   time.Time
	}{
		{own.Key, policy, epoch.Add(30 * day)},
		{own.Key, keystore.Policy{}, epoch.Add(30 * day)},
		{plain.Key, policy, epoch.Add(90 * day)},
		{plain.Key, keystore.Policy{}, time.Time{}},
	} {
		if got := c.key.RotateBy(c.policy); !got.Equal(c.want) {
			t.Errorf("%s under %v: due %v, want %v", c.key.Name, c.policy.RotateEvery, got, c.want)
		}
	}
	f.clock.Add(day)
	if got := f.rotate(own, keystore.Rotation{Now: true}).RotateBy(policy); !got.Equal(epoch.Add(31 * day)) {
		t.Errorf("after a rotation it is due %v", got)
	}
	got, err := f.Key(t.Context(), "bot/own")
	must(t, err)
	if got.RotateEvery != 30*day {
		t.Errorf("stored interval %v", got.RotateEvery)
	}
	for _, bad := range []time.Duration{-day, time.Minute, 90 * time.Minute, 101 * keystore.MaxGrace} {
		if _, err := f.EditKey(t.Context(), got.ID, got.Version, keystore.KeyEdit{RotateEvery: &bad}); !errors.Is(err, keystore.ErrInvalid) {
			t.Errorf("every %v: %v, want ErrInvalid", bad, err)
		}
	}
}
