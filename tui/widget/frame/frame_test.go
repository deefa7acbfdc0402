package frame_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/frame"
)

var look = theme.New(theme.Dark, theme.Unicode())

func sample() frame.Frame {
	return frame.Frame{
		App: "pakdeck", Store: "/var/lib/pakdeck/prod.db",
		Facts: []frame.Fact{{Text: "42 keys"}, {Text: "3 expiring", Tone: theme.Warn}, {Text: "2 high", Tone: theme.Bad}},
		Right: []frame.Fact{{Text: "ops@bastion-1"}, {Text: "rw"}, {Text: "14:32Z"}},
		Tabs:  []frame.Tab{{"1", "Keys"}, {"2", "Users"}, {"3", "Usage"}, {"4", "Journal"}, {"5", "Lint"}},
		Aids:  []keymap.Hint{{Key: "/", Text: "filter"}, {Key: ":", Text: "command"}, {Key: "?", Text: "help"}},
		Toast: " ok  disabled contractor-2025",
		Hints: []keymap.Hint{
			{Key: "j/k", Text: "move"},
			{Key: "space", Text: "mark"},
			{Key: "n", Text: "new"},
			{Key: "r", Text: "rotate"},
			{Key: "x", Text: "disable"},
			{Key: "X", Text: "revoke"},
			{Key: "o", Text: "sort"},
			{Key: "y", Text: "copy id"},
			{Key: "enter", Text: "open"},
			{Key: "q", Text: "quit"},
		},
	}
}

func TestGoldenAtTheDesignedSizes(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {100, 30}, {140, 45}, {50, 10}} {
		synctest.Test(t, func(t *testing.T) {
			w, h := size[0], size[1]
			s := tuitest.Start(t, tuitest.Host{
				Update: func(tea.Msg) tea.Cmd { return nil },
				View: func() (string, *tea.Cursor) {
					return sample().View(look, []string{"BODY", strings.Repeat("-", w+10)}, w, h), nil
				},
			}.Model(), w, h)
			s.Golden(fmt.Sprintf("frame-%dx%d", w, h))
		})
	}
}

func TestTheFrameFitsExactlyAtAnySize(t *testing.T) {
	hostile := sample()
	hostile.Store, hostile.Toast = "/tmp/支払い\x1b[2J/\u202ex.db", strings.Repeat("long ", 60)
	hostile.Facts[0].Text, hostile.Tabs[1].Title, hostile.Hints[0].Text = "a\nb", "支\x07", "e\u200bf"
	for _, f := range []frame.Frame{sample(), hostile, {Active: -1}} {
		for w := 0; w < 170; w += 3 {
			for _, h := range []int{0, 1, 15, 16, 24, 45} {
				view := f.View(look, []string{"body"}, w, h)
				lines := strings.Split(view, "\n")
				if len(lines) != max(1, h) {
					t.Fatalf("%dx%d: %d lines", w, h, len(lines))
				}
				for i, line := range lines {
					if h > 0 && text.Width(line) != w {
						t.Errorf("%dx%d: line %d %q takes %d cells", w, h, i, line, text.Width(line))
					}
				}
				if strings.Contains(view, "\x1b[2J") || strings.Contains(view, "\u202e") || strings.Contains(view, "\x07") {
					t.Errorf("%dx%d: hostile text came through", w, h)
				}
			}
		}
	}
}

func TestTooSmallSaysWhichSizeIsNeeded(t *testing.T) {
	got := strings.Join(strings.Fields(sample().View(look, nil, 50, 10)), " ")
	if !strings.HasPrefix(got, "terminal too small: 60x16 needed, 50x10 here; no key works but ctrl+c") {
		t.Errorf("message %q", got)
	}
	if got := sample().View(look, nil, 0, 0); got != "" {
		t.Errorf("at 0x0: %q", got)
	}
}

func TestNarrowFramesKeepWhatMatters(t *testing.T) {
	top := ansi.Strip(strings.Join(sample().Top(look, 60), "\n"))
	for _, want := range []string{"pakdeck", "prod.db", "14:32Z", "[1 Keys]", "5 Lint", "? help"} {
		if !strings.Contains(top, want) {
			t.Errorf("60 columns lack %q:\n%s", want, top)
		}
	}
	keys := ansi.Strip(frame.Keys(look, sample().Hints, 40))
	if !strings.HasPrefix(keys, " j/k move  space mark  n new  r rotate") || strings.Contains(keys, "disable") {
		t.Errorf("hints %q", keys)
	}
	if got := frame.Keys(look, sample().Hints, 3); text.Width(got) != 3 {
		t.Errorf("no room for hints: %q", got)
	}
}

func TestTheActiveTabShowsWithoutColour(t *testing.T) {
	f := sample()
	for i, tab := range f.Tabs {
		f.Active = i
		line := ansi.Strip(f.Top(look, 100)[1])
		if want := "[" + tab.Key + " " + tab.Title + "]"; !strings.Contains(line, want) || strings.Count(line, "[") != 1 {
			t.Errorf("line %q, want only %s in brackets", line, want)
		}
	}
}
