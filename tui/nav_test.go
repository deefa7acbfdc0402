package tui_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// on runs a test on the sample store at 100x30.
func on(t *testing.T, test func(t *testing.T, d *decktest.Deck)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, decktest.Start(t, decktest.Sample(t), 100, 30)) })
}

func TestTabs(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		for key, want := range map[string]string{"1": "[1 Keys]", "2": "[2 Users]", "3": "[3 Usage]", "4": "[4 Journal]", "5": "[5 Lint]"} {
			d.Press(key)
			d.Want(want)
		}
	})
}

func TestATabIsFoundAsItWasLeft(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("j", "j", "o", "/")
		d.Type("edge", "enter", "2", "1")
		d.Want("filter: edge", "sort: seen")
	})
}

func TestPressingATabFromWithinGoesDownToIt(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("2", "enter", "enter", "a")
		d.Want("Journal of")
		d.Press("2")
		d.Want("6 of 6 shown")
		d.Press("-")
		d.Want("Journal of")
	})
}

func TestEscGoesBackOneLevelAtATime(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("2", "enter", "enter")
		d.Want("… > build-bot/ci-deploy-staging")
		d.Press("a")
		d.Want("Journal of build-bot/ci-deploy-staging")
		for _, want := range []string{"> build-bot/ci-deploy-staging", "Users > Keys of build-bot", "6 of 6 shown"} {
			d.Press("esc")
			d.Want(want)
		}
		d.Press("esc")
		d.Want("back: this is the first view; q quits")
	})
}

func TestMinusGoesToTheLastViewAndBack(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("-")
		d.Want("there was no other view yet")
		d.Press("4", "-")
		d.Want("[1 Keys]")
		d.Press("-")
		d.Want("[4 Journal]", "40 records   following")
	})
}

func TestQuitting(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		on(t, func(t *testing.T, d *decktest.Deck) {
			d.Send(nil)
			press(d, key)
			if !d.Exited() {
				t.Errorf("%s does not quit:\n%s", key, d.Text())
			}
		})
	}
}

// press presses a key after which the program may be gone.
func press(d *decktest.Deck, key string) {
	d.Press(key)
	d.Advance(time.Second)
}

func TestQuittingAsksOnlyIfWorkWouldBeLost(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("2", "n")
		d.Type("mail-bot", "ctrl+c")
		d.Want("Quit?", "This would be lost")
		d.Press("enter") // on Cancel
		d.Want("New user", "mail-bot")
		d.Press("ctrl+c", "y")
		d.Advance(time.Second)
		if !d.Exited() {
			t.Errorf("still there:\n%s", d.Text())
		}
	})
}

func TestLeavingUnsavedWorkAsks(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("2", "n")
		d.Type("mail-bot", "esc")
		d.Want("Leave?", "This would be lost")
		d.Press("n")
		d.Want("New user")
		d.Press("esc", "y")
		d.Want("build-bot")
		d.Without("New user")
	})
}

func TestAFilterTypedIsNoCommand(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("/")
		d.Type("q2?:-xXUT")
		if d.Exited() {
			t.Fatal("a character quit the dashboard")
		}
		d.Want("/ q2?:-xXUT")
	})
}

func TestAPasteIsNoCommand(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		before := d.Text()
		d.Paste("qx\nyX2")
		if d.Exited() || d.Text() != before {
			t.Errorf("a paste did something:\n%s", d.Text())
		}
	})
}

func TestDeepLinks(t *testing.T) {
	for link, want := range map[string]string{
		"": "[1 Keys]", "keys": "[1 Keys]", "users": "[2 Users]", "usage": "[3 Usage]", "journal": "[4 Journal]", "lint": "[5 Lint]",
		"keys/edge/edge-gateway-eu": "Keys > edge/edge-gateway-eu", "users/mira": ">  mira", "journal/event:key.revoke": "1 record of 40",
	} {
		synctest.Test(t, func(t *testing.T) {
			decktest.Start(t, decktest.Sample(t), 100, 30, decktest.At(link)).Want(want)
		})
	}
}

