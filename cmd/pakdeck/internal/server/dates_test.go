package server

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

func TestKeysThatNeedSomebodyAreCounted(t *testing.T) {
	f := newFixture(t)
	must(t, os.WriteFile(f.PolicyPath(), []byte("[key]\nrotate_every = \"1h\"\nwarn_before = \"7d\""), 0o600))
	u, err := f.AddUser(t.Context(), keystore.NewUser{Name: "dated"})
	must(t, err)
	past, err := keystore.Open(t.Context(), f.Path(), keystore.WithClock(func() time.Time { return time.Now().Add(-2 * time.Hour) }))
	must(t, err)
	soon := time.Now().Add(24 * time.Hour)
	for name, expires := range map[string]time.Time{"soon": soon, "later": time.Now().Add(30 * 24 * time.Hour), "rotated": {}} {
		v, _, err := past.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: name, Expires: expires})
		must(t, err)
		if name == "rotated" {
			_, _, err = f.RotateKey(t.Context(), v.ID, v.Version, keystore.Rotation{After: time.Hour})
			must(t, err)
		}
	}
	text := ""
	for _, m := range (&dates{store: f.Store}).count() {
		text += m.Desc().String() + "\n"
	}
	for _, want := range []string{"keys_expiring", "rotation_due", "keys_rotating", "next_expiry"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %s:\n%s", want, text)
		}
	}
	r := f.run(Config{})
	_, _, page := r.ask("GET", "/metrics", "")
	for _, want := range []string{"pakdeck_keys_expiring 1\n", "pakdeck_keys_rotation_due 2\n", "pakdeck_keys_rotating 1\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("the metrics lack %q", want)
		}
	}
}
