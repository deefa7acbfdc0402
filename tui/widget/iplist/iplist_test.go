package iplist_test

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/iplist"
)

var look = theme.New(theme.Dark, theme.Unicode())

// parse reads an address, a prefix, or two of them with a "+" between.
func parse(s string) ([]iplist.Item, string, error) {
	if a, b, ok := strings.Cut(s, "+"); ok {
		first, _, err := parse(a)
		second, _, err2 := parse(b)
		return append(first, second...), "becomes 2 prefixes", errors.Join(err, err2)
	}
	if a, err := netip.ParseAddr(s); err == nil {
		return []iplist.Item{{Text: netip.PrefixFrom(a, a.BitLen()).String()}}, "", nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return nil, "", fmt.Errorf("%q is not an address", s)
	}
	if p != p.Masked() {
		return []iplist.Item{{Text: p.Masked().String()}}, "host bits set", nil
	}
	return []iplist.Item{{Text: p.String()}}, "", nil
}

func parseList(content string) (items []iplist.Item, errs []error) {
	for line := range strings.FieldsFuncSeq(content, func(r rune) bool { return strings.ContainsRune("\n\r,;", r) }) {
		entry, note, _ := strings.Cut(line, "#")
		got, _, err := parse(strings.TrimSpace(entry))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		got[0].Note = strings.TrimSpace(note)
		items = append(items, got...)
	}
	return items, errs
}

// problems finds entries of the second list that lie in one of the first.
func problems(deny, allow []iplist.Item) []iplist.Problem {
	var found []iplist.Problem
	for i, a := range allow {
		for j, d := range deny {
			inner, outer := netip.MustParsePrefix(a.Text), netip.MustParsePrefix(d.Text)
			if outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr()) {
				found = append(found, iplist.Problem{Side: iplist.Second, Index: i, Tone: theme.Bad, Text: fmt.Sprintf("inside d%d: never matches", j+1)})
			}
		}
	}
	return found
}

func config() iplist.Config {
	return iplist.Config{
		Titles: [2]string{"DENY", "ALLOW"}, Letters: [2]string{"d", "a"},
		Remarks: [2]string{"", "empty list = any address   ! = see below"},
		Entry:   "prefix", Entries: "prefixes", Info: "HITS 30d", Limit: 8,
		Parse: parse, ParseList: parseList, Problems: problems,
		Infos: func(first, second []iplist.Item) (out [2][]string) {
			for side, items := range [][]iplist.Item{first, second} {
				for _, i := range items {
					out[side] = append(out[side], text.Count(len(i.Text)*1000))
				}
			}
			return out
		},
	}
}

func editor() iplist.Model {
	m := iplist.New(look, config())
	m.SetValue(
		[]iplist.Item{{Text: "203.0.113.64/26", Note: "scanner, INC-482"}, {Text: "2001:db8:bad::/48", Note: "abuse report"}},
		[]iplist.Item{{Text: "198.51.100.0/24", Note: "eu office nat"}, {Text: "203.0.113.64/27", Note: "edge pop fra"}, {Text: "10.0.0.0/8", Note: "vpn 支払い"}},
	)
	m.Focus()
	return m
}

