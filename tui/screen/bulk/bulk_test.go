package bulk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// start goes from the list to the bulk with the first n keys marked.
func start(t *testing.T, st *decktest.Store, w, h, n int) *decktest.Deck {
	t.Helper()
	d := decktest.Start(t, st, w, h)
	for range n {
		d.Press("space")
	}
	d.Press("b")
	d.Settle()
	return d
}

// kind goes to a kind of change.
func kind(d *decktest.Deck, name string) {
	for range 30 {
		if d.Contains("> " + name) {
			return
		}
		d.Press("tab")
	}
	d.Want("> " + name)
}

func settle(d *decktest.Deck) {
	for range 4 {
		d.Settle()
	}
}

// preview names a change and has it shown.
func preview(d *decktest.Deck, what, value string) {
	kind(d, what)
	d.Type(value, "enter")
	d.Settle()
}

// agree types the number of keys that is asked for, and waits for the end.
func agree(d *decktest.Deck, n string) {
	d.Type(n, "enter")
	settle(d)
}

const ci, metrics = "build-bot/ci-deploy-staging", "build-bot/metrics-pusher"

func TestExpiriesAreExtendedAndTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		before := st.Key(ci).Expires
		d := start(t, st, 100, 30, 2)
		d.Want("One change to 2 keys")
		d.Type("30d", "enter")
		d.Settle()
		d.Want("preview: 2 of 2 keys would change", "would change", "expires 2026-")
		d.Press("enter")
		d.Want("Change 2 keys?", "extend by 30d")
		agree(d, "2")
		d.Want("changed 2 keys", "2 of 2 keys done")
		if got := st.Key(ci).Expires; !got.Equal(before.AddDate(0, 0, 30)) {
			t.Errorf("it expires %v, want 30 days after %v", got, before)
		}
		d.Press("U")
		settle(d)
		d.Want("took the changes of 2 keys back")
		if got := st.Key(ci).Expires; !got.Equal(before) {
			t.Errorf("after the undo it expires %v, want %v", got, before)
		}
	})
}

func TestWhatCannotBeChangedIsToldAndTheOthersAreChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := start(t, st, 140, 45, 3) // the third one has no scopes
		preview(d, "add scope", "artifact:write")
		d.Want("cannot", "one added would take all others away")
		d.Press("enter")
		d.Want("cannot be changed and")
		d.Press("esc", "esc")
		d.Settle()
		d.Want("One change to 3 keys")
	})
}

func TestNothingChangesWithoutTheNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := start(t, st, 100, 30, 2)
		kind(d, "disable")
		d.Want("> disable")
		d.Press("enter")
		d.Settle()
		d.Press("enter", "enter")
		settle(d)
		if v := st.Key(ci); !v.DisabledAt.IsZero() {
			t.Fatal("enter alone disabled it")
		}
		d.Press("enter")
		agree(d, "2")
		for _, ref := range []string{ci, metrics} {
			if v := st.Key(ref); v.DisabledAt.IsZero() {
				t.Errorf("%s was not disabled", ref)
			}
		}
		d.Press("enter")
		d.Want("it is done; esc goes back to the choice")
	})
}

func TestAKeyThatWasChangedMeanwhileIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := start(t, st, 100, 30, 2)
		preview(d, "description", "moved")
		d.Press("enter")
		v, text := st.Key(ci), "somebody else was here"
		if _, err := st.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Description: &text}); err != nil {
			t.Fatal(err)
		}
		agree(d, "2")
		d.Want("changed 1 key of 2", "cannot")
		if got := st.Key(ci).Description; got != text {
			t.Errorf("it says %q", got)
		}
		if got := st.Key(metrics).Description; got != "moved" {
			t.Errorf("the other one says %q", got)
		}
	})
}

func TestABulkGoesOnWhenItsScreenIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, slow := decktest.Slow(t)
		d := start(t, st, 100, 30, 14)
		kind(d, "description")
		d.Type("moved\r")
		settle(d)
		d.Press("enter")
		d.Type("14")
		slow.Store(true)
		d.Press("enter")
		d.Advance(2 * time.Second)
		d.Want("of 14", "changed", "would change", "work  changing 14 keys: ")
		d.Press("enter")
		d.Want("it is going on; esc stops it")
		d.Press("2")
		d.Advance(6 * time.Second)
		slow.Store(false)
		settle(d)
		d.Want("[2 Users]", "changed 14 keys", "U undo")
		d.Press("-")
		settle(d)
		d.Want("14 of 14 keys done")
		d.Without("would change")
	})
}

func TestBadValuesAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, decktest.Sample(t), 100, 30, 1)
		d.Press("enter")
		d.Want("say what; the example shows how")
		d.Type("soon", "enter")
		d.Want("is no length of time")
		preview(d, "add allow", "300.0.0.1")
		d.Want("300.0.0.1")
		d.Press("shift+tab")
		d.Want("> set scopes")
	})
}

func TestListsAreReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := start(t, st, 100, 30, 2)
		kind(d, "set allow")
		d.Press("enter")
		d.Want("say what")
		d.Type("203.0.113.7, 10.4.7.0/26 # farm", "enter")
		d.Settle()
		d.Want("preview: 2 of 2 keys would change, each by itself")
		d.Press("enter")
		agree(d, "2")
		for _, ref := range []string{ci, metrics} {
			if got := st.Key(ref).Rules.Allow; len(got) != 2 || got[1].Note != "farm" {
				t.Errorf("%s allows %v", ref, got)
			}
		}
		d.Press("esc")
		preview(d, "set deny", "none")
		d.Want("1 of 2 keys would change")
		d.Press("enter")
		agree(d, "1")
		if got := st.Key(ci).Rules.Deny; len(got) != 0 {
			t.Errorf("it denies %v", got)
		}
	})
}

func TestAllOrNoneAreChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := start(t, st, 100, 30, 2)
		preview(d, "description", "moved")
		d.Press("a")
		d.Want("2 of 2 keys would change, all or none")
		d.Press("enter")
		d.Want("All in one transaction: all are changed, or none.")
		v, other := st.Key(metrics), "somebody else was here"
		if _, err := st.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Description: &other}); err != nil {
			t.Fatal(err)
		}
		agree(d, "2")
		d.Want("none was changed")
		if got := st.Key(ci).Description; got == "moved" {
			t.Error("one was changed")
		}
		d.Press("esc", "esc", "enter")
		settle(d)
		d.Want("2 of 2 keys would change, all or none")
		d.Press("enter")
		agree(d, "2")
		d.Want("changed 2 keys", "2 of 2 keys done")
		d.Press("U")
		settle(d)
		d.Want("took the changes of 2 keys back")
		if got := st.Key(metrics).Description; got != other {
			t.Errorf("it says %q", got)
		}
	})
}

func TestOneThatCannotBeChangedStopsAllOrNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, decktest.Sample(t), 100, 30, 3)
		preview(d, "add scope", "artifact:write")
		d.Press("a", "enter")
		d.Want("one cannot be changed, so none would be")
	})
}

func TestWhatIsKnownIsExported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := start(t, st, 80, 24, 3)
		kind(d, "export to")
		d.Press("enter")
		d.Want("is no file; write a path such as")
		d.Type("~/keys.csv", "enter")
		settle(d)
		d.Want("exported 3 keys to ~/keys.csv")
		path := filepath.Join(filepath.Dir(st.Path()), "keys.csv")
		b, err := os.ReadFile(path)
		if err != nil || strings.Count(string(b), "\n") != 4 || !strings.Contains(string(b), ",build-bot,ci-deploy-staging,") {
			t.Errorf("%v: %s", err, b)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
		d.Press("enter")
		settle(d)
		d.Want("file exists")
	})
}

func TestScreens(t *testing.T) {
	for name, scene := range map[string]func(d *decktest.Deck){
		"choose":  func(*decktest.Deck) {},
		"preview": func(d *decktest.Deck) { d.Type("30d", "enter"); d.Settle() },
		"confirm": func(d *decktest.Deck) { d.Type("30d", "enter"); d.Settle(); d.Press("enter") },
	} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			d := start(t, decktest.Sample(t), w, h, 4)
			scene(d)
			return d
		})
	}
}
