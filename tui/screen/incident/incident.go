// Package incident is the screen for the worst day: a text that gives keys away
// is pasted, or the name of a file with it typed, and what it gives away is
// listed, with who uses those keys; or it is about the keys that were marked, such
// as all of an owner. All that are still good are revoked at once, or given new
// secrets one by one.
//
// The text is searched and forgotten. No key string is kept or shown, not even
// one that is of another store.
package incident

import (
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore/incident"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/widget/field"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// Model is the screen.
type Model struct {
	env   *screen.Env
	file  field.Model
	finds []incident.Find // in a text
	named *board.Some     // or the keys that it is about, as they were; nil: it is about a text
	read  bool            // a text was searched, or keys were named
	busy  bool
	now   *board.Some // those as they are now
	live  *board.Some // the keys that are still good, as they are now
	tag   *int        // identity of the screen for its messages; never read

	table table.Model
	w, h  int
}

var _ screen.Helper = Model{}

// foundMsg brings what a text gives away.
type foundMsg struct {
	tag   *int
	finds []incident.Find
	err   error
}

// New returns the screen for the keys of [screen.Go.Several]; without any, for a
// text.
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{env: env, tag: new(int)}
	if keys := to.Several(env.Board); keys.Len() > 0 {
		m.named, m.read = keys, true
	}
	m.file = field.New(env.Theme, "or a file", field.WithPlaceholder("build.log"), field.WithInline(), field.WithLimit(mostPath))
	m.table = table.New(env.Theme, columns(), table.WithoutMarks())
	m.rebuild()
	return m
}

// mostPath bounds the name of a file in characters.
const mostPath = 4096

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Incident }

// Title implements [screen.Screen].
func (m Model) Title() string { return "Incident" }

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd { return nil }

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		m.rebuild()
	case screen.Shown:
		m.busy = false
		if !m.read {
			cmd = m.file.Focus()
		}
	case board.Msg:
		m.rebuild()
	case foundMsg:
		m.found(msg)
	case tea.PasteMsg:
		if !m.busy {
			cmd = m.search(msg.Content)
		}
	case tea.KeyPressMsg, tea.MouseWheelMsg:
		if m.read {
			m.table, cmd = m.table.Update(msg)
		} else {
			m.file, cmd = m.file.Update(msg)
		}
	}
	return m, cmd
}

// found shows what a text gives away.
func (m *Model) found(msg foundMsg) {
	if msg.tag != m.tag {
		return
	}
	m.busy = false
	if msg.err != nil {
		m.file.SetError(msg.err.Error())
		return
	}
	m.read, m.finds = true, msg.finds
	m.file.Reset()
	m.file.Blur()
	m.rebuild()
}

// View implements [screen.Screen].
func (m Model) View() screen.View { return m.view() }

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	if !m.read {
		return []string{"incident.open", "app.back", "app.help"}
	}
	return []string{"incident.revoke", "incident.rotate", "incident.open", "incident.again", "app.back", "app.help"}
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	return []keymap.Section{keymap.BindingSection("Move", m.table.KeyMap.Bindings()...)}
}

// Typing implements [screen.Screen]: until a text was searched, characters are
// the name of a file, or a paste of a terminal that does not mark it as one.
func (m Model) Typing() bool { return !m.read }

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string { return "" }
