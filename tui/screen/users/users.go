// Package users is the screen of the users who own keys: the list, what is
// known of the one under the cursor, and what can be done with it.
//
// Disabling a user stops all its keys at once, so the question before it
// names them and says which were in use.
package users

import (
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/browse"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// Model is the screen.
type Model struct {
	env *screen.Env
	browse.List
	all    []row        // by name
	rows   rows         // those that are shown, in order
	board  *board.Board // that they were read from
	order  int          // in orders
	back   bool
	wanted keystore.UserID // to be shown once it is on the board
}

var (
	_ screen.Closer = Model{}
	_ screen.Helper = Model{}
)

// New returns the screen with the cursor on the user of to, if it names one.
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{env: env, List: browse.New(
		env.Theme, layout.Side{From: 100, Narrow: 33, Part: 5, Widest: 60}, search.New(search.Words, to.Filter),
		columns, table.WithoutMarks(), table.WithEmpty("No users yet. n adds the first one."),
	)}
	m.read()
	m.visit(to.User)
	return m
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Users }

// Title implements [screen.Screen].
func (m Model) Title() string { return "Users" }

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd { return nil }

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.Resize(msg.Width, msg.Height)
		m.show()
	case board.Msg:
		m.renew(msg)
	case screen.Go:
		m.visit(msg.User)
	case tea.MouseClickMsg:
		m.Click(msg)
		m.show()
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseWheelMsg:
		filtered, cmd := m.Input(msg)
		if filtered {
			m.rebuild()
		}
		m.show()
		return m, cmd
	}
	return m, nil
}

// renew takes a new picture of the store.
func (m *Model) renew(msg board.Msg) {
	if msg.Changed && msg.Board != m.board {
		m.read()
		m.visit(m.wanted)
	}
	m.rows.now = msg.Board.Now
	m.Table.SetSource(m.rows)
	m.show()
}

// visit puts the cursor on a user. If the filter hides it, the filter goes;
// if it is not known yet, it is visited when it is.
func (m *Model) visit(id keystore.UserID) {
	m.wanted = ""
	if id == "" {
		return
	}
	if _, known := m.env.Board.User(id); !known {
		m.wanted = id
		return
	}
	if !m.Table.Select(string(id)) {
		m.Search.Clear()
		m.rebuild()
		m.Table.Select(string(id))
	}
	m.show()
}

// show puts the user under the cursor into the pane.
func (m *Model) show() {
	if r, ok := m.current(); ok {
		m.Pane.SetFacts(m.facts(r))
	} else {
		m.Pane.SetFacts(nil)
	}
}

// current returns the user under the cursor.
func (m Model) current() (row, bool) {
	if i := m.Table.Index(); i >= 0 {
		return m.rows.list[i], true
	}
	return row{}, false
}

// Close implements [screen.Closer].
func (m Model) Close() (screen.Screen, bool) {
	closed, filtered := m.List.Close()
	if filtered {
		m.rebuild()
		m.show()
	}
	return m, closed
}

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	if m.Typing() {
		return nil // the line's own keys
	}
	return []string{
		"user.open", "user.new", "user.edit", "user.disable", "user.key", "user.journal",
		"list.filter", "list.sort", "list.reverse", "app.quit",
	}
}
