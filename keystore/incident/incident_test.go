package incident_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/incident"
	"github.com/pakdeck/pakdeck/keystore/token"
)

func newStore(t testing.TB, prefix string) (*keystore.Store, keystore.User) {
	t.Helper()
	st, err := keystore.Create(t.Context(), filepath.Join(t.TempDir(), "store.db"), keystore.CreateOptions{Prefix: prefix})
	must(t, err)
	t.Cleanup(func() { _ = st.Close() })
	u, err := st.AddUser(t.Context(), keystore.NewUser{Name: "bot"})
	must(t, err)
	return st, u
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func issue(t testing.TB, st *keystore.Store, u keystore.User, name string) (keystore.KeyView, string) {
	t.Helper()
	v, secret, err := st.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: name})
	must(t, err)
	return v, secret.Reveal()
}

// A log of a thousand lines with twelve keys: seven whole, three cut off, two
// of other stores.
func TestALogIsSearchedForKeys(t *testing.T) {
	st, u := newStore(t, "")
	other, v := newStore(t, "")
	acme, w := newStore(t, "acme")
	lines := make([]string, 1000)
	for i := range lines {
		lines[i] = fmt.Sprintf("2026-11-23T14:32:%02d GET /v1/models 200", i%60)
	}
	var whole []string
	for i := range 10 {
		_, key := issue(t, st, u, fmt.Sprintf("k%d", i))
		if i >= 7 {
			key = key[:17+3*i]
		}
		whole = append(whole, key)
		lines[90*i] += " Authorization: Bearer " + key
		lines[90*i+5] += " again " + key
	}
	_, foreign := issue(t, other, v, "k")
	_, branded := issue(t, acme, w, "k")
	lines[950] += foreign
	lines[960] += `\n` + branded
	finds, err := incident.Scan(t.Context(), st, strings.Join(lines, "\n"))
	must(t, err)
	complete, known, live := 0, 0, 0
	for _, f := range finds {
		complete += one(f.Complete)
		known += one(f.Known())
		live += one(f.Live())
		if s := fmt.Sprintf("%+v", f); strings.Contains(s, whole[0][17:]) {
			t.Fatal("a key string is kept")
		}
	}
	if len(finds) != 12 {
		t.Fatalf("%d finds, want 12: %+v", len(finds), finds)
	}
	if complete != 9 || known != 10 || live != 10 {
		t.Errorf("%d complete, %d known, %d live; want 9, 10, 10", complete, known, live)
	}
	for _, end := range []string{"\r", "\r\n"} {
		again, err := incident.Scan(t.Context(), st, strings.Join(lines, end))
		if err != nil || len(again) != 12 || again[1].Line != finds[1].Line {
			t.Errorf("with %q between the lines: %+v, %v", end, again, err)
		}
	}
	if f := finds[1]; f.Line != 91 || f.Times != 2 || f.Key.Name != "k1" || f.Secret.String() != whole[1][4:16] {
		t.Errorf("the second one: %+v", f)
	}
	keys := incident.Keys(finds)
	if len(keys) != 10 {
		t.Errorf("%d keys, want 10", len(keys))
	}
	if last := finds[11]; last.Prefix != "acme" || last.Known() || !last.Complete {
		t.Errorf("that of the other store: %+v", last)
	}
	if f := finds[10]; f.Prefix != "pak" || f.Known() {
		t.Errorf("that of a store with the same prefix: %+v", f)
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func TestHarmlessFinds(t *testing.T) {
	st, u := newStore(t, "")
	v, old := issue(t, st, u, "rotated")
	_, _, err := st.RotateKey(t.Context(), v.ID, v.Version, keystore.Rotation{Now: true})
	must(t, err)
	r, gone := issue(t, st, u, "revoked")
	_, err = st.RevokeKey(t.Context(), r.ID, r.Version, "ended")
	must(t, err)
	finds, err := incident.Scan(t.Context(), st, old+" "+gone)
	must(t, err)
	for _, f := range finds {
		if !f.Known() || f.Live() {
			t.Errorf("%s: known %v, live %v", f.Key.Name, f.Known(), f.Live())
		}
	}
	if keys := incident.Keys(finds); len(keys) != 0 {
		t.Errorf("%d keys to deal with, want none", len(keys))
	}
}

func FuzzScan(f *testing.F) {
	st, u := newStore(f, "")
	_, key := issue(f, st, u, "k")
	for _, s := range []string{"", key, key[:30], key + key, "acme" + key[3:], "pak_pak_" + key, strings.ToUpper(key), "x" + key + "\n\n" + key} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		finds, err := incident.Scan(t.Context(), st, text)
		must(t, err)
		for _, x := range finds {
			if !strings.Contains(text, x.Prefix+"_"+x.Secret.String()) || x.Times < 1 || x.Line < 1 {
				t.Errorf("%q gives %+v", text, x)
			}
			if _, err := token.ParseID(x.Secret.String()); err != nil {
				t.Error(err)
			}
		}
	})
}
