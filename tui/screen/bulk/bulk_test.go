package bulk_test

import (
	"testing"
	"testing/synctest"

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

// kind goes to a kind of change by its place in the list.
func kind(d *decktest.Deck, n int) {
	for range n {
		d.Press("tab")
	}
}

func settle(d *decktest.Deck) {
	for range 4 {
		d.Settle()
	}
}

const ci, metrics = "build-bot/ci-deploy-staging", "build-bot/metrics-pusher"

func TestExpiriesAreExtendedAndTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		before := st.Key(ci).Expires
		d := start(t, st, 100, 30, 2)
		d.Want("One change to 2 keys")
		d.Type("30d")
		d.Press("enter")
		d.Settle()
		d.Want("preview: 2 of 2 keys would change", "would change", "expires 2026-")
		d.Press("enter")
		d.Want("Change 2 keys?", "extend by 30d")
		d.Type("2")
		d.Press("enter")
		settle(d)
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
		kind(d, 2)
		d.Type("artifact:write")
		d.Press("enter")
		d.Settle()
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
		kind(d, 10)
		d.Want("> disable")
		d.Press("enter")
		d.Settle()
		d.Press("enter", "enter")
		settle(d)
		if v := st.Key(ci); !v.DisabledAt.IsZero() {
			t.Fatal("enter alone disabled it")
		}
		d.Press("enter")
		d.Type("2")
		d.Press("enter")
		settle(d)
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
		kind(d, 8)
		d.Type("moved")
		d.Press("enter")
		d.Settle()
		d.Press("enter")
		v, text := st.Key(ci), "somebody else was here"
		if _, err := st.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Description: &text}); err != nil {
			t.Fatal(err)
		}
		d.Type("2")
		d.Press("enter")
		settle(d)
		d.Want("changed 1 key of 2", "cannot")
		if got := st.Key(ci).Description; got != text {
			t.Errorf("it says %q", got)
		}
		if got := st.Key(metrics).Description; got != "moved" {
			t.Errorf("the other one says %q", got)
		}
	})
}

func TestBadValuesAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, decktest.Sample(t), 100, 30, 1)
		d.Press("enter")
		d.Want("say what; the example shows how")
		d.Type("soon")
		d.Press("enter")
		d.Want("is no length of time")
		kind(d, 4)
		d.Type("300.0.0.1")
		d.Press("enter")
		d.Settle()
		d.Want("300.0.0.1")
		d.Press("shift+tab")
		d.Want("> remove scope")
	})
}

func TestScreens(t *testing.T) {
	for name, scene := range map[string]func(d *decktest.Deck){
		"choose":  func(*decktest.Deck) {},
		"preview": func(d *decktest.Deck) { d.Type("30d"); d.Press("enter"); d.Settle() },
		"confirm": func(d *decktest.Deck) { d.Type("30d"); d.Press("enter"); d.Settle(); d.Press("enter") },
	} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			d := start(t, decktest.Sample(t), w, h, 4)
			scene(d)
			return d
		})
	}
}
