package facts_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
)

func looks() theme.Theme { return theme.New(theme.Mono, theme.Unicode()) }

func sample() []facts.Fact {
	return []facts.Fact{
		facts.Head("build-bot/ci"),
		{},
		facts.Of("owner", "build-bot"),
		{Label: "state", Text: "expiring", Tone: theme.Warn},
		{Label: "", Text: looks().Title.Render("▁▂▃ 98%"), Styled: true},
		facts.Of("description", "deploys to staging and, when asked, to production"),
		facts.Of("agent", "evil\x1b[2J\nline"),
		facts.Of("支払い", "\u202ereversed"),
	}
}

func TestEveryLineIsExactlyAsWideAsTheView(t *testing.T) {
	for w := range 60 {
		for _, h := range []int{0, 1, 3, 40} {
			m := facts.New(looks())
			m.SetSize(w, h)
			m.SetFacts(sample())
			lines := strings.Split(m.View(), "\n")
			if h > 0 && len(lines) != h {
				t.Fatalf("%dx%d: %d lines", w, h, len(lines))
			}
			for _, line := range lines {
				if got := text.Width(line); h > 0 && got != w {
					t.Fatalf("%dx%d: %q has %d cells", w, h, line, got)
				}
			}
		}
	}
}

func TestValuesLineUpAndGoOnUnderThemselves(t *testing.T) {
	m := facts.New(looks())
	m.SetSize(40, 12)
	m.SetFacts(sample())
	tuitest.Golden(t, "facts-40", ansi.Strip(m.View()))
}

func TestNoControlCharacterGetsThrough(t *testing.T) {
	for _, line := range facts.Lines(looks(), 50, []facts.Fact{facts.Of("\x1b]0;x\a", "\x1b[2J\u202e\r\b")}) {
		if plain := ansi.Strip(line); strings.ContainsAny(plain, "\x1b\a\r\b\u202e") || !strings.Contains(plain, `\x1b[2J`) {
			t.Errorf("line %q", line)
		}
	}
}

func TestScrollingSaysWhatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := facts.New(looks())
		var many []facts.Fact
		for i := range 20 {
			many = append(many, facts.Of("line", fmt.Sprint(i)))
		}
		m.SetFacts(many)
		s := tuitest.Start(t, tuitest.Host{
			Update: func(msg tea.Msg) (cmd tea.Cmd) { m, cmd = m.Update(msg); return cmd },
			View:   func() (string, *tea.Cursor) { return m.View(), nil },
			Resize: func(w, h int) { m.SetSize(w, h) },
		}.Model(), 30, 8)
		for _, step := range []struct{ key, first, last string }{
			{"k", "line  0", "… 13 more lines"},
			{"j", "line  1", "… 12 more lines"},
			{"pgdown", "line  7", "… 6 more lines"},
			{"G", "line  12", "line  19"},
			{"down", "line  12", "line  19"},
			{"pgup", "line  6", "… 7 more lines"},
			{"g", "line  0", "… 13 more lines"},
		} {
			s.Press(step.key)
			if s.Line(0) != step.first || s.Line(7) != step.last {
				t.Errorf("after %s: from %q to %q, want %q to %q", step.key, s.Line(0), s.Line(7), step.first, step.last)
			}
		}
		s.Press("G")
		s.Resize(30, 30)
		if s.Line(0) != "line  0" || m.Scrolls() {
			t.Errorf("with room for all, the first line is %q", s.Line(0))
		}
	})
}

func TestNewFactsKeepThePlace(t *testing.T) {
	m := facts.New(looks())
	m.SetSize(20, 4)
	ten := make([]facts.Fact, 10)
	for i := range ten {
		ten[i] = facts.Of("n", fmt.Sprint(i))
	}
	m.SetFacts(ten)
	m, _ = m.Update(tea.KeyPressMsg{Code: tea.KeyDown})
	m, _ = m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	ten[4].Text = "changed"
	m.SetFacts(ten)
	if got := ansi.Strip(m.View()); !strings.HasPrefix(got, "n  changed") {
		t.Errorf("view begins %q", got)
	}
	m.SetFacts(ten[:2])
	if got := ansi.Strip(m.View()); !strings.HasPrefix(got, "n  0") {
		t.Errorf("with fewer facts the view begins %q", got)
	}
}
