package prompt_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/prompt"
)

var look = theme.New(theme.Dark, theme.Unicode())

func complete(typed string) []string {
	var found []string
	for _, c := range []string{"key.revoke", "key.rotate", "key.edit", "user.add"} {
		if typed != "" && strings.HasPrefix(c, typed) {
			found = append(found, c)
		}
	}
	return found
}

func start(t *testing.T, m *prompt.Model, w int) *tuitest.Screen {
	t.Helper()
	return tuitest.Start(t, tuitest.Host{
		Update: func(msg tea.Msg) (cmd tea.Cmd) {
			*m, cmd = m.Update(msg)
			return cmd
		},
		View:   func() (string, *tea.Cursor) { return m.View(), m.Cursor() },
		Resize: func(w, _ int) { m.SetWidth(w) },
	}.Model(), w, 2)
}

func TestACommandIsTypedAndAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := prompt.New(look, ":", complete)
		s := start(t, &m, 60)
		s.Type("ignored")
		if m.State() != prompt.Closed || s.Line(0) != "" || m.Value() != "" {
			t.Errorf("a closed line takes keys: %q", s.Line(0))
		}
		m.Open("")
		s.Type("key.r")
		if s.Line(0) != ": key.r   key.revoke  key.rotate" {
			t.Errorf("line %q", s.Line(0))
		}
		if x, y, ok := s.Cursor(); x != 7 || y != 0 || !ok {
			t.Errorf("cursor %d,%d %v", x, y, ok)
		}
		s.Press("tab")
		if s.Line(0) != ": key.revoke   key.revoke  key.rotate" || len(s.Reversed()) != 1 {
			t.Errorf("completed: %q", s.Line(0))
		}
		s.Press("enter")
		if m.State() != prompt.Accepted || m.Value() != "key.revoke" {
			t.Errorf("state %d, value %q", m.State(), m.Value())
		}
		m.Close()
		if m.State() != prompt.Closed || m.Value() != "" || m.Cursor() != nil {
			t.Error("not closed")
		}
	})
}

func TestCompletionGoesRound(t *testing.T) {
	for _, c := range []struct {
		keys []string
		want string
	}{
		{[]string{"tab"}, "key.revoke"},
		{[]string{"tab", "tab"}, "key.rotate"},
		{[]string{"tab", "tab", "tab"}, "key.r"},
		{[]string{"shift+tab"}, "key.rotate"},
		{[]string{"tab", "shift+tab"}, "key.r"},
		{[]string{"tab", "backspace", "tab"}, "key.revoke"},
		{[]string{"x", "tab"}, "key.rx"},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := prompt.New(look, ":", complete)
			m.Open("key.r")
			start(t, &m, 60).Press(c.keys...)
			if m.Value() != c.want {
				t.Errorf("%v gives %q, want %q", c.keys, m.Value(), c.want)
			}
		})
	}
}

func TestHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := prompt.New(look, "/", nil)
		s := start(t, &m, 60)
		for _, line := range []string{"one", "two", "one", ""} {
			m.Open("")
			s.Type(line + "\r")
		}
		if want := []string{"two", "one"}; !slices.Equal(m.History(), want) {
			t.Errorf("history %v, want %v", m.History(), want)
		}
		m.Open("dra")
		s.Type("ft")
		for _, step := range []struct{ key, want string }{
			{"up", "one"}, {"up", "two"}, {"up", "two"}, {"down", "one"}, {"down", "draft"}, {"down", "draft"}, {"tab", "draft"},
		} {
			s.Press(step.key)
			if m.Value() != step.want {
				t.Fatalf("%s shows %q, want %q", step.key, m.Value(), step.want)
			}
		}
		s.Press("esc")
		if m.State() != prompt.Cancelled || len(m.History()) != 2 {
			t.Errorf("state %d, history %v", m.State(), m.History())
		}
	})
}

func TestHistoryIsBounded(t *testing.T) {
	m := prompt.New(look, ":", nil)
	var lines []string
	for i := range 150 {
		lines = append(lines, fmt.Sprint(i))
	}
	m.SetHistory(lines)
	lines[149] = "changed"
	got := m.History()
	if len(got) != prompt.HistorySize || got[0] != "50" || got[99] != "149" {
		t.Errorf("%d lines, %q to %q", len(got), got[0], got[len(got)-1])
	}
}

func TestAnErrorReopensTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := prompt.New(look, ":", complete)
		m.Open("nonsense")
		s := start(t, &m, 60)
		s.Press("enter")
		m.SetError(`no command "nonsense"`)
		s.Press("home")
		if m.State() != prompt.Editing || !s.Contains(`no command "nonsense"`) {
			t.Errorf("state %d:\n%s", m.State(), s.Text())
		}
		s.Press("delete")
		if s.Contains("no command") || m.Value() != "onsense" {
			t.Errorf("edited:\n%s", s.Text())
		}
	})
}

func TestTheLineIsExactAndHarmless(t *testing.T) {
	m := prompt.New(look, ":", func(string) []string { return []string{"支払い", "a\x1b[2Jb", "long-candidate-name"} })
	m.Open("支払い worker")
	for w := range 70 {
		m.SetWidth(w)
		if got := m.View(); text.Width(got) != w || strings.Contains(got, "\x1b[2J") {
			t.Errorf("%d cells: %q takes %d", w, got, text.Width(got))
		}
	}
	m, _ = m.Update(tea.PasteMsg{Content: "a\nb"})
	if strings.Contains(m.Value(), "\n") {
		t.Errorf("value %q", m.Value())
	}
}

func TestANewThemeIsUsed(t *testing.T) {
	m := prompt.New(look, ":", complete)
	m.Open("key")
	before := m.View()
	m.SetTheme(theme.New(theme.Mono, theme.ASCII()))
	if after := m.View(); !strings.Contains(before, "38;5;") || strings.Contains(after, "38;5;") {
		t.Errorf("before %q\nafter %q", before, after)
	}
}
