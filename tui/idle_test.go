package tui_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/config"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// watched runs a test on a dashboard that locks after a minute and ends after
// three: it looks at the store every second.
func watched(t *testing.T, test func(t *testing.T, d *decktest.Deck)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t, decktest.Start(t, decktest.Sample(t), 100, 30, func(o *tui.Options) {
			o.Idle = config.Idle{Lock: time.Minute, Exit: 3 * time.Minute}
		}))
	})
}

func TestTheScreenIsHiddenWhenNobodyTypes(t *testing.T) {
	watched(t, func(t *testing.T, d *decktest.Deck) {
		d.Advance(54 * time.Second)
		d.Want("ci-deploy-staging")
		d.Advance(12 * time.Second)
		d.Want("pakdeck is locked")
		d.Without("ci-deploy-staging", "prod.db", "14 keys")
		d.Press("x", "q", "2", "j")
		d.Without("ci-deploy-staging", "Disable")
		d.Press("enter")
		d.Want("ci-deploy-staging")
		d.Without("Disable", "locked")
	})
}

func TestKeysAreSomebodyAndMouseMotionIsNot(t *testing.T) {
	watched(t, func(t *testing.T, d *decktest.Deck) {
		for range 4 {
			d.Advance(54 * time.Second)
			d.Press("j")
		}
		d.Want("ci-deploy-staging")
		for range 11 {
			d.Advance(6 * time.Second)
			d.Send(tea.MouseMotionMsg{X: 3, Y: 3})
		}
		d.Want("pakdeck is locked")
	})
}

func TestTheDashboardEndsWhenNobodyComesBack(t *testing.T) {
	watched(t, func(t *testing.T, d *decktest.Deck) {
		d.Advance(186 * time.Second)
		if !d.Exited() {
			t.Error("it runs on")
		}
	})
}

func TestALockedScreenMasksASecret(t *testing.T) {
	watched(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("n")
		d.Type("build-bot", "tab")
		d.Type("ci")
		for !d.Contains("Key created") {
			d.Press("enter")
			d.Settle()
		}
		d.Want("Key created")
		d.Advance(66 * time.Second)
		d.Want("locked", "not finished")
		d.Press("ctrl+c")
		d.Want("locked")
		d.Press("enter")
		d.Want("Key created", "pak_"+d.Store.Key("build-bot/ci").Current().ID.String()+"_[redacted]")
	})
}

func TestOnceLockedByHand(t *testing.T) {
	watched(t, func(t *testing.T, d *decktest.Deck) {
		d.Press(":")
		d.Type("lock", "enter")
		d.Want("pakdeck is locked")
		d.Press("ctrl+c")
		if !d.Exited() {
			t.Error("ctrl+c does not leave")
		}
	})
}

// TestUnlockingMayNeedACommand runs on a real terminal: the command gets it.
func TestUnlockingMayNeedACommand(t *testing.T) {
	may := filepath.Join(t.TempDir(), "may")
	x := run(t, func(o *tui.Options) {
		o.Idle = config.Idle{Lock: time.Hour, Unlock: []string{"test", "-e", may}}
	})
	x.out.Await(t, "ci-deploy-staging")
	x.press(":lock\r")
	x.out.Await(t, "enter asks test")
	x.press("\r")
	x.out.Await(t, "unlocking: test: exit status 1")
	if err := os.WriteFile(may, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	x.out.Take()
	x.press("\r")
	x.out.Await(t, "ci-deploy-staging")
	x.press("q")
	if err := x.end(); err != nil {
		t.Errorf("Run = %v", err)
	}
}

func TestRunTellsThatNobodyTyped(t *testing.T) {
	x := run(t, func(o *tui.Options) { o.Idle = config.Idle{Exit: 300 * time.Millisecond} })
	x.out.Await(t, "ci-deploy-staging")
	if err := x.end(); !errors.Is(err, tui.ErrIdle) {
		t.Errorf("Run = %v, want %v", err, tui.ErrIdle)
	}
	x.out.Await(t, "\x1b[?1049l")
}
