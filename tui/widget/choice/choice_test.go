package choice_test

import (
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/choice"
)

var look = theme.New(theme.Dark, theme.Unicode())

func presets() []choice.Option {
	return []choice.Option{
		{Label: "7 days", Help: "Mon 2026-11-30"},
		{Label: "90 days", Help: "Sun 2027-02-21"},
		{Label: "never", Help: "no end", Disabled: "policy: at most 365 days"},
		{Label: "支払い", Help: "a date of your own"},
	}
}

func start(t *testing.T, m *choice.Model) *tuitest.Screen {
	t.Helper()
	m.Focus()
	return tuitest.Start(t, tuitest.Host{
		Update: func(msg tea.Msg) (cmd tea.Cmd) {
			*m, cmd = m.Update(msg)
			return cmd
		},
		View:   func() (string, *tea.Cursor) { return m.View(), m.Cursor() },
		Resize: func(w, _ int) { m.SetWidth(w) },
	}.Model(), 50, 5)
}

func TestMovingChooses(t *testing.T) {
	for _, c := range []struct {
		keys   []string
		chosen int
		why    string
	}{
		{nil, 0, ""},
		{[]string{"j"}, 1, ""},
		{[]string{"down", "space"}, 1, "policy: at most 365 days"},
		{[]string{"j", "j", "j"}, 3, ""},
		{[]string{"j", "j", "j", "j"}, 0, ""},
		{[]string{"k"}, 3, ""},
		{[]string{"up", "up"}, 3, "policy: at most 365 days"},
		{[]string{"x", "enter"}, 0, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := choice.New(look, presets()...)
			s := start(t, &m)
			s.Press(c.keys...)
			if m.Chosen() != c.chosen || m.Why() != c.why {
				t.Errorf("%v choose %d (%q), want %d (%q)", c.keys, m.Chosen(), m.Why(), c.chosen, c.why)
			}
			if strings.Count(s.Text(), "(•)") != 1 || len(s.Reversed()) != 1 {
				t.Errorf("%v:\n%s", c.keys, s.Text())
			}
		})
	}
}

func TestGolden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := choice.New(look, presets()...)
		s := start(t, &m)
		s.Press("j", "j")
		s.Golden("presets")
		if x, y, ok := s.Cursor(); x != 0 || y != 2 || !ok {
			t.Errorf("cursor %d,%d %v", x, y, ok)
		}
	})
}

func TestWithoutTheFocusNothingMoves(t *testing.T) {
	m := choice.New(look, presets()...)
	m.Focus()
	m, _ = m.Update(tea.KeyPressMsg{Code: 'k', Text: "k"})
	m, _ = m.Update(tea.KeyPressMsg{Code: 'k', Text: "k"})
	m.Blur()
	if m.Why() != "" || m.Chosen() != 3 || m.Cursor() != nil || m.Focused() {
		t.Error("the cursor does not go back to what is chosen")
	}
	if m, _ = m.Update(tea.KeyPressMsg{Code: 'j', Text: "j"}); m.Chosen() != 3 {
		t.Error("keys move it without the focus")
	}
}

func TestChooseAndSetOptions(t *testing.T) {
	m := choice.New(look, presets()...)
	for i, want := range map[int]bool{-1: false, 1: true, 2: false, 3: true, 4: false} {
		if got := m.Choose(i); got != want {
			t.Errorf("Choose(%d) = %v", i, got)
		}
	}
	m.Choose(1)
	m.SetOptions([]choice.Option{{Label: "a"}, {Label: "90 days"}})
	if m.Chosen() != 1 {
		t.Errorf("the choice moved to %d", m.Chosen())
	}
	m.SetOptions([]choice.Option{{Label: "90 days", Disabled: "no"}, {Label: "b"}})
	if m.Chosen() != 1 {
		t.Errorf("a disabled option stays chosen: %d", m.Chosen())
	}
	m.SetOptions([]choice.Option{{Label: "a", Disabled: "no"}})
	if m.Chosen() != -1 || m.Height() != 1 {
		t.Errorf("nothing is allowed, but %d is chosen", m.Chosen())
	}
	none := choice.New(look)
	none.Focus()
	none, _ = none.Update(tea.KeyPressMsg{Code: 'j', Text: "j"})
	if none.Chosen() != -1 || none.Why() != "" || none.View() != "" {
		t.Error("a choice of nothing")
	}
}

func TestLinesAreExact(t *testing.T) {
	m := choice.New(look, append(presets(), choice.Option{Label: "e\x1b[2J", Help: "\u202e"})...)
	m.Focus()
	for w := range 60 {
		m.SetWidth(w)
		for line := range strings.SplitSeq(m.View(), "\n") {
			if text.Width(line) != w || strings.Contains(line, "\x1b[2J") {
				t.Errorf("%d cells: %q takes %d", w, line, text.Width(line))
			}
		}
	}
}

func TestANewThemeIsUsed(t *testing.T) {
	m := choice.New(look, presets()...)
	before := m.View()
	m.SetTheme(theme.New(theme.Mono, theme.ASCII()))
	if after := m.View(); !strings.Contains(before, "38;5;") || strings.Contains(after, "38;5;") {
		t.Errorf("before %q\nafter %q", before, after)
	}
}
