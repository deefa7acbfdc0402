// Package empty is what a new dashboard begins with: the page of a store that
// holds no user and no key yet. It says what to do first, and goes away as
// soon as there is something to list.
package empty

import (
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

// Model is the screen.
type Model struct {
	env  *screen.Env
	w, h int
}

var _ screen.Screen = Model{}

// New returns the screen.
func New(env *screen.Env, _ screen.Go) screen.Screen { return Model{env: env} }

// Actions returns what can be done first.
func Actions() []keymap.Action {
	return []keymap.Action{{
		ID: "user.first", Title: "add a user", Help: "add the first user", Keys: []string{"u"}, Group: "First",
		Scopes: []string{screen.Empty}, Writes: true, CLI: "pakdeck user add NAME",
	}}
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Empty }

// Title implements [screen.Screen].
func (m Model) Title() string { return "Keys" }

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd { return nil }

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case board.Msg:
		if len(msg.Board.Users)+len(msg.Board.Keys) > 0 {
			return m, screen.Tell(screen.Go{Place: screen.Keys})
		}
	}
	return m, nil
}

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	switch action {
	case "user.first":
		return m, screen.Tell(screen.Go{Place: screen.User})
	case "key.new":
		return m, screen.Tell(screen.Go{Place: screen.Wizard})
	}
	return m, nil
}

// Why implements [screen.Screen].
func (m Model) Why(keymap.Action) string { return "" }

// View implements [screen.Screen].
func (m Model) View() screen.View {
	t := m.env.Theme
	lines := []string{"", " " + t.Title.Render("No keys yet."), ""}
	for _, id := range m.Hints() {
		a, ok := m.env.Keymap.Action(id)
		switch {
		case !ok, id == "app.demo" && !m.env.Demo:
			continue
		case len(a.Keys) > 0:
			lines = append(lines, "   "+t.Key.Render(text.Fit(a.Keys[0], 7))+explain[id])
		default:
			lines = append(lines, "   "+t.Key.Render(text.Fit(":"+a.Title, 7))+explain[id])
		}
	}
	lines = append(lines, "",
		"   Back up "+text.Safe(filepath.Base(m.env.Store.KeyringPath()))+" apart from the store:",
		"   without it every key is lost.")
	if m.env.Store.ReadOnly() {
		lines = append(lines, "   The store is open for reading only.")
	}
	return screen.View{Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"), Cursor: t.Caret(1, 1)}
}

// explain is what the page says of the actions.
var explain = map[string]string{
	"key.new":    "creates the first key",
	"user.first": "adds a user to own it",
	"app.demo":   "shows a demonstration, in a store of its own",
	"app.help":   "lists the keys that work",
	"app.quit":   "leaves",
}

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	return []string{"user.first", "key.new", "app.demo", "app.help", "app.quit"}
}

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return false }

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string { return "" }
