package confirm_test

import (
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

var look = theme.New(theme.Dark, theme.Unicode())

var (
	plain = confirm.Question{Title: "Disable ci-deploy?", Verb: "disable", Lines: []confirm.Line{{Text: "It is refused from now on. You can enable it again."}}}
	named = confirm.Question{
		Title: "Revoke partner-acme?", Verb: "revoke", Name: "partner-acme",
		Lines: []confirm.Line{
			{Text: "It stops working at once and cannot be brought back.", Tone: theme.Bad},
			{Text: "Used 2 s ago from 198.51.100.7 and from 4 other addresses; whoever sits there will be refused."},
		},
	}
	counted = confirm.Question{Title: "Disable the marked keys?", Verb: "disable", Count: 12}
)

func start(t *testing.T, m *confirm.Model, w, h int) *tuitest.Screen {
	t.Helper()
	return tuitest.Start(t, tuitest.Host{
		Start: func() tea.Cmd { return m.Init() },
		Update: func(msg tea.Msg) (cmd tea.Cmd) {
			*m, cmd = m.Update(msg)
			return cmd
		},
		View: func() (string, *tea.Cursor) { return m.View(), m.Cursor() },
	}.Model(), w, h)
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name string
		q    confirm.Question
		keys []string
		want confirm.Answer
	}{
		{"a stray enter cancels", plain, []string{"enter"}, confirm.No},
		{"tab and enter agree", plain, []string{"tab", "enter"}, confirm.Yes},
		{"right and enter agree", plain, []string{"right", "enter"}, confirm.Yes},
		{"there and back cancels", plain, []string{"right", "left", "enter"}, confirm.No},
		{"tab twice cancels", plain, []string{"tab", "tab", "enter"}, confirm.No},
		{"y agrees", plain, []string{"y"}, confirm.Yes},
		{"n cancels", plain, []string{"n"}, confirm.No},
		{"esc cancels", plain, []string{"tab", "esc"}, confirm.No},
		{"ctrl+c cancels", plain, []string{"ctrl+c"}, confirm.No},
		{"other keys do nothing", plain, []string{"x", "space", "j", "up"}, confirm.Open},
		{"an answer is final", plain, []string{"n", "y", "enter"}, confirm.No},

		{"enter without the name cancels", named, []string{"enter"}, confirm.No},
		{"y is text", named, []string{"y"}, confirm.Open},
		{"half the name does nothing", named, []string{"p", "a", "r", "enter"}, confirm.Open},
		{"tab does not reach the button", named, []string{"tab", "enter"}, confirm.No},
		{"esc cancels whatever is typed", named, []string{"p", "esc"}, confirm.No},

		{"another number does nothing", counted, []string{"1", "enter"}, confirm.Open},
		{"the number agrees", counted, []string{"1", "2", "enter"}, confirm.Yes},
		{"one digit too many does nothing", counted, []string{"1", "2", "3", "enter"}, confirm.Open},
		{"corrected", counted, []string{"1", "2", "3", "backspace", "enter"}, confirm.Yes},
		{"the right number, then back to Cancel", counted, []string{"1", "2", "tab", "enter"}, confirm.No},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := confirm.New(look, c.q)
				start(t, &m, 80, 14).Press(c.keys...)
				if got := m.Answer(); got != c.want {
					t.Errorf("answer %d, want %d", got, c.want)
				}
			})
		})
	}
}

func TestTypingTheNameAgrees(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := confirm.New(look, named)
		s := start(t, &m, 80, 14)
		s.Golden("named-empty")
		if got := s.Reversed(); len(got) != 1 || got[0] != ">[ Cancel ]" {
			t.Errorf("the focus is on %q, want Cancel", got)
		}
		s.Type("partner-", "enter")
		s.Golden("named-half")
		s.Type("acme")
		if got := s.Reversed(); len(got) != 1 || got[0] != ">[ revoke ]" {
			t.Errorf("the focus is on %q, want revoke", got)
		}
		s.Press("enter")
		if m.Answer() != confirm.Yes {
			t.Errorf("answer %d", m.Answer())
		}
	})
}

func TestTheNameMustBeExact(t *testing.T) {
	for _, typed := range []string{"Partner-acme", "partner-acme ", " partner-acme", "partner_acme"} {
		m := confirm.New(look, named)
		m, _ = m.Update(tea.PasteMsg{Content: typed})
		m, _ = m.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
		if m.Answer() != confirm.Open {
			t.Errorf("%q gives the answer %d", typed, m.Answer())
		}
	}
}

func TestASuddenDialogSwallowsKeysForAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := plain
		q.Sudden = true
		m := confirm.New(look, q)
		s := start(t, &m, 80, 14)
		s.Press("y")
		s.Paste("y")
		if m.Answer() != confirm.Open || !s.Contains("a moment") {
			t.Fatalf("answer %d after keys that were meant for something else\n%s", m.Answer(), s.Text())
		}
		s.Advance(confirm.Grace)
		if s.Contains("a moment") {
			t.Error("still deaf")
		}
		s.Press("y")
		if m.Answer() != confirm.Yes {
			t.Errorf("answer %d", m.Answer())
		}
	})
}

func TestTheGraceOfAnotherDialogDoesNotCount(t *testing.T) {
	q := plain
	q.Sudden = true
	first, second := confirm.New(look, q), confirm.New(look, q)
	synctest.Test(t, func(t *testing.T) {
		second, _ = second.Update(first.Init()())
		second, _ = second.Update(tea.KeyPressMsg{Code: 'y', Text: "y"})
		if second.Answer() != confirm.Open {
			t.Error("the tick of another dialog ended the grace")
		}
	})
}

func TestTheRealCursorIsWhereTheOperatorActs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := confirm.New(look, plain)
		s := start(t, &m, 80, 14)
		for _, want := range []string{">[ Cancel ]", ">[ disable ]"} {
			x, y := s.Find(want)
			if cx, cy, ok := s.Cursor(); cx != x || cy != y || !ok {
				t.Errorf("cursor %d,%d, want %d,%d on %s", cx, cy, x, y, want)
			}
			s.Press("tab")
		}
		m = confirm.New(look, named)
		s.Type("par")
		x, y := s.Find("> par")
		if cx, cy, _ := s.Cursor(); cx != x+5 || cy != y {
			t.Errorf("cursor %d,%d, want behind the typed text at %d,%d", cx, cy, x+5, y)
		}
	})
}

func TestNarrowAndHostile(t *testing.T) {
	q := named
	q.Title, q.Name = "Revoke \x1b[2J?", "a\u202eb"
	m := confirm.New(look, q)
	for _, w := range []int{30, 44, 56, 76} {
		m.SetWidth(w)
		for line := range strings.SplitSeq(m.View(), "\n") {
			if text.Width(line) != w {
				t.Errorf("%d: line %q takes %d cells", w, line, text.Width(line))
			}
		}
		if strings.Contains(m.View(), "\x1b[2J") || strings.Contains(m.View(), "\u202e") {
			t.Errorf("hostile text came through:\n%s", m.View())
		}
	}
	if m.Question().Name != q.Name {
		t.Error("the question changed")
	}
}

func TestANewThemeIsUsed(t *testing.T) {
	m := confirm.New(look, named)
	before := m.View()
	m.SetTheme(theme.New(theme.Mono, theme.ASCII()))
	if after := m.View(); !strings.Contains(before, "38;5;") || strings.Contains(after, "38;5;") {
		t.Errorf("before %q\nafter %q", before, after)
	}
}

func TestAThirdButton(t *testing.T) {
	for _, c := range []struct {
		keys []string
		want confirm.Answer
	}{
		{[]string{"enter"}, confirm.No},
		{[]string{"tab", "enter"}, confirm.Other},
		{[]string{"tab", "tab", "enter"}, confirm.Yes},
		{[]string{"tab", "tab", "tab", "enter"}, confirm.No},
		{[]string{"right", "right", "right", "enter"}, confirm.Yes},
		{[]string{"right", "right", "left", "enter"}, confirm.Other},
		{[]string{"y"}, confirm.Yes},
		{[]string{"esc"}, confirm.No},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := confirm.New(look, confirm.Question{Title: "Changed meanwhile", Verb: "keep mine", Other: "take theirs", Refuse: "go back"})
			s := start(t, &m, 80, 10)
			s.Press(c.keys...)
			if m.Answer() != c.want {
				t.Errorf("%v: answer %d, want %d\n%s", c.keys, m.Answer(), c.want, s.Text())
			}
		})
	}
}

func TestWithoutAThirdButtonThereAreTwo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := confirm.New(look, confirm.Question{Title: "Sure?", Verb: "go"})
		s := start(t, &m, 80, 10)
		s.Press("tab", "enter")
		if m.Answer() != confirm.Yes {
			t.Errorf("answer %d\n%s", m.Answer(), s.Text())
		}
	})
}