func start(t *testing.T, m *iplist.Model, w, h int) *tuitest.Screen {
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

// list is a list as one string for comparisons.
func list(items []iplist.Item) string {
	var all []string
	for _, i := range items {
		all = append(all, i.Text)
	}
	return strings.Join(all, " ")
}

const (
	deny0  = "203.0.113.64/26 2001:db8:bad::/48"
	allow0 = "198.51.100.0/24 203.0.113.64/27 10.0.0.0/8"
)

func TestFlows(t *testing.T) {
	for _, c := range []struct {
		name  string
		do    func(*tuitest.Screen)
		deny  string
		allow string
		says  string
	}{
		{"nothing", func(*tuitest.Screen) {}, deny0, allow0, ""},
		{
			"add by typing", func(s *tuitest.Screen) { s.Press("n"); s.Type("192.0.2.1", "enter", "esc") },
			deny0 + " 192.0.2.1/32", allow0, "added d3 192.0.2.1/32",
		},
		{
			"add to the other list", func(s *tuitest.Screen) { s.Press("tab", "n"); s.Type("192.0.2.9/24", "enter", "esc") },
			deny0, allow0 + " 192.0.2.0/24", "added a4 192.0.2.0/24 (host bits set)",
		},
		{
			"add several at once", func(s *tuitest.Screen) { s.Press("n"); s.Type("192.0.2.1+192.0.2.2", "enter") },
			deny0 + " 192.0.2.1/32 192.0.2.2/32", allow0, "added 2 prefixes (becomes 2 prefixes)",
		},
		{
			"what does not parse is refused", func(s *tuitest.Screen) { s.Press("n"); s.Type("192.0.2.300", "enter") },
			deny0, allow0, `"192.0.2.300" is not an address`,
		},
		{
			"a duplicate is refused", func(s *tuitest.Screen) { s.Press("n"); s.Type("203.0.113.64/26", "enter") },
			deny0, allow0, "203.0.113.64/26 is already in the list",
		},
		{
			"enter on nothing ends typing", func(s *tuitest.Screen) { s.Press("n", "enter", "d") },
			"2001:db8:bad::/48", allow0, "deleted d1 203.0.113.64/26",
		},
		{"esc drops what is typed", func(s *tuitest.Screen) { s.Press("n"); s.Type("1.2.3.4", "esc") }, deny0, allow0, ""},
		{
			"edit", func(s *tuitest.Screen) { s.Press("e", "backspace"); s.Type("8", "enter") },
			"203.0.113.64/28 2001:db8:bad::/48", allow0, "changed d1 203.0.113.64/28",
		},
		{"edit into several", func(s *tuitest.Screen) {
			s.Press("e", "ctrl+u")
			s.Type("1.1.1.1+1.1.1.2", "enter")
		}, "1.1.1.1/32 1.1.1.2/32 2001:db8:bad::/48", allow0, "added 2 prefixes (becomes 2 prefixes)"},
		{"delete", func(s *tuitest.Screen) { s.Press("j", "d") }, "203.0.113.64/26", allow0, "deleted d2 2001:db8:bad::/48"},
		{
			"the cursor goes from list to list", func(s *tuitest.Screen) { s.Press("j", "j", "d", "k", "d") },
			"203.0.113.64/26", "203.0.113.64/27 10.0.0.0/8", "deleted d2 2001:db8:bad::/48",
		},
		{"first and last", func(s *tuitest.Screen) { s.Press("tab", "G", "d", "g", "d") }, deny0, "203.0.113.64/27", "deleted a1 198.51.100.0/24"},
		{"delete all, and more", func(s *tuitest.Screen) { s.Press("d", "d", "d", "d") }, "", allow0, "deleted d1 2001:db8:bad::/48"},
		{
			"move to the other list", func(s *tuitest.Screen) { s.Press("j", "D") },
			"203.0.113.64/26", allow0 + " 2001:db8:bad::/48", "moved to ALLOW: 2001:db8:bad::/48",
		},
		{
			"moving there and back", func(s *tuitest.Screen) { s.Press("D", "D") },
			"2001:db8:bad::/48 203.0.113.64/26", allow0, "moved to DENY: 203.0.113.64/26",
		},
		{"undo", func(s *tuitest.Screen) { s.Press("d", "D", "ctrl+z", "U") }, deny0, allow0, "undone"},
		{"undo of nothing", func(s *tuitest.Screen) { s.Press("ctrl+z") }, deny0, allow0, "nothing to undo"},
		{"redo", func(s *tuitest.Screen) { s.Press("d", "d", "ctrl+z", "ctrl+z", "ctrl+y") }, "2001:db8:bad::/48", allow0, "done again"},
		{"redo of nothing", func(s *tuitest.Screen) { s.Press("R") }, deny0, allow0, "nothing to redo"},
		{"a change ends redoing", func(s *tuitest.Screen) { s.Press("d", "U", "j", "d", "R") }, "203.0.113.64/26", allow0, "nothing to redo"},
		{
			"paste a list", func(s *tuitest.Screen) { s.Paste("192.0.2.1 # one\n192.0.2.2, 192.0.2.2\n198.51.100.0/24\n") },
			deny0 + " 192.0.2.1/32 192.0.2.2/32 198.51.100.0/24", allow0, "added 3 prefixes, 1 there already",
		},
		{
			"paste with mistakes", func(s *tuitest.Screen) { s.Paste("192.0.2.1\nnonsense\n") },
			deny0 + " 192.0.2.1/32", allow0, `added 1 prefix, 1 left out: "nonsense" is not an address`,
		},
		{
			"paste of what is there", func(s *tuitest.Screen) { s.Paste("203.0.113.64/26\n") },
			deny0, allow0, "nothing added: 203.0.113.64/26 is already in the list",
		},
		{"a paste is one undo", func(s *tuitest.Screen) { s.Paste("192.0.2.1\n192.0.2.2"); s.Press("U") }, deny0, allow0, "undone"},
		{
			"paste with p, typed by the terminal", func(s *tuitest.Screen) { s.Press("p"); s.Type("1.1.1.1\r1.1.1.2\r", "esc") },
			deny0 + " 1.1.1.1/32 1.1.1.2/32", allow0, "added 1 prefix",
		},
		{
			"paste a list into the form", func(s *tuitest.Screen) { s.Press("n"); s.Paste("1.1.1.1\n1.1.1.2"); s.Press("esc") },
			deny0 + " 1.1.1.1/32 1.1.1.2/32", allow0, "added 2 prefixes",
		},
		{
			"paste one entry into the form", func(s *tuitest.Screen) { s.Press("n"); s.Paste("1.1.1.1\n"); s.Press("enter", "esc") },
			deny0 + " 1.1.1.1/32", allow0, "added d3 1.1.1.1/32",
		},
		{
			"commands in a paste are no commands", func(s *tuitest.Screen) { s.Paste("d"); s.Paste("D\nd\n") },
			deny0, allow0, `added 0 prefixes, 2 left out: "D" is not an address`,
		},
		{
			"too many", func(s *tuitest.Screen) { s.Paste("1.0.0.1,1.0.0.2,1.0.0.3,1.0.0.4,1.0.0.5,1.0.0.6,1.0.0.7") },
			deny0, allow0, "nothing added: a list holds at most 8 prefixes",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := editor()
				s := start(t, &m, 70, 20)
				c.do(s)
				deny, allow := m.Value()
				if list(deny) != c.deny || list(allow) != c.allow {
					t.Errorf("deny  %q, want %q\nallow %q, want %q", list(deny), c.deny, list(allow), c.allow)
				}
				if c.says != "" && !s.Contains(c.says) {
					t.Errorf("it does not say %q:\n%s", c.says, s.Text())
				}
				if want := c.deny != deny0 || c.allow != allow0; m.Changed() != want {
					t.Errorf("changed: %v, want %v", m.Changed(), want)
				}
			})
		})
	}
}

