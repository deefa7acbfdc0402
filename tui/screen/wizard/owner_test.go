package wizard_test

import (
	"testing"
	"testing/synctest"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

func TestTheOnlyEnabledUserIsOfferedAsTheOwner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Empty(t)
		add := func(name string) keystore.User {
			t.Helper()
			u, err := st.AddUser(t.Context(), keystore.NewUser{Name: name, Permissions: []keystore.Scope{"a:*"}})
			if err != nil {
				t.Fatal(err)
			}
			return u
		}
		add("solo")
		gone := add("gone")
		if _, err := st.DisableUser(t.Context(), gone.ID, gone.Version); err != nil {
			t.Fatal(err)
		}
		d := decktest.Start(t, st, 100, 30)
		d.Press("n")
		d.Want("Who will own", "solo")
		d.Press("esc")
		d.Without("Who will own", "would be lost") // nothing was filled in yet
		d.Press("n")
		d.Type("first-key", "enter")
		d.Want("What may this key do?")
		d.Press("esc", "shift+tab", "ctrl+u")
		d.Type("gone", "tab")
		d.Want("gone", "first-key")
		d.Without(`there is no user`)
		d.Press("esc")
		add("another")
		d.Settle()
		d.Settle()
		d.Press("n")
		d.Settle()
		d.Press("n") // not the draft
		d.Type("an")
		d.Want("another")
	})
}
