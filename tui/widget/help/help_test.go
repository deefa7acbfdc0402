package help_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/help"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

var look = theme.New(theme.Dark, theme.Unicode())

func sections() []keymap.Section {
	return []keymap.Section{
		{Title: "Key", Lines: []keymap.Line{
			{Keys: "n", Text: "issue a key"},
			{Keys: "r", Text: "replace the secret", Reason: "read-only"},
			{Keys: "X", Text: "revoke the key", Dangerous: true},
		}},
		keymap.BindingSection("Move", table.DefaultKeyMap().Bindings()...),
		{Title: "Anywhere", Lines: []keymap.Line{{Keys: "?", Text: "help"}, {Keys: "ctrl+c, q", Text: "quit"}}},
	}
}

func start(t *testing.T, m *help.Model, w, h int) *tuitest.Screen {
	t.Helper()
	return tuitest.Start(t, tuitest.Host{
		Update: func(msg tea.Msg) (cmd tea.Cmd) {
			*m, cmd = m.Update(msg)
			return cmd
		},
		View:   func() (string, *tea.Cursor) { return m.View(), m.Cursor() },
		Resize: func(w, h int) { m.SetSize(w, h) },
	}.Model(), w, h)
}

func TestGolden(t *testing.T) {
	for _, size := range [][2]int{{100, 24}, {60, 24}, {60, 10}} {
		synctest.Test(t, func(t *testing.T) {
			m := help.New(look, "Keys that work on this screen", sections()...)
			start(t, &m, size[0], size[1]).Golden(fmt.Sprintf("help-%dx%d", size[0], size[1]))
		})
	}
}

func TestEveryLineCanBeReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := help.New(look, "Keys", sections()...)
		s := start(t, &m, 60, 8)
		seen := s.Text()
		for range 20 {
			s.Press("j")
			seen += s.Text()
		}
		for _, section := range sections() {
			for _, line := range append(section.Lines, keymap.Line{Text: section.Title}) {
				if !strings.Contains(seen, line.Text) {
					t.Errorf("%q never shows", line.Text)
				}
			}
		}
		if s.Contains("more line") {
			t.Errorf("at the end it says there is more:\n%s", s.Text())
		}
		s.Press("pgup", "pgup", "pgup", "pgup", "k")
		if !s.Contains("issue a key") {
			t.Errorf("not at the top:\n%s", s.Text())
		}
		s.Press("pgdown")
		if s.Contains("issue a key") {
			t.Errorf("a page down shows the same:\n%s", s.Text())
		}
	})
}

func TestItCloses(t *testing.T) {
	for _, k := range []tea.KeyPressMsg{{Code: tea.KeyEscape}, {Code: '?', Text: "?"}, {Code: 'q', Text: "q"}, {Code: 'c', Mod: tea.ModCtrl}} {
		m := help.New(look, "Keys")
		m, _ = m.Update(tea.PasteMsg{Content: "q"})
		if m.Closed() {
			t.Fatal("closed by a paste")
		}
		if m, _ = m.Update(k); !m.Closed() {
			t.Errorf("%s does not close it", k)
		}
	}
}

func TestAnySizeIsExactAndHarmless(t *testing.T) {
	s := sections()
	s[0].Title, s[0].Lines[0].Text, s[0].Lines[1].Reason = "支\x1b[2J", "支払い\u202e", "a\nb"
	m := help.New(look, "t\x1b", s...)
	for w := 8; w < 150; w += 3 {
		m.SetSize(w, 12)
		for line := range strings.SplitSeq(m.View(), "\n") {
			if text.Width(line) != w || strings.Contains(line, "\x1b[2J") || strings.Contains(line, "\u202e") {
				t.Errorf("%d cells: %q takes %d", w, line, text.Width(line))
			}
		}
	}
}

func TestANewThemeIsUsed(t *testing.T) {
	m := help.New(look, "Keys", sections()...)
	before := m.View()
	m.SetTheme(theme.New(theme.Mono, theme.ASCII()))
	if after := m.View(); !strings.Contains(before, "38;5;") || strings.Contains(after, "38;5;") {
		t.Errorf("before %q\nafter %q", before, after)
	}
}