func TestGolden(t *testing.T) {
	for _, size := range [][2]int{{61, 20}, {100, 14}, {60, 10}} {
		synctest.Test(t, func(t *testing.T) {
			m := editor()
			name := fmt.Sprintf("%dx%d", size[0], size[1])
			s := start(t, &m, size[0], size[1])
			s.Press("tab", "j")
			s.Golden("browse-" + name)
			s.Press("n")
			s.Type("192.0.2.1+203.0.113.65")
			s.Golden("add-" + name)
		})
	}
}

func TestANoteIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := editor()
		s := start(t, &m, 70, 20)
		s.Press("n")
		s.Type("192.0.2.1", "tab")
		s.Type("build farm", "enter", "esc", "e", "tab")
		s.Type(" 2", "enter")
		deny, _ := m.Value()
		if want := (iplist.Item{Text: "192.0.2.1/32", Note: "build farm 2"}); deny[2] != want {
			t.Errorf("entry %+v, want %+v", deny[2], want)
		}
	})
}

func TestWhatAnEntryBecomesShowsWhileTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := editor()
		s := start(t, &m, 70, 20)
		s.Press("tab", "n")
		for typed, want := range map[string]string{
			"192.0.2.9/24": "host bits set",
			"192.0.2.9":    "becomes 192.0.2.9/32",
			"203.0.113.70": "inside d1: never matches",
		} {
			s.Type(typed)
			if !s.Contains(want) {
				t.Errorf("%s does not say %q:\n%s", typed, want, s.Text())
			}
			s.Press("ctrl+u")
		}
		s.Type("192.0.2.")
		if s.Contains("not an address") {
			t.Errorf("it scolds while typing:\n%s", s.Text())
		}
	})
}

