// Package session is the screen of a rotation session: several keys get new
// secrets one after the other, each written to a .pak file for its owner, and
// which of them are in use is seen as it happens.
//
// The session itself is package keystore/session: it is kept in the store, and
// whoever stops, leaves or kills the dashboard leaves each key wholly old or
// wholly new. The screen shows the newest session when it is given no keys, and
// goes on with it. No key string is ever on it.
package session

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/widget/field"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// Model is the screen.
type Model struct {
	env    *screen.Env
	grace  string // as rotationOf reads it
	keys   []keystore.KeyID
	folder field.Model

	s        session.Session // its ID is "" before it began
	at       int             // the step that is being done
	going    bool
	stopping bool
	looking  bool
	loaded   bool // the newest session was looked for
	problem  string
	tag      *int // identity of the screen for its messages; never read

	table table.Model
	w, h  int
}

var (
	_ screen.Closer = Model{}
	_ screen.Helper = Model{}
)

// New returns the screen for the keys whose ids are in to.Filter with blanks
// between, after the grace ("24h", "after:2h" or "now"); without any, for the
// newest session.
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{env: env, tag: new(int)}
	if words := strings.Fields(to.Filter); len(words) > 1 {
		m.grace = words[0]
		for _, id := range words[1:] {
			m.keys = append(m.keys, keystore.KeyID(id))
		}
	}
	m.folder = field.New(env.Theme, "Folder", field.WithInline())
	m.folder.SetValue(env.Home)
	m.table = table.New(env.Theme, columns(), table.WithoutMarks())
	m.rebuild()
	return m
}

// asking reports whether the folder is still to be named.
func (m Model) asking() bool { return m.s.ID == "" && len(m.keys) > 0 && !m.going }

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Session }

// Title implements [screen.Screen].
func (m Model) Title() string { return "Rotation session" }

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd {
	if len(m.keys) > 0 {
		return nil
	}
	return m.newest()
}

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case screen.Shown:
		if m.asking() {
			cmd = m.folder.Focus()
		}
	case board.Msg:
		if msg.Changed {
			cmd = m.look()
		}
	case newestMsg, begunMsg, steppedMsg, lookedMsg:
		cmd = m.told(msg)
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseWheelMsg:
		if m.asking() {
			m.folder, cmd = m.folder.Update(msg)
		} else {
			m.table, cmd = m.table.Update(msg)
		}
	}
	m.rebuild()
	return m, cmd
}

// Close implements [screen.Closer]: what is going on is stopped after the key
// that is being done.
func (m Model) Close() (screen.Screen, bool) {
	if !m.going || m.stopping {
		return m, false
	}
	m.stopping = true
	return m, true
}

// View implements [screen.Screen].
func (m Model) View() screen.View { return m.view() }

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	if m.asking() {
		return []string{"session.go", "app.back", "app.help"}
	}
	return []string{"session.go", "session.skip", "session.key", "app.back", "app.help"}
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	return []keymap.Section{keymap.BindingSection("Move", m.table.KeyMap.Bindings()...)}
}

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return m.asking() }

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string { return "" }

// next returns the first open step from one on, or -1. In a pass, a step that
// failed is tried once.
func (m Model) next(from int) int {
	if from >= len(m.s.Steps) {
		return -1
	}
	i := slices.IndexFunc(m.s.Steps[from:], func(x session.Step) bool { return x.State.Open() })
	if i < 0 {
		return -1
	}
	return from + i
}
