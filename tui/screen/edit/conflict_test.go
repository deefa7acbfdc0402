package edit_test

import (
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// race has somebody else change the key while it is edited.
func race(t *testing.T, d *decktest.Deck, e keystore.KeyEdit) {
	t.Helper()
	v := d.Store.Key(ref)
	if _, err := d.Store.EditKey(t.Context(), v.ID, v.Version, e); err != nil {
		t.Fatal(err)
	}
}

// theirs is what somebody else makes of the key.
var theirName, theirText = "ci-theirs", "their words"

func TestALostRaceAtEverySize(t *testing.T) {
	for _, size := range decktest.TriedFromSmallest() {
		run(t, size.W, size.H, func(d *decktest.Deck) {
			d.Type("-mine", "tab", "tab", "tab", "tab")
			d.Type("artifact:read", "enter")
			race(t, d, keystore.KeyEdit{Name: &theirName, Description: &theirText})
			d.Press("enter", "y")
			d.Settle()
			d.GoldenBody("conflict")
			d.Press("y")
			d.Settle()
			d.GoldenBody("merged")
			d.Press("y")
			d.Settle()
			if v := d.Store.Key(ref + "-mine"); v.Description != theirText || len(v.Scopes) != 1 {
				t.Errorf("saved %+v", v.Key)
			}
		})
	}
}

func TestWhatOthersSaveIsShownAsSoonAsItIsKnown(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Press("tab")
		race(t, d, keystore.KeyEdit{Description: &theirText})
		d.Advance(3 * time.Second)
		d.Want("Description > their words")
		d.Without("unsaved", "somebody else")
		d.Type(" and mine")
		race(t, d, keystore.KeyEdit{Name: &theirName})
		d.Advance(3 * time.Second)
		d.Want("1 unsaved change   somebody else saved it", "their words and mine", "ci-deploy-staging")
		d.Press("enter", "y")
		d.Settle()
		d.Want("description: their words -> their words and mine", "somebody else saved: name")
		d.Press("y")
		d.Settle()
		if v := d.Store.Key("build-bot/ci-theirs"); v.Description != "their words and mine" {
			t.Errorf("saved %+v", v.Key)
		}
	})
}

func TestFieldsThatOnlyOneChangedAreSettledUnasked(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Type("-mine")
		race(t, d, keystore.KeyEdit{Description: &theirText})
		d.Press("enter", "y")
		d.Settle()
		d.Without("whose")
		d.Want("name: ci-deploy-staging -> ci-deploy-staging-mine", "somebody else saved: description: Deploys to staging")
		d.Press("y")
		d.Settle()
		if v := d.Store.Key(ref + "-mine"); v.Description != theirText {
			t.Errorf("saved %+v", v.Key)
		}
	})
}

func TestEachFieldThatBothChangedIsAskedOf(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Type("-mine", "tab", "ctrl+u")
		d.Type("my words")
		race(t, d, keystore.KeyEdit{Name: &theirName, Description: &theirText})
		d.Press("enter", "y")
		d.Settle()
		d.Want("whose name? (1 of 2)", "before: ci-deploy-staging", "theirs: ci-theirs", "yours:  ci-deploy-staging-mine")
		d.Press("esc")
		d.Want("my words")
		d.Press("enter", "y")
		d.Settle()
		d.Press("tab", "enter")
		d.Settle()
		d.Want("whose description? (2 of 2)", "theirs: their words", "yours:  my words")
		d.Press("y")
		d.Settle()
		d.Want("description: their words -> my words")
		d.Without("name: ")
		d.Press("y")
		d.Settle()
		if v := d.Store.Key("build-bot/ci-theirs"); v.Description != "my words" {
			t.Errorf("saved %+v", v.Key)
		}
	})
}

func TestTheOtherOnesChangesCanBeTaken(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Type("-mine")
		race(t, d, keystore.KeyEdit{Name: &theirName, Description: &theirText})
		d.Press("enter", "y")
		d.Settle()
		d.Press("tab", "enter")
		d.Settle()
		d.Want("ci-theirs", "their words", "nothing of yours is left to save")
		d.Without("unsaved change", "-mine")
		if v := d.Store.Key("build-bot/ci-theirs"); v.Description != "their words" {
			t.Errorf("saved %+v", v.Key)
		}
	})
}

func TestAKeyRevokedMeanwhileIsNotSaved(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Type("-mine")
		v := d.Store.Key(ref)
		if _, err := d.Store.RevokeKey(t.Context(), v.ID, v.Version, "leaked"); err != nil {
			t.Fatal(err)
		}
		d.Press("enter", "y")
		d.Settle()
		d.Want("was revoked meanwhile and cannot be changed")
		d.Without("Save the changes")
	})
}
