package tui_test

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv/bolt"
	"github.com/pakdeck/pakdeck/keystore/kv/kvtest"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

func add(t *testing.T, st *decktest.Store, name string) {
	t.Helper()
	if _, err := st.AddUser(t.Context(), keystore.NewUser{Name: name}); err != nil {
		t.Fatal(err)
	}
}

func TestAChangeByAnotherProcessAppearsWithinASecond(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("2")
		add(t, d.Store.Open(), "newcomer")
		d.Advance(600 * time.Millisecond)
		d.Want("newcomer")
	})
}

func TestNobodyLooksSoTheStoreIsReadRarely(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("2")
		d.Blur()
		d.Advance(time.Second) // the tick that was under way
		add(t, d.Store.Open(), "newcomer")
		d.Advance(2 * time.Second)
		d.Without("newcomer")
		d.Advance(5 * time.Second)
		d.Want("newcomer")
		add(t, d.Store.Open(), "second")
		d.Focus()
		d.Want("second")
	})
}

// hold holds the store as another process would until the result is called.
func hold(t *testing.T, st *decktest.Store) (release func()) {
	t.Helper()
	other, err := bolt.Open(st.Path(), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return kvtest.Hold(t, other)
}

func TestABusyStoreIsToldWithoutLosingTheScreen(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		release := hold(t, d.Store)
		d.Advance(8 * time.Second)
		d.Want("fail  the store is busy: held by pid ", "ci-deploy-staging", "14:32Z")
		release()
		d.Settle()
		d.Without("busy")
	})
}

func TestAChangeThatCannotBeMadeIsTold(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		release := hold(t, d.Store)
		d.Press("x", "y")
		d.Advance(3 * time.Second) // longer than a change waits for the store
		d.Want("disabling build-bot/ci-deploy-staging failed", "is busy: held by pid ")
		release()
		d.Press("enter")
		d.Settle()
		d.Want("14 of 15 shown")
		d.Press("x", "y")
		d.Want("disabled build-bot/ci-deploy-staging")
	})
}

func TestTheFirstReadingSaysAWordIfItIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		m, err := tui.New(t.Context(), tui.Options{Store: st.Store})
		if err != nil {
			t.Fatal(err)
		}
		gone := st.Path() + ".gone"
		if err := os.Rename(st.Path(), gone); err != nil {
			t.Fatal(err)
		}
		s := tuitest.Start(t, m, 100, 30)
		if s.Contains("Reading the store") {
			t.Errorf("said at once:\n%s", s.Text())
		}
		s.Advance(time.Second)
		if !s.Contains("Reading the store") || !s.Contains("the store cannot be read") {
			t.Errorf("not said:\n%s", s.Text())
		}
		s.Press("?", "x", "2", "esc", "-", ":")
		if err := os.Rename(gone, st.Path()); err != nil {
			t.Fatal(err)
		}
		s.Advance(time.Second)
		if !s.Contains("ci-deploy-staging") || s.Contains("cannot be read") {
			t.Errorf("the store is back:\n%s", s.Text())
		}
	})
}

func TestAStoreThatVanishesIsTold(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		if err := os.Rename(d.Store.Path(), d.Store.Path()+".gone"); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		d.Want("the store cannot be read", "ci-deploy-staging")
		if err := os.Rename(d.Store.Path()+".gone", d.Store.Path()); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		d.Without("cannot be read")
	})
}

func TestEverySizeIsDrawn(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("j", "j", "j")
		for _, size := range []struct{ w, h int }{{80, 24}, {50, 10}, {60, 16}, {200, 60}, {1, 1}, {0, 0}, {30, 100}, {300, 3}, {100, 30}} {
			for _, key := range []string{"1", "enter", "esc", "2", "4", "5", "?", "esc", ":", "esc", "1"} {
				if size.w > 0 && size.h > 0 {
					d.Resize(size.w, size.h)
				} else {
					d.Send(sizeMsg(size.w, size.h))
				}
				d.Press(key)
			}
		}
		d.Want(">  edge-gateway-eu", "14 of 15 shown")
	})
}

func TestTooSmallATerminalSaysWhatIsNeeded(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Resize(50, 10)
		d.Want("terminal too small: 60x16 needed")
		if _, _, visible := d.Cursor(); visible {
			t.Error("there is a cursor")
		}
		d.Press("x", "y", "q", "2")
		d.Paste("a\n")
		d.Resize(60, 16)
		d.Want("ci-deploy-staging")
		d.Golden("small-60x16")
		d.Press("2", "n", "x")
		d.Want("[2 Users]    ", "  Users > New user")
		d.Resize(50, 10)
		d.Press("ctrl+c")
		d.Resize(60, 16)
		d.Want("x", "Name") // not left: that would have been lost
		d.Press("esc", "y")
		d.Resize(50, 10)
		d.Press("ctrl+c")
		d.Advance(time.Second)
		if !d.Exited() {
			t.Error("ctrl+c does not leave")
		}
	})
}

func TestSelectionSurvivesAResize(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("j", "j", "j", "space")
		d.Resize(140, 45)
		d.Resize(80, 24)
		d.Want("1 marked", ">  edge-gateway-us")
	})
}

func TestExpiringKeysAreCountedAsTimePasses(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Want("3 expiring")
		d.Store.Clock.Add(30 * 24 * time.Hour)
		d.Settle()
		d.Want("1 expiring")
	})
}

func TestAnIdleDashboardWritesNothing(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Settle()
		d.TakeBytes()
		d.Advance(20 * time.Second)
		if b := d.TakeBytes(); len(b) > 0 {
			t.Errorf("%d bytes in 20 idle seconds: %q", len(b), b)
		}
	})
}

func TestTheFrameNamesWhereWhoAndWhen(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		head, err := d.Store.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"pakdeck", "~/prod.db", "14 keys", "3 expiring", "ops@bastion-1", head.Short(), "rw", "14:32Z"} {
			if !strings.Contains(d.Line(0), want) {
				t.Errorf("the first line lacks %q: %q", want, d.Line(0))
			}
		}
	})
}
