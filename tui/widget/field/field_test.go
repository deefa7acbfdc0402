package field_test

import (
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

var look = theme.New(theme.Dark, theme.Unicode())

// start shows a focused field on a screen of its width.
func start(t *testing.T, m *field.Model, w int) *tuitest.Screen {
	t.Helper()
	m.Focus()
	return tuitest.Start(t, tuitest.Host{
		Update: func(msg tea.Msg) (cmd tea.Cmd) {
			*m, cmd = m.Update(msg)
			return cmd
		},
		View:   func() (string, *tea.Cursor) { return m.View(), m.Cursor() },
		Resize: func(w, _ int) { m.SetWidth(w) },
	}.Model(), w, 3)
}

func TestTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := field.New(look, "Name", field.WithHint("1 to 128 characters"), field.WithPlaceholder("ci-deploy"))
		s := start(t, &m, 40)
		if got := s.Text(); got != "Name > ci-deploy\n       1 to 128 characters\n" {
			t.Errorf("empty:\n%s", got)
		}
		s.Type("ci deploy-支払い é")
		if m.Value() != "ci deploy-支払い é" || s.Line(0) != "Name > ci deploy-支払い é" {
			t.Errorf("value %q, line %q", m.Value(), s.Line(0))
		}
		if x, y, visible := s.Cursor(); x != 7+18 || y != 0 || !visible {
			t.Errorf("cursor %d,%d %v, want behind the wide text", x, y, visible)
		}
		s.Press("left", "left", "left", "backspace")
		if x, _, _ := s.Cursor(); m.Value() != "ci deploy-支い é" || x != 7+12 {
			t.Errorf("value %q, cursor at %d", m.Value(), x)
		}
		s.Press("home", "delete", "delete", "delete", "end")
		if m.Value() != "deploy-支い é" {
			t.Errorf("value %q", m.Value())
		}
		s.Press("ctrl+w")
		if m.Value() != "deploy-支い " {
			t.Errorf("after ctrl+w: %q", m.Value())
		}
		s.Press("ctrl+u")
		if m.Value() != "" {
			t.Errorf("after ctrl+u: %q", m.Value())
		}
	})
}

func TestHostileInput(t *testing.T) {
	for _, c := range []struct{ name, paste, value, message string }{
		{"plain", "ci-deploy", "ci-deploy", ""},
		{"a line break at the end", "ci-deploy\r\n", "ci-deploy", ""},
		{"line breaks inside", "a\nb\r\nc", "a b c", "2 line breaks became spaces"},
		{"one line break inside", "a\rb", "a b", "1 line break became a space"},
		{"tab", "a\tb", "a b", ""},
		{"escape sequence", "a\x1b[2Jb", "", `paste refused: it holds \x1b, which does not print`},
		{"bell", "a\x07", "", `paste refused: it holds \a, which does not print`},
		{"override", "a\u202eb", "", `paste refused: it holds \u202e, which does not print`},
		{"zero width", "a\u200bb", "", `paste refused: it holds \u200b, which does not print`},
		{"byte order mark", "\ufeffa", "", `paste refused: it holds \ufeff, which does not print`},
		{"line separator", "a\u2028b", "", `paste refused: it holds \u2028, which does not print`},
		{"broken UTF-8", "a\xffb", "", `paste refused: it holds`},
		{"nothing", "", "", ""},
		{"only line breaks", "\n\n", "", ""},
		{"command keys", "q\x03", "", `paste refused: it holds \x03, which does not print`},
		{"marks on letters", "e\u0301", "e\u0301", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := field.New(look, "Name")
				s := start(t, &m, 70)
				s.Send(tea.PasteMsg{Content: c.paste})
				if got, _ := m.Message(); m.Value() != c.value || !strings.HasPrefix(got, c.message) || (c.message == "") != (got == "") {
					t.Errorf("value %q, message %q, want %q, %q", m.Value(), got, c.value, c.message)
				}
				if !s.Contains(strings.TrimSpace(c.message)) {
					t.Errorf("the message is not on the screen:\n%s", s.Text())
				}
				s.Type("x")
				if got, _ := m.Message(); got != "" {
					t.Errorf("the message %q outlives the next key", got)
				}
			})
		})
	}
}

