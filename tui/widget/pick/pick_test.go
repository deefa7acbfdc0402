package pick_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/pick"
)

var look = theme.New(theme.Dark, theme.Unicode())

func scopes() []pick.Item {
	return []pick.Item{
		{ID: "deploy:read", Label: "deploy:read", Help: "read deployment state"},
		{ID: "deploy:write", Label: "deploy:write", Help: "start and roll back deployments", Tag: "high", Tone: theme.Bad},
		{ID: "artifact:read", Label: "artifact:read", Help: "download build artifacts"},
		{ID: "artifact:write", Label: "artifact:write", Help: "publish build artifacts", Tag: "high", Tone: theme.Bad},
		{ID: "admin:*", Label: "admin:*", Disabled: "platform@corp may not"},
	}
}

// parse takes resource:action.
func parse(s string) (pick.Item, error) {
	if resource, action, ok := strings.Cut(s, ":"); !ok || resource == "" || action == "" {
		return pick.Item{}, errors.New("want resource:action")
	}
	return pick.Item{ID: s, Label: s}, nil
}

func start(t *testing.T, m *pick.Model, w, h int) *tuitest.Screen {
	t.Helper()
	m.Focus()
	return tuitest.Start(t, tuitest.Host{
		Update: func(msg tea.Msg) (cmd tea.Cmd) {
			*m, cmd = m.Update(msg)
			return cmd
		},
		View:   func() (string, *tea.Cursor) { return m.View(), m.Cursor() },
		Resize: func(w, h int) { m.SetSize(w, h) },
	}.Model(), w, h)
}

func TestTicking(t *testing.T) {
	for _, c := range []struct {
		name string
		keys []string
		want string
	}{
		{"space ticks", []string{"space"}, "deploy:read"},
		{"space again unticks", []string{"space", "space"}, ""},
		{"several, in the list's order", []string{"down", "down", "space", "up", "up", "space"}, "deploy:read artifact:read"},
		{"the last with pgdown is disabled", []string{"pgdown", "space"}, ""},
		{"filter by label", []string{"w", "r", "i", "down", "space"}, "artifact:write"},
		{"filter by help, in any case", []string{"R", "O", "L", "L", "space"}, "deploy:write"},
		{"a tick stays while the filter hides it", []string{"space", "a", "r", "t", "ctrl+u"}, "deploy:read"},
		{"nothing matches", []string{"z", "z", "space", "down", "space"}, ""},
		{"the filter is corrected", []string{"z", "backspace", "space"}, "deploy:read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := pick.New(look, scopes())
				s := start(t, &m, 70, 8)
				s.Press(c.keys...)
				if got := strings.Join(m.Ticked(), " "); got != c.want {
					t.Errorf("ticked %q, want %q\n%s", got, c.want, s.Text())
				}
			})
		})
	}
}

func TestGolden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := pick.New(look, scopes(), pick.WithNew(parse))
		s := start(t, &m, 70, 8)
		m.SetTicked("deploy:write", "artifact:read")
		s.Press("down")
		s.Golden("scopes")
		s.Type("chat:write")
		s.Golden("new")
		if got := s.Reversed(); len(got) != 1 || !strings.Contains(got[0], "add chat:write") {
			t.Errorf("selected %q", got)
		}
		s.Press("space")
		if got := strings.Join(m.Ticked(), " "); got != "deploy:write artifact:read chat:write" || m.Filter() != "" {
			t.Errorf("ticked %q, filter %q", got, m.Filter())
		}
		if got := s.Reversed(); len(got) != 1 || !strings.Contains(got[0], "[x] chat:write") {
			t.Errorf("the cursor is on %q, want on what was added", got)
		}
	})
}

func TestADisabledItemSaysWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := pick.New(look, scopes())
		s := start(t, &m, 70, 8)
		s.Press("pgdown", "space")
		if m.Why() != "platform@corp may not" || !s.Contains("platform@corp may not") || len(m.Ticked()) != 0 {
			t.Errorf("why %q, ticked %v\n%s", m.Why(), m.Ticked(), s.Text())
		}
	})
}

