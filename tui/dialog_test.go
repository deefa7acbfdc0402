package tui_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

func TestDialogs(t *testing.T) {
	for name, keys := range map[string][]string{
		"help":          {"?"},
		"help-journal":  {"4", "?"},
		"palette":       {":", "k", "e", "y", "."},
		"messages":      {"T", "x", "y", "M"},
		"quit":          {"n", "a", "b", "ctrl+c"},
		"disabled-why":  {"U"},
		"undo":          {"x", "y"},
		"users-trail":   {"2", "enter", "a"},
		"journal-trail": {"4", "enter", "o"},
	} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			d := decktest.Start(t, decktest.Sample(t), w, h)
			d.Press(keys...)
			return d
		})
	}
}

func TestHelpListsTheKeysThatWorkAndScrolls(t *testing.T) {
	decktest.Run(t, "", 80, 24, func(t *testing.T, d *decktest.Deck) {
		d.Press("?")
		d.Want("more lines below", "mark a range")
		for range 8 {
			d.Press("pgdown")
		}
		d.Want("leave the dashboard")
		d.Press("x") // means nothing here
		d.Press("q")
		d.Want("14 of 15 shown")
		d.Without("Disable")
	})
}

func TestWhatFailedIsToldInFullIfItDoesNotFit(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Send(screen.Failed{Doing: "saving", Err: errors.New("short")})
		d.Want("fail  saving: short")
		d.Without("enter closes")
		d.Send(screen.Failed{Doing: "saving", Err: errors.New(strings.Repeat("because ", 30) + "THE END")})
		d.Want("saving failed", "THE END", "enter closes")
		d.Press("j", "k", "enter")
		d.Without("THE END")
	})
}

func TestHostileMessagesAreHarmless(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.TakeBytes()
		d.Send(screen.Say{Level: screen.Warning, Text: "evil\x1b]0;owned\a \u202e"})
		d.Send(screen.Failed{Doing: "evil\x1b[2J", Err: errors.New(strings.Repeat("\x1b[31m", 40))})
		d.Press("esc", "M")
		if out := string(d.TakeBytes()); strings.Contains(out, "owned\a") || strings.Contains(out, "\x1b[2J") || strings.Contains(out, "\u202e") {
			t.Errorf("a control sequence reached the terminal: %q", out)
		}
	})
}

func TestMessagesGoAwayButAreRemembered(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Send(screen.Say{Level: screen.OK, Text: "it was done"})
		d.Want("ok  it was done")
		d.Advance(6 * time.Second)
		d.Without("it was done")
		d.Press("M")
		d.Want("14:32:00  ok  it was done")
	})
}

func TestWhatIsSaidBeforeTheTimeIsKnownHasNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		release := hold(t, st)
		d := decktest.Start(t, st, 100, 30)
		d.Send(screen.Say{Level: screen.OK, Text: "there is a draft"})
		release()
		d.Settle()
		d.Settle()
		d.Press("M")
		d.Want("at start  ok  there is a draft")
	})
}

func TestTheTerminalsBackgroundChoosesTheColours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		m, err := tui.New(t.Context(), tui.Options{Store: st.Store, Palette: theme.Auto})
		if err != nil {
			t.Fatal(err)
		}
		s := tuitest.Start(t, m, 100, 30, tuitest.Colors(colorprofile.ANSI256))
		x, y := s.Find("expiring")
		colour := func() string { return s.ANSI() }
		auto := s.Cell(x, y).Fg
		s.Send(tea.BackgroundColorMsg{Color: black{}})
		if dark := s.Cell(x, y).Fg; dark == auto {
			t.Errorf("the colour stayed %v on a dark background\n%s", dark, colour())
		}
	})
}

// black is the colour.
type black struct{}

func (black) RGBA() (r, g, b, a uint32) { return 0, 0, 0, 0xffff }

func TestASCIIDrawsNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := decktest.Start(t, decktest.Sample(t), 100, 30, func(o *tui.Options) { o.ASCII = true })
		for _, key := range []string{"1", "enter", "esc", "2", "3", "4", "5", "?"} {
			d.Press(key)
			for _, r := range d.Text() {
				if r > '~' {
					t.Fatalf("%q is on the screen:\n%s", r, d.Text())
				}
			}
		}
	})
}

// TestEveryScreenIsReadableInMonochrome holds the selection to reverse video
// and the sign before the row.
func TestEveryScreenIsReadableInMonochrome(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		for _, key := range []string{"1", "2", "3", "4"} {
			d.Press(key)
			if r := d.Reversed(); len(r) != 1 || !strings.HasPrefix(r[0], ">") {
				t.Errorf("tab %s: reversed %q", key, r)
			}
			if _, y, visible := d.Cursor(); !visible || !strings.Contains(d.Line(y), ">") {
				t.Errorf("tab %s: the cursor is on line %d", key, y)
			}
		}
	})
}
