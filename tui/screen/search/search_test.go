package search_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

var look = theme.New(theme.Mono, theme.Unicode())

// check knows no filter with a question mark in it.
func check(s string) error {
	if strings.Contains(s, "?") {
		return errors.New("no question marks: " + text.Quote(s))
	}
	return nil
}

// on opens a search with a filter that holds and runs a test on it.
func on(t *testing.T, holds string, test func(s *tuitest.Screen, m *search.Model)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := search.New(check, holds)
		m.Open(look, 60, nil)
		s := tuitest.Start(t, tuitest.Host{
			Update: func(msg tea.Msg) (cmd tea.Cmd) {
				if press, ok := msg.(tea.KeyPressMsg); ok && press.Code == tea.KeyEnter {
					m.Accept()
					return nil
				}
				_, cmd = m.Update(msg)
				return cmd
			},
			View: func() (string, *tea.Cursor) {
				return strings.Join(m.Lines(look, 60, "2 of 9 shown", "first", "second"), "\n"), m.Cursor()
			},
		}.Model(), 60, 3)
		test(s, &m)
	})
}

func TestWhatIsTypedHoldsAtOnce(t *testing.T) {
	on(t, "", func(s *tuitest.Screen, m *search.Model) {
		s.Type("abc")
		if m.Text() != "abc" || !m.Editing() {
			t.Errorf("holds %q", m.Text())
		}
		if !strings.HasPrefix(s.Line(0), " / abc") || !strings.HasSuffix(s.Line(0), "2 of 9 shown") {
			t.Errorf("line %q", s.Line(0))
		}
		if x, y, visible := s.Cursor(); x != 6 || y != 0 || !visible {
			t.Errorf("cursor %d,%d", x, y)
		}
		s.Press("enter")
		if m.Editing() || s.Line(0) != " first   second" {
			t.Errorf("after enter: %q", s.Line(0))
		}
	})
}

func TestAWordThatIsWrongDoesNotCountYet(t *testing.T) {
	on(t, "", func(s *tuitest.Screen, m *search.Model) {
		s.Type("abc d?")
		if m.Text() != "abc" || !strings.Contains(s.Line(1), `no question marks: "abc d?"`) {
			t.Errorf("holds %q, says %q", m.Text(), s.Line(1))
		}
		s.Press("enter")
		if !m.Editing() {
			t.Error("enter accepted it")
		}
		s.Press("backspace", "enter")
		if m.Editing() || m.Text() != "abc d" || s.Line(1) != "" {
			t.Errorf("holds %q", m.Text())
		}
	})
}

func TestNothingOfItIsRight(t *testing.T) {
	on(t, "old", func(s *tuitest.Screen, m *search.Model) {
		s.Type("? x ?")
		if m.Text() != "old" {
			t.Errorf("holds %q, want what held before", m.Text())
		}
	})
}

func TestCancelBringsBackTheFilterFromBefore(t *testing.T) {
	on(t, "old", func(s *tuitest.Screen, m *search.Model) {
		s.Type("new")
		if m.Text() != "old new" {
			t.Fatalf("holds %q", m.Text())
		}
		m.Cancel()
		if m.Text() != "old" || m.Editing() {
			t.Errorf("holds %q", m.Text())
		}
	})
}

func TestLinesOfThePastComeBack(t *testing.T) {
	on(t, "", func(s *tuitest.Screen, m *search.Model) {
		s.Type("abc", "enter")
		m.Clear()
		m.Open(look, 60, nil)
		s.Press("up")
		if m.Text() != "abc" {
			t.Errorf("holds %q", m.Text())
		}
	})
}

