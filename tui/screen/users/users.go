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
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// Model is the screen.
type Model struct {
	env    *screen.Env
	table  table.Model
	all    []row        // by name
	list   rows         // those that are shown, in order
	board  *board.Board // that they were read from
	search search.Model
	order  int // in orders
	back   bool

	area   layout.Rect
	split  layout.Split
	pane   facts.Model
	wanted keystore.UserID // to be shown once it is on the board
}

var (
	_ screen.Closer = Model{}
	_ screen.Helper = Model{}
)

// New returns the screen with the cursor on the user of to, if it names one.
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{
		env:    env,
		table:  table.New(env.Theme, columns, table.WithoutMarks(), table.WithEmpty("No users yet. n adds the first one.")),
		pane:   facts.New(env.Theme),
		search: search.New(func(string) error { return nil }, to.Filter),
	}
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
		m.resize(msg.Width, msg.Height)
	case board.Msg:
		m.renew(msg)
	case screen.Go:
		m.visit(msg.User)
	case tea.MouseClickMsg:
		if i, ok := m.table.RowAt(msg.Y); ok && msg.X < m.split.Main.W {
			m.table.MoveTo(i)
			m.show()
		}
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseWheelMsg:
		return m.take(msg)
	}
	return m, nil
}

// renew takes a new picture of the store.
func (m *Model) renew(msg board.Msg) {
	if msg.Changed && msg.Board != m.board {
		m.read()
		m.visit(m.wanted)
	}
	m.list.now = msg.Board.Now
	m.table.SetSource(m.list)
	m.show()
}

// take passes input to what has the focus.
func (m Model) take(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	if m.search.Editing() {
		_, cmd = m.search.Update(msg)
		m.rebuild()
	} else {
		m.table, cmd = m.table.Update(msg)
	}
	m.show()
	return m, cmd
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
	if !m.table.Select(string(id)) {
		m.search.Clear()
		m.rebuild()
		m.table.Select(string(id))
	}
	m.show()
}

// show puts the user under the cursor into the pane.
func (m *Model) show() {
	if r, ok := m.current(); ok {
		m.pane.SetFacts(m.facts(r))
	} else {
		m.pane.SetFacts(nil)
	}
}

// current returns the user under the cursor.
func (m Model) current() (row, bool) {
	if i := m.table.Index(); i >= 0 {
		return m.list.list[i], true
	}
	return row{}, false
}

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return m.search.Editing() }

// Unsaved implements [screen.Screen]: there is never anything to lose.
func (m Model) Unsaved() string { return "" }

// Close implements [screen.Closer].
func (m Model) Close() (screen.Screen, bool) {
	switch {
	case m.search.Editing():
		m.search.Cancel()
		m.table.Focus()
	case m.search.Reset():
	default:
		return m, false
	}
	m.rebuild()
	m.show()
	return m, true
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	if m.search.Editing() {
		return []keymap.Section{m.search.Help()}
	}
	return []keymap.Section{keymap.BindingSection("Move", m.table.KeyMap.Bindings()...)}
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
