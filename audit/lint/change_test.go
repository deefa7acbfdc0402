package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/storetest"
)

// messy returns a store with much that can be put right.
func messy(t *testing.T) *keystore.Store {
	t.Helper()
	made := time.Now().UTC().Add(-100 * day)
	st := storetest.New(t)
	old, err := keystore.Open(t.Context(), st.Path(), keystore.WithClock(func() time.Time { return made }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = old.Close() })
	u, err := old.AddUser(t.Context(), keystore.NewUser{
		Name: "bot", Kind: keystore.Service, Contact: "team", Permissions: []keystore.Scope{"a:*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	add := func(name string, change func(*keystore.NewKey)) {
		t.Helper()
		k := keystore.NewKey{User: u.ID, Name: name, Description: "does " + name, Scopes: []keystore.Scope{"a:" + keystore.Scope(name)}}
		change(&k)
		if _, _, err := old.CreateKey(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	list := func(text ...string) (out []iprule.Entry) {
		for _, s := range text {
			out = append(out, iprule.Entry{Prefix: netip.MustParsePrefix(s)})
		}
		return out
	}
	add("never", func(*keystore.NewKey) {})
	add("lists", func(k *keystore.NewKey) {
		k.Rules = iprule.Rules{Allow: list("10.0.0.0/8", "10.4.7.0/26", "172.16.0.0/13", "172.24.0.0/13"), Deny: list("10.9.0.0/17", "10.9.128.0/17")}
	})
	add("gone", func(k *keystore.NewKey) { k.Expires = made.Add(10 * day) })
	add("leaky", func(k *keystore.NewKey) { k.Description = "was AKIAIOSFODNN7EXAMPLE" })
	o := Object{KindKey, "0000000000000000", "bot/none"}
	if _, err := Waive(t.Context(), st.As(keystore.Actor{User: "mira"}), "PAK101", o, "gone since", time.Now().Add(day)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(st.CheckpointPath(), 0o644); err != nil {
		t.Fatal(err)
	}
	return st
}

func TestAPlanDoesToTheStoreWhatItSays(t *testing.T) {
	for name, choose := range map[string]func(Finding) bool{
		"auto": Finding.Auto, "all": func(Finding) bool { return true }, "none": func(Finding) bool { return false },
	} {
		t.Run(name, func(t *testing.T) {
			st := messy(t)
			s := take(t, st)
			steps, left := Plan(s, Rules(), choose)
			_, before := lastRecord(t, st)
			for _, x := range steps {
				if len(x.Preview(s.Now)) == 0 {
					t.Errorf("%s changes nothing that is shown", x.Finding.Rule)
				}
				if _, err := x.Apply(t.Context(), st); err != nil {
					t.Fatalf("%s of %s: %v", x.Finding.Rule, x.Finding.Object.Name, err)
				}
			}
			if _, n := lastRecord(t, st); n != before+len(steps) {
				t.Errorf("%d steps left %d records", len(steps), n-before)
			}
			after := take(t, st)
			got, want := printed(Run(after)), printed(Run(left))
			if !slices.Equal(got, want) {
				t.Errorf("foretold\n%s\nfound\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
			}
			for _, f := range Run(after) {
				if choose(f) && f.Fix.Change != nil {
					t.Errorf("left: %s of %s: %s", f.Rule, f.Object.Name, f.Text)
				}
			}
			if name == "auto" && len(steps) < 5 {
				t.Errorf("only %d steps", len(steps))
			}
		})
	}
}

// printed returns findings as text, without what the time between two looks
// changes.
func printed(list []Finding) (out []string) {
	for _, f := range list {
		out = append(out, f.Rule+" "+f.Object.Name+" "+f.Fingerprint)
	}
	return out
}

func TestAChangeOfWhatWasChangedSinceIsAConflict(t *testing.T) {
	st := messy(t)
	steps, _ := Plan(take(t, st), Rules(), func(f Finding) bool { return f.Rule == "PAK101" && f.Object.Name == "bot/never" })
	if len(steps) != 1 {
		t.Fatalf("%d steps", len(steps))
	}
	text := "changed meanwhile"
	if _, err := st.EditKey(t.Context(), steps[0].Key.ID, steps[0].Key.Version, keystore.KeyEdit{Description: &text}); err != nil {
		t.Fatal(err)
	}
	if _, err := steps[0].Apply(t.Context(), st); !errors.Is(err, keystore.ErrConflict) {
		t.Errorf("%v", err)
	}
}

func TestPreviewsNameWhatGoesAndWhatComes(t *testing.T) {
	st := messy(t)
	s := take(t, st)
	got := map[string]string{}
	steps, _ := Plan(s, Rules(), func(f Finding) bool { return f.Auto() || f.Rule == "PAK101" })
	for _, x := range steps {
		lines := x.Preview(s.Now)
		for i := range lines {
			if lines[i].Field == "expires" || lines[i].Field == "revoked" || lines[i].Field == "waiver" {
				lines[i].Comes, lines[i].Gone = nil, nil
			}
		}
		got[x.Finding.Rule+" "+filepath.Base(x.Finding.Object.Name)] = fmt.Sprint(lines)
	}
	for what, want := range map[string]string{
		"PAK101 never":    "[{expires [] []}]",
		"PAK207 lists":    "[{allow [10.4.7.0/26 172.16.0.0/13 172.24.0.0/13] [172.16.0.0/12]}]",
		"PAK208 lists":    "[{deny [10.9.0.0/17 10.9.128.0/17] [10.9.0.0/16]}]",
		"PAK605 leaky":    "[{description [(holds what looks like a secret)] [was [redacted]]}]",
		"PAK705 store.db": "[{mode [0644] [0600]}]",
		"PAK903 none":     "[{waiver [] []}]",
	} {
		if got[what] != want {
			t.Errorf("%s: %s, want %s", what, got[what], want)
		}
	}
}

func TestRightsAreTakenFromNoLink(t *testing.T) {
	folder := t.TempDir()
	victim, link := filepath.Join(folder, "victim"), filepath.Join(folder, "store.db.copy")
	if err := errors.Join(os.WriteFile(victim, nil, 0o600), os.Chmod(victim, 0o644), os.Symlink(victim, link)); err != nil {
		t.Fatal(err)
	}
	c := Change{Do: CloseFile, File: File{Path: link, Mode: 0o644}, Mode: 0o600}
	if _, err := c.Apply(t.Context(), storetest.New(t)); err == nil {
		t.Error("a link was followed")
	}
	if info, err := os.Stat(victim); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the mode behind the link is %v (%v)", info.Mode(), err)
	}
}

func TestChangesAreTakenBackWhereThatCanBe(t *testing.T) {
	st := messy(t)
	s := take(t, st)
	reversible := func(f Finding) bool { return f.Object.Kind == KindKey && f.Rule != "PAK903" }
	steps, _ := Plan(s, Rules(), reversible)
	var changes []*Change
	for _, x := range steps {
		changes = append(changes, x.Change)
	}
	before := fmt.Sprint(fieldsOfAll(t, st))
	made, undo, err := ApplyAll(t.Context(), st, changes)
	if err != nil || made != len(changes) || len(undo) != made {
		t.Fatalf("made %d of %d, %d to undo, %v", made, len(changes), len(undo), err)
	}
	if fmt.Sprint(fieldsOfAll(t, st)) == before {
		t.Fatal("nothing was changed")
	}
	if n, _, err := ApplyAll(t.Context(), st, undo); err != nil || n != made {
		t.Fatalf("took back %d, %v", n, err)
	}
	if after := fmt.Sprint(fieldsOfAll(t, st)); after != before {
		t.Errorf("taken back\n%s\nfrom\n%s", after, before)
	}
	if made, _, err := ApplyAll(t.Context(), st, changes[:1]); made != 0 || !errors.Is(err, keystore.ErrConflict) {
		t.Errorf("an old change: made %d, %v", made, err)
	}
}

// takenBack makes the changes of a rule and takes them back.
func takenBack(t *testing.T, st *keystore.Store, rule string) {
	t.Helper()
	steps, _ := Plan(take(t, st), Rules(), func(f Finding) bool { return f.Rule == rule })
	for _, x := range steps {
		made, undo, err := ApplyAll(t.Context(), st, []*Change{x.Change})
		if made != 1 || len(undo) != 1 || x.Final() != "" || err != nil {
			t.Fatalf("%s: made %d, undo %v, %v", rule, made, undo, err)
		}
		if len(undo[0].Preview(noon)) != 1 {
			t.Errorf("%s: the preview of taking it back is %v", rule, undo[0].Preview(noon))
		}
		if made, again, err := ApplyAll(t.Context(), st, undo); made != 1 || len(again) > 1 || err != nil {
			t.Errorf("%s: took back %d, %v", rule, made, err)
		}
	}
	if len(steps) == 0 {
		t.Errorf("%s finds nothing", rule)
	}
}

func TestADroppedWaiverIsGivenAgainAsItWas(t *testing.T) {
	st := messy(t)
	before, err := Waivers(t.Context(), st)
	if err != nil {
		t.Fatal(err)
	}
	takenBack(t, st.As(keystore.Actor{User: "somebody else"}), "PAK903")
	if after, err := Waivers(t.Context(), st); err != nil || fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("%v, want %v, %v", after, before, err)
	}
	w := before[0]
	if err := rewaive(t.Context(), st, w); !errors.Is(err, keystore.ErrConflict) {
		t.Errorf("over one that is there: %v", err)
	}
}

func TestRightsAreGivenBack(t *testing.T) {
	st := messy(t)
	mode := func() (m fs.FileMode) {
		t.Helper()
		info, err := os.Stat(st.CheckpointPath())
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	was := mode()
	takenBack(t, st, "PAK705")
	if got := mode(); got != was || got != 0o644 {
		t.Errorf("%v, want %v", got, was)
	}
}

func TestARetiredSecretStaysSo(t *testing.T) {
	c := Change{Do: RetireOld, Key: &keystore.KeyView{}}
	if c.Final() == "" || c.Undo(keystore.KeyView{}) != nil {
		t.Error("a retired secret is said to come back")
	}
	for _, d := range []Deed{EditKey, DisableKey, EnableKey, RevokeKey, DropWaiver, CloseFile} {
		c := Change{Do: d, Key: &keystore.KeyView{}, Waiver: new(Waiver)}
		if c.Final() != "" || c.Undo(keystore.KeyView{}) == nil {
			t.Errorf("%s cannot be taken back", d)
		}
	}
}

func fieldsOfAll(t *testing.T, st *keystore.Store) (out []fieldTexts) {
	t.Helper()
	keys, err := st.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		out = append(out, fieldsOf(k)...)
	}
	return out
}
