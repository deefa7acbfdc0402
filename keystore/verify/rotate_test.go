package verify

import (
	"os"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

func TestAClientLearnsWhenToRotate(t *testing.T) {
	ctx := t.Context()
	f := newFixture(t)
	u := f.user("bot")
	plain, old := f.key(keystore.NewKey{User: u.ID, Name: "plain"})
	lazy, lazyOld := f.key(keystore.NewKey{User: u.ID, Name: "lazy"})
	_, monthly := f.key(keystore.NewKey{User: u.ID, Name: "monthly", RotateEvery: 30 * 24 * time.Hour})
	v := f.verifier(Options{MaxStale: time.Hour})
	by := func(key string) time.Time {
		t.Helper()
		must(t, v.sync(ctx))
		return v.Verify(Request{Key: key, Caller: from("192.0.2.1")}).RotateBy()
	}
	check := func(what, key string, want time.Time) {
		t.Helper()
		if got := by(key); !got.Equal(want) {
			t.Errorf("%s: by %v, want %v", what, got, want)
		}
	}
	check("a key without a rule", old, time.Time{})
	check("a key with a rule", monthly, epoch.AddDate(0, 0, 30))
	must(t, os.WriteFile(f.PolicyPath(), []byte("[key]\nrotate_every = \"90d\"\n"), 0o600))
	check("a policy with a rule", old, epoch.AddDate(0, 0, 90))
	check("the key's rule before the policy's", monthly, epoch.AddDate(0, 0, 30))
	must(t, os.WriteFile(f.PolicyPath(), []byte("[key"), 0o600))
	check("a policy that cannot be read", old, epoch.AddDate(0, 0, 90))

	must(t, os.WriteFile(f.PolicyPath(), []byte("[key]\nrotate_every = \"90d\"\n"), 0o600))

	f.clock.Add(time.Minute)
	_, next, err := f.RotateKey(ctx, plain.ID, plain.Version, keystore.Rotation{Until: epoch.Add(24 * time.Hour)})
	must(t, err)
	check("a secret that retires", old, epoch.Add(24*time.Hour))
	check("its successor", next.Reveal(), epoch.Add(time.Minute).AddDate(0, 0, 90))
	_, _, err = f.RotateKey(ctx, lazy.ID, lazy.Version, keystore.Rotation{After: 2 * time.Hour})
	must(t, err)
	check("a secret that retires some time after the new one is used", lazyOld, epoch.Add(time.Minute))
	check("no key at all", "junk", time.Time{})
}
