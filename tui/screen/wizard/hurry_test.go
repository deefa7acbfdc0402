package wizard_test

import (
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore/kv/bolt"
	"github.com/pakdeck/pakdeck/keystore/kv/kvtest"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// hold holds the store as another process would until the result is called.
func hold(t *testing.T, st *decktest.Store) (release func()) {
	t.Helper()
	other, err := bolt.Open(st.Path(), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return kvtest.Hold(t, other)
}

const waiting, running = "enter issues nothing until it has answered", "the check is still running"

func TestEnterWhileTheCheckRunsSaysSoAndIssuesNothing(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		before := count(t, d)
		identity(d, "ci-eu")
		release := hold(t, d.Store)
		d.Press("enter", "enter", "enter")
		d.Advance(time.Second) // longer than a key is ignored at the beginning
		d.Want("Is this the key you want?", waiting)
		d.Press("enter")
		d.Want(running)
		release()
		d.Settle()
		d.Want("nothing stands against it; enter issues the key")
		if count(t, d) != before {
			t.Fatal("the key was issued by the enter of before")
		}
		d.Press("enter")
		d.Settle()
		d.Want("Key created")
	})
}