func TestProblemsMarkTheirRows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := editor()
		s := start(t, &m, 70, 20)
		if len(m.Problems()) != 1 {
			t.Fatalf("problems %v", m.Problems())
		}
		_, y := s.Find("a2 ")
		if line := s.Line(y); !strings.HasSuffix(line, "!") {
			t.Errorf("row %q is not marked", line)
		}
		s.Press("tab", "j")
		if !s.Contains("inside d1: never matches") {
			t.Errorf("the selected row does not say why:\n%s", s.Text())
		}
		s.Press("d")
		if len(m.Problems()) != 0 {
			t.Errorf("still %v", m.Problems())
		}
	})
}

func TestMovingADuplicateOrIntoAFullListIsRefused(t *testing.T) {
	m := iplist.New(look, config())
	var full []iplist.Item
	for i := range 8 {
		full = append(full, iplist.Item{Text: fmt.Sprintf("10.0.0.%d/32", i)})
	}
	m.SetValue([]iplist.Item{{Text: "10.0.0.3/32"}, {Text: "10.9.0.0/16"}}, full)
	m.Focus()
	for _, want := range []string{"already there as a4 10.0.0.3/32", "a list holds at most 8 prefixes"} {
		next, _ := m.Update(tea.KeyPressMsg{Code: 'd', Text: "D"})
		if next.Message() != want || next.Changed() {
			t.Errorf("it says %q, want %q", next.Message(), want)
		}
		m, _ = m.Update(tea.KeyPressMsg{Code: 'j', Text: "j"})
	}
}

func TestRejectedNamesEverything(t *testing.T) {
	m := editor()
	m, _ = m.Update(tea.PasteMsg{Content: "x\n1.1.1.1\ny\x1b[2J\n"})
	if got := m.Rejected(); len(got) != 2 || !strings.Contains(got[1].Error(), `y\x1b[2J`) {
		t.Errorf("rejected %v", got)
	}
}

func TestTheRealCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := editor()
		s := start(t, &m, 70, 20)
		s.Press("tab")
		_, y := s.Find("a1 ")
		if x, cy, ok := s.Cursor(); x != 0 || cy != y || !ok {
			t.Errorf("cursor %d,%d, want on line %d", x, cy, y)
		}
		s.Press("n")
		s.Type("192")
		x, y := s.Find("192")
		if cx, cy, _ := s.Cursor(); cx != x+3 || cy != y {
			t.Errorf("cursor %d,%d, want %d,%d", cx, cy, x+3, y)
		}
		s.Press("tab")
		s.Type("no")
		_, y = s.Find("note")
		if _, cy, _ := s.Cursor(); cy != y {
			t.Errorf("cursor on line %d, want on the note at %d", cy, y)
		}
		m.Blur()
		if m.Cursor() != nil || m.Typing() || m.Focused() {
			t.Error("blurred, but it takes input")
		}
	})
}

func TestTheSelectedRowStaysInView(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := editor()
		s := start(t, &m, 60, 7)
		for _, k := range []string{"j", "j", "j", "j", "k", "k", "k", "k", "tab", "G", "g"} {
			s.Press(k)
			if len(s.Reversed()) != 1 {
				t.Errorf("after %s no row is selected:\n%s", k, s.Text())
			}
		}
	})
}

