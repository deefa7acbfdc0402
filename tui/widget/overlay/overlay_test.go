package overlay_test

import (
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/overlay"
)

var look = theme.New(theme.Dark, theme.Unicode())

func TestBox(t *testing.T) {
	got := ansi.Strip(overlay.Box(look, "Key created", []string{"one", "支払い-worker-long"}, 20))
	want := "┌ Key created ─────┐\n│ one              │\n│ 支払い-worker-l… │\n└──────────────────┘"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if overlay.Inner(20) != 16 || overlay.Inner(2) != 0 {
		t.Error("inner width")
	}
}

func TestABoxIsExactAtAnyWidth(t *testing.T) {
	for w := 2; w < 30; w++ {
		for _, title := range []string{"", "支払い", "a long title that is cut", "\x1b[2J"} {
			for line := range strings.SplitSeq(overlay.Box(look, title, []string{"text"}, w), "\n") {
				if w >= 8 && text.Width(line) != w {
					t.Errorf("%d cells, title %q: line %q takes %d", w, title, line, text.Width(line))
				}
			}
		}
	}
}

func TestTheDialogIsInTheMiddleAndTheRestIsDim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := look.Paint(theme.Bad, strings.Repeat("ab支", 5))
		view := strings.Repeat(line+"\n", 8) + line
		dialog := overlay.Box(look, "Sure?", []string{"hello"}, 11)
		whole, at := overlay.Place(look, view, dialog, 20, 9)
		if at != (layout.Rect{X: 4, Y: 3, W: 11, H: 3}) {
			t.Errorf("the dialog is at %+v", at)
		}
		s := tuitest.Start(t, tuitest.Host{
			Update: func(tea.Msg) tea.Cmd { return nil },
			View:   func() (string, *tea.Cursor) { return whole, nil },
		}.Model(), 20, 9, tuitest.Colors(colorprofile.ANSI256))
		s.Golden("place")
		if c := s.Cell(0, 0); !c.Faint || c.Bold {
			t.Errorf("the ground is not dim: %+v", c)
		}
		if c := s.Cell(6, 4); c.Text != "h" || c.Faint {
			t.Errorf("the dialog is dim: %+v", c)
		}
	})
}

func TestAnySizeWorks(t *testing.T) {
	dialog := overlay.Box(look, "t", []string{"a", "b", "c"}, 12)
	for w := range 14 {
		for h := range 7 {
			whole, at := overlay.Place(look, "ground\nsecond", dialog, w, h)
			if at.X < 0 || at.Y < 0 || at.X+at.W > w || at.Y+at.H > h {
				t.Errorf("%dx%d: the dialog is at %+v", w, h, at)
			}
			if n := strings.Count(whole, "\n") + 1; w > 0 && h > 0 && n > h {
				t.Errorf("%dx%d: %d lines", w, h, n)
			}
		}
	}
}
