// Package note holds the screen of a subject that is still small: lint, which
// holds the keys that exist against the policy. It says in one line what it
// does not show yet.
package note

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// subject is what a screen is about.
type subject interface {
	scope() string
	title() string
	columns() []table.Column
	// rows lists what is to be said, in order.
	rows(b *board.Board, by int, down bool) table.Source
	// orders are the columns that the rows can be sorted by.
	orders() []order
	// empty is said if there are no rows.
	empty(b *board.Board) string
	// summary is said above the list, missing below it.
	summary(b *board.Board, rows int) string
	missing() string
}

// order is a column to sort by.
type order struct {
	column  int
	highest bool // the interesting end is the highest: it comes first unless the order is reversed
}

// Model is one of the screens.
type Model struct {
	env     *screen.Env
	subject subject
	table   table.Model
	by      int // in the subject's orders
	back    bool
	w, h    int
}

var _ screen.Helper = Model{}

// NewLint returns the screen of the keys that break the policy.
func NewLint(env *screen.Env, _ screen.Go) screen.Screen { return build(env, lint{}) }

func build(env *screen.Env, s subject) Model {
	m := Model{env: env, subject: s, table: table.New(env.Theme, s.columns(), table.WithoutMarks())}
	m.rebuild()
	return m
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return m.subject.scope() }

// Title implements [screen.Screen].
func (m Model) Title() string { return m.subject.title() }

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd { return nil }

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		m.rebuild()
	case board.Msg:
		m.rebuild()
	case tea.MouseClickMsg:
		if i, ok := m.table.RowAt(msg.Y - len(m.head())); ok {
			m.table.MoveTo(i)
		}
	case tea.KeyPressMsg, tea.MouseWheelMsg:
		m.table, cmd = m.table.Update(msg)
	}
	return m, cmd
}

func (m *Model) rebuild() {
	o := m.subject.orders()[m.by]
	down := o.highest != m.back
	m.table.SetSort(o.column, down)
	m.table.SetEmpty(m.subject.empty(m.env.Board))
	m.table.SetSource(m.subject.rows(m.env.Board, o.column, down))
	m.table.SetSize(m.w, max(0, m.h-len(m.head())-below))
}

// below is the lines under the table: a blank one and what is missing.
const below = 2

// head is what stands over the table.
func (m Model) head() []string {
	var lines []string
	for _, line := range text.Wrap(m.subject.summary(m.env.Board, m.table.Len()), m.w-2) {
		lines = append(lines, " "+line)
	}
	return append(lines, "")
}

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	switch action {
	case "key.open":
		id, _, _ := strings.Cut(m.table.Selected(), " ")
		return m, screen.Tell(screen.Go{Place: screen.Keys, Key: keystore.KeyID(id)})
	case "list.sort":
		m.by, m.back = (m.by+1)%len(m.subject.orders()), false
	case "list.reverse":
		m.back = !m.back
	}
	m.rebuild()
	return m, nil
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	if a.ID == "key.open" && m.table.Len() == 0 {
		return "there is no key under the cursor"
	}
	return ""
}

// View implements [screen.Screen].
func (m Model) View() screen.View {
	t, head := m.env.Theme, m.head()
	m.table.SetTheme(t)
	lines := slices.Concat(head, m.table.Lines(), []string{"", " " + t.Hint.Render(text.Truncate(m.subject.missing(), m.w-2))})
	return screen.View{
		Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"),
		Cursor:  layout.Move(m.table.Cursor(), 0, len(head)),
	}
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	return []keymap.Section{keymap.BindingSection("Move", m.table.KeyMap.Bindings()...)}
}

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	return []string{"key.open", "list.sort", "list.reverse", "app.help", "app.quit"}
}

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return false }

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string { return "" }