func TestWhatWasGivenAndIsNoFilterIsRefusedUntilOneHolds(t *testing.T) {
	on(t, "what?", func(s *tuitest.Screen, m *search.Model) {
		if m.Text() != "" || m.Given() != "what?" || m.Reset() {
			t.Fatalf("holds %q, given %q", m.Text(), m.Given())
		}
		if want := `no question marks: "what?"`; m.Refused() != want || !strings.Contains(s.Line(1), want) || !strings.HasPrefix(s.Line(0), " / what?") {
			t.Errorf("refused: %q, on the screen %q", m.Refused(), s.Text())
		}
		s.Type("more")
		if m.Refused() == "" || m.Text() != "" {
			t.Errorf("holds %q, though the beginning is wrong", m.Text())
		}
		s.Press("ctrl+u")
		s.Type("good")
		if m.Refused() != "" || m.Text() != "good" {
			t.Errorf("refused: %q, holds %q", m.Refused(), m.Text())
		}
		m.Cancel()
		if m.Refused() == "" || m.Text() != "" {
			t.Errorf("after esc: refused %q, holds %q", m.Refused(), m.Text())
		}
	})
}

func TestUpdateTellsWhetherAnotherFilterHolds(t *testing.T) {
	m := search.New(check, "what?")
	m.Open(look, 60, nil)
	press := func(k tea.KeyPressMsg) bool { changed, _ := m.Update(k); return changed }
	if press(tea.KeyPressMsg{Code: 'x', Text: "x"}) {
		t.Error("what is wrong changed the filter")
	}
	if !press(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl}) || press(tea.KeyPressMsg{Code: tea.KeyLeft}) {
		t.Error("an empty line is a filter, and moving in it changes nothing")
	}
	if !press(tea.KeyPressMsg{Code: 'a', Text: "a"}) {
		t.Error("a letter changed nothing")
	}
}

func TestResetBringsBackWhatWasGiven(t *testing.T) {
	m := search.New(check, " old ")
	if m.Text() != "old" || m.Reset() {
		t.Errorf("holds %q, or is reset without a change", m.Text())
	}
	m.Clear()
	if !m.Reset() || m.Text() != "old" {
		t.Errorf("holds %q", m.Text())
	}
}

func TestAQuestionHasTheLine(t *testing.T) {
	m := search.New(check, "old")
	m.Ask.Open(look, 60, "Reason", "why?", "le", field.WithPlaceholder("goes into the journal"))
	for _, r := range "ak?" {
		if changed, _ := m.Update(tea.KeyPressMsg{Code: r, Text: string(r)}); changed {
			t.Error("an answer changed the filter")
		}
	}
	lines := m.Lines(look, 60, "2 of 9 shown", "first")
	if m.Ask.Value() != "leak?" || !m.Typing() || m.Editing() || !strings.Contains(lines[0], "why?") || m.Cursor() == nil {
		t.Errorf("answer %q in %q", m.Ask.Value(), lines[0])
	}
	m.Ask.SetError(errors.New("too short"))
	if lines = m.Lines(look, 60, "", ""); !strings.Contains(lines[1], "too short") {
		t.Errorf("says %q", lines[1])
	}
	if m.Help().Title != "Reason" {
		t.Errorf("help on %q", m.Help().Title)
	}
	m.Ask.Close()
	if m.Typing() || m.Text() != "old" || !strings.Contains(m.Lines(look, 60, "", "first")[0], "first") {
		t.Errorf("after it: %q, holds %q", m.Lines(look, 60, "", "first")[0], m.Text())
	}
}

func TestTheStatusKeepsWhatFits(t *testing.T) {
	m := search.New(check, "")
	for w, want := range map[int]string{40: "nine keys   filter: abc   sort: name", 26: "nine keys   filter: abc", 14: "nine keys", 6: "nin…"} {
		lines := m.Lines(look, w, "", "nine keys", "filter: abc", "sort: name")
		if got := lines[0]; !strings.Contains(got, want) || text.Width(got) > w {
			t.Errorf("in %d cells: %q, want %q", w, got, want)
		}
	}
	if got := m.Lines(look, 60, "", "\x1b[2Jevil")[0]; strings.Contains(got, "\x1b[2J") {
		t.Errorf("hostile status: %q", got)
	}
}
