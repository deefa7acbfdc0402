// Package bulk is the screen that makes one change to many keys: the change is
// chosen, what it would do to each key is shown, the number of keys typed, and
// the result told key by key. What can be undone is undone as a whole.
//
// It decides nothing itself: package keystore/bulk plans and changes, bound to
// what was shown. What takes long the root does for it, so that it goes on when the
// screen is left, and can be stopped; what is done stays done, unless all or none was
// chosen. What is known of the keys can be written to a file, too.
package bulk

import (
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/widget/field"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// Model is the screen.
type Model struct {
	env   *screen.Env
	keys  *board.Some
	kind  int // in kinds
	value field.Model

	plan    []bulk.Line // nil until it was made
	would   int         // of its lines change something
	failing int         // of its lines cannot
	atomic  bool        // all keys in one transaction
	busy    *busy       // what is under way; nil: nothing
	asked   *busy       // the last that was asked for; its answer is not stale
	results []result    // of the plan's first lines
	problem string

	table table.Model
	w, h  int
}

var (
	_ screen.Closer = Model{}
	_ screen.Helper = Model{}
)

// New returns the screen for the keys of [screen.Go.Several].
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{env: env, keys: to.Several(env.Board)}
	m.table = table.New(env.Theme, columns(), table.WithoutMarks())
	m.choose(0)
	return m
}

// choose takes one of the kinds of changes, with an empty value.
func (m *Model) choose(kind int) {
	m.kind, m.problem = (kind+len(kinds))%len(kinds), ""
	m.value = field.New(m.env.Theme, kinds[m.kind].Name, field.WithInline(),
		field.WithPlaceholder(kinds[m.kind].Example), field.WithLimit(keystore.MaxDescription))
	m.value.SetWidth(m.w - 2)
	m.value.Focus()
}

// choosing reports whether the change is still to be named.
func (m Model) choosing() bool { return m.plan == nil }

// over reports whether the plan was carried out, or stopped.
func (m Model) over() bool { return len(m.results) > 0 && m.busy == nil }

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Bulk }

// Title implements [screen.Screen].
func (m Model) Title() string { return "Change several keys" }

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd { return nil }

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	m.look()
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		m.value.SetWidth(m.w - 2)
	case plannedMsg:
		if msg.busy == m.asked {
			m.planned(msg)
		}
	case startMsg:
		if msg.busy == m.asked && m.busy == nil {
			cmd = m.start(msg.busy)
		}
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseWheelMsg:
		if m.Typing() {
			m.value, cmd = m.value.Update(msg)
		} else {
			m.table, cmd = m.table.Update(msg)
		}
	}
	m.rebuild()
	return m, cmd
}

// Close implements [screen.Closer]: it goes back to the choice.
func (m Model) Close() (screen.Screen, bool) {
	if m.choosing() || m.busy != nil {
		return m, false
	}
	m.plan, m.results, m.asked = nil, nil, nil
	m.value.Focus()
	m.rebuild()
	return m, true
}

// View implements [screen.Screen].
func (m Model) View() screen.View { return m.view() }

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	if m.choosing() {
		return []string{"bulk.go", "bulk.kind", "bulk.back", "app.back", "app.help"}
	}
	return []string{"bulk.go", "bulk.atomic", "app.undo", "app.back", "app.help"}
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	return []keymap.Section{keymap.BindingSection("Move", m.table.KeyMap.Bindings()...)}
}

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return m.choosing() && m.busy == nil }

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string { return "" }