func TestALongListScrolls(t *testing.T) {
	var items []pick.Item
	for i := range 100 {
		items = append(items, pick.Item{ID: fmt.Sprint(i), Label: fmt.Sprintf("item-%02d", i)})
	}
	synctest.Test(t, func(t *testing.T) {
		m := pick.New(look, items)
		s := start(t, &m, 40, 6)
		for range 7 {
			s.Press("down")
		}
		_, y := s.Find("item-07")
		if _, cy, ok := s.Cursor(); y < 1 || cy != y || !ok || s.Contains("item-01") {
			t.Errorf("item-07 is on line %d, the cursor on %d\n%s", y, cy, s.Text())
		}
		s.Press("pgup", "pgup")
		if !s.Contains("> [ ] item-00") {
			t.Errorf("not at the top:\n%s", s.Text())
		}
	})
}

func TestSetTicked(t *testing.T) {
	m := pick.New(look, scopes(), pick.WithNew(parse))
	old := m
	m.SetTicked("chat:write", "nonsense", "deploy:read")
	if got := strings.Join(m.Ticked(), " "); got != "deploy:read chat:write" {
		t.Errorf("ticked %q", got)
	}
	if len(old.Ticked()) != 0 {
		t.Error("an older value changed")
	}
	m.Focus()
	next, _ := m.Update(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "})
	if len(m.Ticked()) != 2 || len(next.Ticked()) != 1 {
		t.Errorf("values share their ticks: %v, %v", m.Ticked(), next.Ticked())
	}
	plain := pick.New(look, scopes())
	plain.SetTicked("chat:write")
	if len(plain.Ticked()) != 0 {
		t.Error("an unknown id was ticked")
	}
}

func TestWithoutTheFocusNothingHappens(t *testing.T) {
	m := pick.New(look, scopes())
	m, _ = m.Update(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "})
	m, _ = m.Update(tea.PasteMsg{Content: "x"})
	if len(m.Ticked()) != 0 || m.Filter() != "" || m.Cursor() != nil || strings.Contains(m.View(), "> [") {
		t.Error("it takes keys without the focus")
	}
	m.Focus()
	if m, _ = m.Update(tea.PasteMsg{Content: "artifact\n"}); m.Filter() != "artifact" {
		t.Errorf("a paste filters by %q", m.Filter())
	}
	m.Blur()
	if m.Focused() {
		t.Error("still focused")
	}
}

func TestSizesAreExact(t *testing.T) {
	items := append(scopes(), pick.Item{ID: "x", Label: "支払い\x1b[2J", Help: "\u202e", Tag: "a\nb"})
	for _, filter := range []string{"", "zzz"} {
		m := pick.New(look, items)
		m.Focus()
		m, _ = m.Update(tea.PasteMsg{Content: filter})
		for w := range 80 {
			for _, h := range []int{0, 1, 2, 9} {
				m.SetSize(w, h)
				lines := strings.Split(m.View(), "\n")
				if len(lines) != max(1, h) {
					t.Fatalf("%dx%d: %d lines", w, h, len(lines))
				}
				for _, line := range lines {
					if h > 0 && (text.Width(line) != w || strings.Contains(line, "\x1b[2J")) {
						t.Errorf("%dx%d: %q takes %d", w, h, line, text.Width(line))
					}
				}
			}
		}
	}
}

func TestANewThemeIsUsed(t *testing.T) {
	m := pick.New(look, scopes())
	before := m.View()
	m.SetTheme(theme.New(theme.Mono, theme.ASCII()))
	if after := m.View(); !strings.Contains(before, "38;5;") || strings.Contains(after, "38;5;") {
		t.Errorf("before %q\nafter %q", before, after)
	}
}

func TestAnEmptyListSaysWhatToDo(t *testing.T) {
	typed := pick.WithNew(func(string) (pick.Item, error) { return pick.Item{}, nil })
	for want, m := range map[string]pick.Model{
		"nothing to choose from yet: type one": pick.New(look, nil, typed),
		"nothing to choose from":               pick.New(look, nil),
	} {
		m.SetSize(60, 4)
		if got := m.View(); !strings.Contains(got, want) || strings.Contains(got, "ctrl+u") {
			t.Errorf("an empty list does not say %q:\n%s", want, got)
		}
	}
}
