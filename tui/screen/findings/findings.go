// Package findings is the screen of what the linter finds: the findings, in
// groups, why each matters, and what would put it right.
//
// The root lets the linter run and hands its verdict in; nothing is judged
// here. A fix is planned on a fresh look at the store and shown as it will be
// made, field by field, before the operator agrees; what can be taken back is
// offered to be. A finding can be waived, with a reason and an end. Several
// findings that are marked are fixed or waived at once.
package findings

import (
	"iter"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/lint"
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
	rows   rows
	search search.Model
	group  int  // in the groupings of the roll
	waived bool // what is waived is listed too
	stale  bool // the filter was closed; what it hid is listed with the next message

	ask     question
	reason  string // that was given, while the end is asked for
	working bool   // a change is planned or made
	tag     *int   // identity of the screen for its messages; never read

	area  layout.Rect
	split layout.Split
	pane  facts.Model
	open  bool // the pane has the whole screen
}

var (
	_ screen.Closer = Model{}
	_ screen.Helper = Model{}
)

// rest is how long the cursor has to stay on a finding before the pane shows
// it.
const rest = 80 * time.Millisecond

// New returns the screen.
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{
		env: env, pane: facts.New(env.Theme),
		search: search.New(func(string) error { return nil }, to.Filter), tag: new(int),
	}
	m.table = table.New(env.Theme, m.columns(), table.WithRest(rest))
	m.rebuild()
	return m
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Lint }

// Title implements [screen.Screen].
func (m Model) Title() string { return "Lint" }

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd { return nil }

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case board.Msg:
		if m.stale || m.env.Verdict != m.rows.verdict {
			m.rebuild()
		}
	case screen.Shown:
		m.working = false
	case plannedMsg:
		cmd = m.planned(msg)
	case madeMsg:
		m.made(msg)
	case table.RestMsg:
		if m.table.Rested(msg) {
			m.show()
		}
	case tea.MouseClickMsg:
		if i, ok := m.table.RowAt(msg.Y); ok && !m.open && msg.X < m.split.Main.W {
			m.table.MoveTo(i)
			m.show()
		}
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseWheelMsg:
		cmd = m.take(msg)
	}
	return m, cmd
}

// take passes input to what has the focus.
func (m *Model) take(msg tea.Msg) (cmd tea.Cmd) {
	switch {
	case m.search.Typing():
		var changed bool
		if changed, cmd = m.search.Update(msg); changed {
			m.rebuild()
		}
	case m.open:
		m.pane, cmd = m.pane.Update(msg)
	default:
		before := m.table.Index()
		m.table, cmd = m.table.Update(msg)
		m.skipHeading(before)
	}
	return cmd
}

// skipHeading moves the cursor off a heading, on in the direction in which it
// went, or back where there is nothing more.
func (m *Model) skipHeading(before int) {
	i := m.table.Index()
	if i < 0 || !m.rows.heading(i) {
		return
	}
	if i >= before || i == 0 {
		m.table.MoveTo(i + 1)
	} else {
		m.table.MoveTo(i - 1)
	}
}

// current returns the finding under the cursor.
func (m Model) current() (row, bool) {
	if i := m.table.Index(); i >= 0 && !m.rows.heading(i) {
		return m.rows.at(i), true
	}
	return row{}, false
}

// marked returns the rows of the marked findings that are listed.
func (m Model) marked() iter.Seq[int] {
	return func(yield func(int) bool) {
		if m.table.MarkCount() == 0 {
			return
		}
		for i := range m.rows.list {
			if !m.rows.heading(i) && m.table.MarkedAt(i) && !yield(i) {
				return
			}
		}
	}
}

// targets returns the marked findings that are listed, or the one under the
// cursor.
func (m Model) targets() iter.Seq[row] {
	return func(yield func(row) bool) {
		none := true
		for i := range m.marked() {
			none = false
			if !yield(m.rows.at(i)) {
				return
			}
		}
		if r, ok := m.current(); none && ok {
			yield(r)
		}
	}
}

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return m.search.Typing() }

// Unsaved implements [screen.Screen]: there is never anything to lose.
func (m Model) Unsaved() string { return "" }

// Close implements [screen.Closer].
func (m Model) Close() (screen.Screen, bool) {
	switch {
	case m.ask != nothing:
		m.dismiss()
	case m.search.Editing():
		m.search.Cancel()
		m.table.Focus()
		m.stale = true
	case m.open:
		m.setOpen(false)
	case m.table.Busy():
		m.table.ClearMarks()
	case m.search.Reset():
		m.stale = true
	default:
		return m, false
	}
	return m, true
}

func (m *Model) setOpen(open bool) {
	m.open = open
	m.pane.Top()
	m.resize(m.area.W, m.area.H)
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	switch {
	case m.Typing():
		return []keymap.Section{m.search.Help()}
	case m.open:
		return []keymap.Section{keymap.BindingSection("Move", m.pane.KeyMap.Bindings()...)}
	}
	return []keymap.Section{keymap.BindingSection("Move", m.table.KeyMap.Bindings()...)}
}

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	switch {
	case m.Typing():
		return nil // the line's own keys
	case m.open:
		return []string{"app.back", "lint.fix", "lint.waive", "lint.open"}
	}
	return []string{
		"lint.fix", "lint.waive", "lint.open", "lint.why", "lint.group", "lint.safe", "lint.waived", "list.filter", "app.back", "app.quit",
	}
}

// counts says how many findings there are of each severity.
func counts(c lint.Counts) string {
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{{c.Error, "error"}, {c.Warning, "warning"}, {c.Info, "info"}} {
		if p.n == 0 {
			continue
		}
		word := p.word
		if p.n > 1 && word != "info" {
			word += "s"
		}
		parts = append(parts, itoa(p.n)+" "+word)
	}
	return strings.Join(parts, ", ")
}