func TestWhatIsWrongIsToldBeforeAnythingIsDrawn(t *testing.T) {
	st := decktest.Sample(t)
	for name, c := range map[string]struct {
		change func(*tui.Options)
		want   string
	}{
		"no store":      {func(o *tui.Options) { o.Store = nil }, "needs a store"},
		"unknown view":  {decktest.At("nonsense"), `no view "nonsense": use keys, users, usage, journal or lint`},
		"unknown key":   {decktest.At("keys/mira/grafana"), "mira/grafana-ro"},
		"unknown user":  {decktest.At("users/mirah"), "mira"},
		"too much":      {decktest.At("lint/all"), `takes nothing behind it`},
		"hostile view":  {decktest.At("\x1b[2J"), `"\x1b[2J"`},
		"unknown key 2": {func(o *tui.Options) { o.Keys = map[string][]string{"key.revok": {"f8"}} }, `"key.revoke"`},
		"taken":         {func(o *tui.Options) { o.Keys = map[string][]string{"key.revoke": {"x"}} }, `"key.disable"`},
	} {
		o := tui.Options{Store: st.Store}
		c.change(&o)
		err := tui.Run(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.ContainsRune(err.Error(), '\x1b') {
			t.Errorf("%s: error %v, want %s", name, err, c.want)
		}
	}
}

func TestKeysCanBeChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := decktest.Start(t, decktest.Sample(t), 100, 30, func(o *tui.Options) {
			o.Keys = map[string][]string{"key.disable": {"f8"}, "app.quit": {}}
		})
		d.Press("x", "q")
		d.Without("Disable")
		d.Press("f8")
		d.Want("Disable build-bot/ci-deploy-staging?")
	})
}

func TestTimesAreInUTCOrLocal(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("enter")
		d.Want("2026-11-25 18:32 UTC", "14:32Z")
		d.Press("T")
		d.Want("2026-11-25 19:32 CET", "15:32 CET", "times are in CET")
		d.Press("T")
		d.Want("2026-11-25 18:32 UTC")
	})
}

func TestTheDemonstrationReplacesTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		demo := decktest.Empty(t)
		if _, err := demo.AddUser(t.Context(), keystore.NewUser{Name: "demo-user"}); err != nil {
			t.Fatal(err)
		}
		d := decktest.Start(t, decktest.Sample(t, keystore.WithReadOnly()), 100, 30, func(o *tui.Options) {
			o.OpenDemo = func(context.Context) (*keystore.Store, error) { return demo.Store, nil }
		})
		d.Want("  ro  ")
		d.Press("2", ":")
		d.Type("demo", "enter")
		d.Settle()
		d.Want("0 keys", "  rw  ", "No keys yet. n creates the first key.")
		d.Press("2")
		d.Want("demo-user", "1 of 1 shown")
		d.Press("-", "-")
		d.Want("demo-user") // no way back to the other store
	})
}

// TestANewKeyThatTheBoardKnowsAlreadyIsSelected: it takes a moment until the
// verifiers know a key, and the store may have been read in it.
func TestANewKeyThatTheBoardKnowsAlreadyIsSelected(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("n")
		v, secret, err := d.Store.CreateKey(t.Context(), keystore.NewKey{User: d.Store.User("build-bot").ID, Name: "brand-new"})
		if err != nil {
			t.Fatal(err)
		}
		d.Advance(3 * time.Second)
		d.Want("15 keys")
		d.Send(screen.Issued{Key: v, Secret: secret})
		d.Advance(time.Second)
		d.Press("space", "enter")
		d.Advance(time.Second)
		d.Want(">  brand-new")
	})
}

func TestANewKeyIsHandedOverAndThenSelected(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("n")
		d.Type("build-bot", "tab")
		d.Type("brand-new", "enter", "enter", "enter", "enter")
		d.Want("Is this the key you want?")
		d.Advance(time.Second)
		d.Press("enter")
		d.Want("Keys > Key created", "pak_", "I stored this key")
		d.Advance(time.Second)
		for _, key := range []string{"2", "-", "q"} {
			d.Press(key)
			d.Want("This would be lost: the key string of build-bot/brand-new")
			d.Press("n")
		}
		d.Press("space", "enter")
		d.Advance(time.Second)
		d.Want(">  brand-new", "15 of 16 shown")
		d.Press("-")
		d.Without("Key created", "New key", "pak_")
	})
}

func TestAnEditedKeyShowsItsNewNameAtOnce(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("e")
		d.Want("Keys > Edit build-bot/ci-deploy-staging")
		d.Type("-2", "enter", "y")
		d.Want(">  ci-deploy-staging…", "14 of 15 shown")
		d.Press("-")
		d.Without("Edit")
	})
}

// sizeMsg is what a terminal of that size reports.
func sizeMsg(w, h int) tea.Msg { return tea.WindowSizeMsg{Width: w, Height: h} }
