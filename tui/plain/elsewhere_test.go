package plain_test

import (
	"slices"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/plain"
)

// TestEveryActionOfTheDashboardIsHereOrSaysWhyNot walks the table of actions.
func TestEveryActionOfTheDashboardIsHereOrSaysWhyNot(t *testing.T) {
	for _, a := range tui.Actions() {
		command, why := plain.Stands(a.ID)
		switch {
		case command == "" && why == "":
			t.Errorf("%s (%s): no command of plain mode does it, and nothing says why not", a.ID, a.Help)
		case command != "" && !plain.IsCommand(command):
			t.Errorf("%s: there is no command %q", a.ID, command)
		case a.Writes && command == "" && a.ID != "session.copy":
			t.Errorf("%s changes the store, and plain mode cannot: %s", a.ID, why)
		}
	}
}

func TestNothingIsSaidOfActionsThatAreGone(t *testing.T) {
	seen := map[string]bool{}
	for _, id := range plain.Listed() {
		if seen[id] {
			t.Errorf("%s has a command, and a reason why not", id)
		}
		seen[id] = true
		if !slices.ContainsFunc(tui.Actions(), func(a keymap.Action) bool { return a.ID == id }) {
			t.Errorf("there is no action %s", id)
		}
	}
}

// TestActionsAreDoneByTheirNames: who knows the dashboard may write what its
// actions are called. What writes is not done to a store that is only read.
func TestActionsAreDoneByTheirNames(t *testing.T) {
	st := decktest.Sample(t)
	want(t, converse(t, st, "key.open build-bot/metrics-pusher", "list.revoked", "list.columns", "usage.denied", "back", "lint.open"),
		"Key: build-bot/metrics-pusher", "1 key.", "list.columns is not here: there are no columns here", "ip_denied", "lint.open is not here")
	only := decktest.Sample(t, keystore.WithReadOnly())
	for _, a := range tui.Actions() {
		if command, _ := plain.Stands(a.ID); a.Writes && command != "" {
			want(t, converse(t, only, a.ID, "back"), "Failed: "+keystore.ErrReadOnly.Error())
		}
	}
}