func TestAPasteThroughTheTerminalIsText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := field.New(look, "Name")
		s := start(t, &m, 60)
		s.Paste("q\ndj\tX?\n")
		if m.Value() != "q dj X?" || s.Exited() {
			t.Errorf("value %q", m.Value())
		}
		s.Paste("a\x1b[2Jb\x1b]52;c;AAAA\x07")
		if _, found := text.Unsafe(m.Value()); found || strings.Contains(string(s.TakeBytes()), "]52;") {
			t.Errorf("value %q", m.Value())
		}
	})
}

func TestTypedCharactersThatDoNotPrintAreIgnored(t *testing.T) {
	m := field.New(look, "Name")
	m.Focus()
	for _, s := range []string{"a", "\u202e", "\u200d", "\u0301"} {
		m, _ = m.Update(tea.KeyPressMsg{Code: []rune(s)[0], Text: s})
	}
	if m.Value() != "a\u0301" {
		t.Errorf("value %q", m.Value())
	}
	m, _ = m.Update(tea.KeyPressMsg{Code: tea.KeyHome})
	m, _ = m.Update(tea.KeyPressMsg{Code: 0x301, Text: "\u0301"})
	if got, wrong := m.Message(); m.Value() != "a\u0301" || got != `ignored: it holds \u0301, which does not print` || !wrong {
		t.Errorf("a mark without a letter: value %q, message %q", m.Value(), got)
	}
}

func TestTheHostsClipboardAndPrefixesAreNotBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := field.New(look, "Name")
		s := start(t, &m, 40)
		s.Type("abc")
		m2, cmd := m.Update(tea.KeyPressMsg{Code: 'v', Mod: tea.ModCtrl})
		if cmd != nil || m2.Value() != "abc" {
			t.Error("ctrl+v does something")
		}
		for _, k := range []string{"ctrl+a", "ctrl+b", "tab", "down", "up", "enter", "esc"} {
			s.Press(k)
			if x, _, _ := s.Cursor(); x != 7+3 || m.Value() != "abc" {
				t.Errorf("%s moves the cursor to %d or changes the value to %q", k, x, m.Value())
			}
		}
	})
}

func TestTheLimitShowsWhenNear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := field.New(look, "Name", field.WithLimit(10))
		s := start(t, &m, 40)
		s.Type("abcd")
		if s.Contains("/10") {
			t.Errorf("shown too early: %q", s.Line(0))
		}
		s.Type("e")
		if !strings.HasSuffix(s.Line(0), " 5/10") {
			t.Errorf("not shown: %q", s.Line(0))
		}
		s.Paste("fghijklm")
		if got, _ := m.Message(); m.Value() != "abcdefghij" || got != "at most 10 characters: 3 left out" {
			t.Errorf("value %q, message %q", m.Value(), got)
		}
		s.Type("x")
		if got, _ := m.Message(); m.Value() != "abcdefghij" || got != "at most 10 characters: 1 left out" {
			t.Errorf("value %q, message %q", m.Value(), got)
		}
	})
}

func TestAnErrorShowsUntilTheValueChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := field.New(look, "Name", field.WithHint("any name"))
		s := start(t, &m, 40)
		s.Type("a")
		m.SetError("taken by \x1b key")
		s.Press("left")
		if !s.Contains(`taken by \x1b key`) || s.Contains("any name") || m.Err() == "" {
			t.Errorf("no error:\n%s", s.Text())
		}
		s.Type("b")
		if m.Err() != "" || !s.Contains("any name") {
			t.Errorf("the error stays:\n%s", s.Text())
		}
		m.SetHint("other")
		m.SetTheme(theme.New(theme.Mono, theme.ASCII()))
		s.Press("left")
		if !s.Contains("other") {
			t.Errorf("hint:\n%s", s.Text())
		}
	})
}

func TestALongValueScrollsWithTheCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := field.New(look, "N")
		s := start(t, &m, 14)
		s.Type("0123456789支払い")
		if x, _, _ := s.Cursor(); s.Line(0) != "N > 789支払い" || x != 13 {
			t.Errorf("at the end: %q, cursor %d", s.Line(0), x)
		}
		s.Press("home")
		if x, _, _ := s.Cursor(); s.Line(0) != "N > 0123456789" || x != 4 {
			t.Errorf("at the start: %q, cursor %d", s.Line(0), x)
		}
		for range 11 {
			s.Press("right")
		}
		if x, _, _ := s.Cursor(); s.Line(0) != "N > 3456789支" || x != 13 {
			t.Errorf("on the way: %q, cursor %d", s.Line(0), x)
		}
		s.Press("end", "backspace", "backspace", "backspace", "backspace")
		if x, _, _ := s.Cursor(); s.Line(0) != "N > 012345678" || x != 13 {
			t.Errorf("after deleting: %q, cursor %d", s.Line(0), x)
		}
		s.Resize(30, 3)
		s.Type("abc")
		if s.Line(0) != "N > 012345678abc" {
			t.Errorf("with more room: %q", s.Line(0))
		}
	})
}

func TestAMaskHidesTheValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := field.New(look, "Passphrase", field.WithMask(), field.WithPlaceholder("at least 12"))
		s := start(t, &m, 40)
		s.Paste("correct horse")
		if s.Line(0) != "Passphrase > "+strings.Repeat("•", 13) || m.Value() != "correct horse" {
			t.Errorf("line %q, value %q", s.Line(0), m.Value())
		}
		if b := string(s.TakeBytes()); strings.Contains(b, "horse") {
			t.Errorf("the value reached the terminal: %q", b)
		}
	})
}

func TestFocus(t *testing.T) {
	m := field.New(look, "Name")
	m.SetWidth(30)
	m, _ = m.Update(tea.KeyPressMsg{Code: 'a', Text: "a"})
	m, _ = m.Update(tea.PasteMsg{Content: "b"})
	if m.Value() != "" || m.Focused() || m.Cursor() != nil || strings.Contains(m.View(), ">") {
		t.Error("a field without the focus takes input or shows a cursor")
	}
	m.Focus()
	m, _ = m.Update(tea.PasteMsg{Content: "\x00"})
	m.Blur()
	if got, _ := m.Message(); got != "" {
		t.Errorf("the note %q outlives the focus", got)
	}
	if m.Label() != "Name" {
		t.Error("label")
	}
}

func TestOlderValuesAreNotChanged(t *testing.T) {
	m := field.New(look, "Name")
	m.Focus()
	m.SetValue("abcdef")
	old, _ := m.Update(tea.KeyPressMsg{Code: tea.KeyLeft})
	next, _ := old.Update(tea.KeyPressMsg{Code: tea.KeyBackspace})
	other, _ := old.Update(tea.KeyPressMsg{Code: 'X', Text: "X"})
	if old.Value() != "abcdef" || next.Value() != "abcdf" || other.Value() != "abcdeXf" {
		t.Errorf("values %q, %q, %q", old.Value(), next.Value(), other.Value())
	}
	next.Reset()
	if next.Value() != "" || old.Value() != "abcdef" {
		t.Errorf("after a reset %q, %q", next.Value(), old.Value())
	}
}

func TestHeightAndInline(t *testing.T) {
	m := field.New(look, "Name", field.WithInline(), field.WithHint("hint"))
	if m.Height() != 1 || strings.Contains(m.View(), "\n") {
		t.Error("inline has more than a line")
	}
	if got, wrong := m.Message(); got != "hint" || wrong {
		t.Errorf("message %q", got)
	}
	if m := field.New(look, "Name"); m.Height() != 2 || strings.Count(m.View(), "\n") != 1 {
		t.Error("two lines are wanted")
	}
}

func FuzzFieldStaysSafeAndExact(f *testing.F) {
	f.Add("Name", "ci-deploy\n", "支払い", 20)
	f.Add("", "\x1b[31m", "e\u0301", 3)
	f.Add("L\u202e", "a\tb\r\nc", "\u200b", 0)
	f.Fuzz(func(t *testing.T, label, first, second string, w int) {
		if w < 0 || w > 200 || len(first) > 500 || len(second) > 500 {
			t.Skip()
		}
		m := field.New(look, label, field.WithLimit(100), field.WithLabelWidth(6))
		m.SetValue(first)
		m.Focus()
		m.SetWidth(w)
		m, _ = m.Update(tea.PasteMsg{Content: second})
		m, _ = m.Update(tea.KeyPressMsg{Code: tea.KeyLeft})
		m, _ = m.Update(tea.PasteMsg{Content: first})
		for line := range strings.SplitSeq(m.View(), "\n") {
			if text.Width(line) != w {
				t.Errorf("line %q takes %d cells, want %d", line, text.Width(line), w)
			}
		}
		if c := m.Cursor(); c == nil || c.X < 0 || c.X > max(0, w-1) {
			t.Errorf("cursor %+v outside of %d cells", c, w)
		}
		if strings.ContainsAny(m.Value(), "\n\r\t\x1b") {
			t.Errorf("value %q", m.Value())
		}
	})
}
