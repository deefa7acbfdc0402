package verify

import (
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// rotate gives a key a new secret and returns its key string.
func (f fixture) rotate(v keystore.KeyView, r keystore.Rotation) (keystore.KeyView, string) {
	f.t.Helper()
	after, secret, err := f.RotateKey(f.t.Context(), v.ID, v.Version, r)
	must(f.t, err)
	return after, secret.Reveal()
}

func (f fixture) wants(v *Verifier, key string, want keystore.Outcome, when string) {
	f.t.Helper()
	must(f.t, v.sync(f.t.Context()))
	if d := v.Verify(Request{Key: key, Caller: from("10.0.0.1")}); d.Outcome != want {
		f.t.Errorf("%s: %s, want %s", when, d.Outcome, want)
	}
	x, err := Explain(f.t.Context(), f.Store, Request{Key: key, Caller: from("10.0.0.1")})
	must(f.t, err)
	if x.Outcome != want {
		f.t.Errorf("%s: explained as %s, want %s", when, x.Outcome, want)
	}
}

func TestBothSecretsWorkUntilTheGraceHasPassed(t *testing.T) {
	f := newFixture(t)
	k, old := f.key(keystore.NewKey{User: f.user("bot").ID, Name: "k"})
	v := f.verifier(Options{})
	k, next := f.rotate(k, keystore.Rotation{Until: epoch.Add(time.Hour)})
	f.wants(v, old, keystore.OK, "old, within the grace")
	f.wants(v, next, keystore.OK, "new, within the grace")
	f.clock.add(time.Hour)
	f.wants(v, old, keystore.Revoked, "old, after the grace")
	f.wants(v, next, keystore.OK, "new, after the grace")
	if f.uses(k.ID); f.size() != 4 {
		t.Errorf("the end of the grace was written: %d records", f.size())
	}
}

func TestTheGraceAfterTheFirstUseIsHonoured(t *testing.T) {
	f := newFixture(t)
	k, old := f.key(keystore.NewKey{User: f.user("bot").ID, Name: "k"})
	v := f.verifier(Options{})
	_, next := f.rotate(k, keystore.Rotation{After: 2 * time.Hour})
	f.clock.add(48 * time.Hour)
	f.wants(v, old, keystore.OK, "old, nobody has switched")
	f.wants(v, next, keystore.OK, "new, first use")
	must(t, v.Flush(t.Context()))
	f.clock.add(2*time.Hour - time.Millisecond)
	f.wants(v, old, keystore.OK, "old, before the end")
	f.clock.add(time.Millisecond)
	f.wants(v, old, keystore.Revoked, "old, at the end")
}

func TestAnEmergencyARetirementAndARevertHoldAtOnce(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	k, first := f.key(keystore.NewKey{User: f.user("bot").ID, Name: "k"})
	v := f.verifier(Options{})
	k, second := f.rotate(k, keystore.Rotation{Now: true})
	f.wants(v, first, keystore.Revoked, "after an emergency")
	k, third := f.rotate(k, keystore.Rotation{After: time.Hour})
	k, err := f.RevertRotation(ctx, k.ID, k.Version)
	must(t, err)
	f.wants(v, third, keystore.Revoked, "the new one of a rotation called off")
	f.wants(v, second, keystore.OK, "the old one of it")
	k, fourth := f.rotate(k, keystore.Rotation{After: time.Hour})
	_, err = f.RetireSecret(ctx, k.ID, k.Version)
	must(t, err)
	f.wants(v, second, keystore.Revoked, "retired by hand")
	f.wants(v, fourth, keystore.OK, "the one that is left")
}

func TestARestoredKeyWorksAgain(t *testing.T) {
	f := newFixture(t)
	k, key := f.key(keystore.NewKey{User: f.user("bot").ID, Name: "k"})
	v := f.verifier(Options{})
	k, err := f.RevokeKey(t.Context(), k.ID, k.Version, "slip")
	must(t, err)
	f.wants(v, key, keystore.Revoked, "revoked")
	_, err = f.RestoreKey(t.Context(), k.ID, k.Version)
	must(t, err)
	f.wants(v, key, keystore.OK, "restored")
}

func TestAForgottenSecretIsNotTakenForAGoodOne(t *testing.T) {
	f := newFixture(t)
	k, key := f.key(keystore.NewKey{User: f.user("bot").ID, Name: "k"})
	v := f.verifier(Options{})
	for range keystore.MaxSecrets {
		k, _ = f.rotate(k, keystore.Rotation{Now: true})
	}
	must(t, v.sync(t.Context()))
	if d := v.Verify(Request{Key: key}); d.Outcome != keystore.Revoked {
		t.Errorf("a secret that the store has forgotten: %s, want revoked", d.Outcome)
	}
	if d := f.verifier(Options{}).Verify(Request{Key: key}); d.Outcome != keystore.Unknown {
		t.Errorf("for a verifier that never knew it: %s, want unknown", d.Outcome)
	}
}

func TestAnExplanationTellsOfTheRotation(t *testing.T) {
	f := newFixture(t)
	k, old := f.key(keystore.NewKey{User: f.user("bot").ID, Name: "k"})
	says := func(want string) {
		t.Helper()
		x, err := Explain(t.Context(), f.Store, Request{Key: old, Caller: from("10.0.0.1")})
		must(t, err)
		for _, s := range x.Steps {
			if strings.Contains(s.Text, want) {
				return
			}
		}
		t.Errorf("no step says %q: %+v", want, x.Steps)
	}
	k, next := f.rotate(k, keystore.Rotation{After: time.Hour})
	says("counts from the first use of the new one")
	v := f.verifier(Options{})
	f.wants(v, next, keystore.OK, "first use")
	must(t, v.Flush(t.Context()))
	says("works until 2026-11-23T15:32:00Z")
	f.clock.add(time.Hour)
	says("was retired at 2026-11-23T15:32:00Z")
	k, err := f.Key(t.Context(), string(k.ID))
	must(t, err)
	if k.Version != 3 {
		t.Errorf("version %d: the first use was not a change of the key", k.Version)
	}
}

func (f fixture) size() int64 {
	f.t.Helper()
	head, err := f.Head(f.t.Context())
	must(f.t, err)
	return head.Size
}