func TestValuesAreIndependent(t *testing.T) {
	m := editor()
	old := m
	deny, _ := m.Value()
	deny[0].Text = "changed"
	for _, k := range []string{"d", "D", "n"} {
		m, _ = m.Update(tea.KeyPressMsg{Code: []rune(strings.ToLower(k))[0], Text: k})
	}
	if d, a := old.Value(); list(d) != deny0 || list(a) != allow0 || old.Typing() {
		t.Errorf("an older value changed: %q, %q", list(d), list(a))
	}
	if _, _, item, ok := old.Selected(); !ok || item.Text != "203.0.113.64/26" {
		t.Errorf("selected %+v", item)
	}
	old.Blur()
	if next, _ := old.Update(tea.KeyPressMsg{Code: 'd', Text: "d"}); next.Changed() {
		t.Error("it takes keys without the focus")
	}
}

func TestAnEmptyEditorSaysWhatToPress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := iplist.New(look, config())
		m.Focus()
		s := start(t, &m, 70, 12)
		s.Press("d", "e", "D", "j", "G")
		if strings.Count(s.Text(), "none: n adds, p pastes a list") != 2 || m.Changed() {
			t.Errorf("empty:\n%s", s.Text())
		}
		if _, _, _, ok := m.Selected(); ok {
			t.Error("something is selected")
		}
	})
}

func TestSizesAreExact(t *testing.T) {
	hostile := editor()
	hostile.SetValue([]iplist.Item{{Text: "10.0.0.0/8", Note: "a\x1b[2Jb\u202e支払い"}}, nil)
	for name, m := range map[string]iplist.Model{"plain": editor(), "hostile": hostile} {
		for _, keys := range []string{"", "n", "p", "e"} {
			if keys != "" {
				m, _ = m.Update(tea.KeyPressMsg{Code: []rune(keys)[0], Text: keys})
			}
			for w := 0; w < 130; w += 3 {
				for _, h := range []int{0, 1, 3, 8, 20} {
					m.SetSize(w, h)
					lines := strings.Split(m.View(), "\n")
					if len(lines) != max(1, h) {
						t.Fatalf("%s %q %dx%d: %d lines", name, keys, w, h, len(lines))
					}
					for _, line := range lines {
						if h > 0 && (text.Width(line) != w || strings.Contains(line, "\x1b[2J")) {
							t.Errorf("%s %q %dx%d: %q takes %d", name, keys, w, h, line, text.Width(line))
						}
					}
					if c := m.Cursor(); c != nil && (c.Y >= h || c.X >= w) {
						t.Errorf("%s %q %dx%d: the cursor is at %d,%d", name, keys, w, h, c.X, c.Y)
					}
				}
			}
			m.Blur()
			m.Focus()
		}
	}
}

func TestBindingsHaveHelp(t *testing.T) {
	for _, b := range iplist.DefaultKeyMap().Bindings() {
		if b.Help().Key == "" || b.Help().Desc == "" || slices.Contains(b.Keys(), "ctrl+b") {
			t.Errorf("binding %v", b.Keys())
		}
	}
}

func TestANewThemeIsUsed(t *testing.T) {
	m := editor()
	m, _ = m.Update(tea.KeyPressMsg{Code: 'n', Text: "n"})
	before := m.View()
	m.SetTheme(theme.New(theme.Mono, theme.ASCII()))
	if after := m.View(); !strings.Contains(before, "38;5;") || strings.Contains(after, "38;5;") {
		t.Errorf("before %q\nafter %q", before, after)
	}
}

func TestReplaceIsAChangeThatCanBeUndone(t *testing.T) {
	m := editor()
	m.SetValue([]iplist.Item{{Text: "10.0.0.0/8"}}, nil)
	m.Replace([]iplist.Item{{Text: "10.1.0.0/16"}}, []iplist.Item{{Text: "192.0.2.0/24"}})
	if first, second := m.Value(); list(first) != list([]iplist.Item{{Text: "10.1.0.0/16"}}) || list(second) != list([]iplist.Item{{Text: "192.0.2.0/24"}}) || !m.Changed() {
		t.Errorf("replaced by %s and %s", list(first), list(second))
	}
	if !m.Undo() || m.Changed() {
		t.Error("not undone")
	}
	m.Replace([]iplist.Item{{Text: "10.0.0.0/8"}}, nil)
	if m.Undo() {
		t.Error("replacing by the same is a change")
	}
}
