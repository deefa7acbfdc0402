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

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/lint"
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
	rows   rows
	group  int  // in the groupings of the roll
	waived bool // what is waived is listed too
	stale  bool // the filter was closed; what it hid is listed with the next message

	ask     question
	reason  string // that was given, while the end is asked for
	working bool   // a change is planned or made
	tag     *int   // identity of the screen for its messages; never read
}

var (
	_ screen.Closer = Model{}
	_ screen.Helper = Model{}
)

// New returns the screen.
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{env: env, tag: new(int)}
	m.List = browse.New(
		env.Theme, layout.Side{From: 100, Narrow: 36, Part: 3, Widest: 64}, search.New(search.Words, to.Filter),
		m.columns(), table.WithRest(browse.Rest),
	)
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
		m.Resize(msg.Width, msg.Height)
		m.show()
	case board.Msg:
		if m.stale || m.env.Verdict != m.rows.verdict {
			m.rebuild()
		} else {
			m.show()
		}
	case screen.Shown:
		m.working = false
	case plannedMsg:
		cmd = m.planned(msg)
	case madeMsg:
		m.made(msg)
	case table.RestMsg:
		if m.Table.Rested(msg) {
			m.show()
		}
	case tea.MouseClickMsg:
		if m.Click(msg) {
			m.show()
		}
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseWheelMsg:
		cmd = m.take(msg)
	}
	return m, cmd
}

// take passes input to what has the focus.
func (m *Model) take(msg tea.Msg) tea.Cmd {
	before := m.Table.Index()
	filtered, cmd := m.Input(msg)
	if filtered {
		m.rebuild()
	} else {
		m.skipHeading(before)
	}
	return cmd
}

// skipHeading moves the cursor off a heading, on in the direction in which it
// went, or back where there is nothing more.
func (m *Model) skipHeading(before int) {
	i := m.Table.Index()
	if i < 0 || !m.rows.heading(i) {
		return
	}
	if i >= before || i == 0 {
		m.Table.MoveTo(i + 1)
	} else {
		m.Table.MoveTo(i - 1)
	}
}

// current returns the finding under the cursor.
func (m Model) current() (row, bool) {
	if i := m.Table.Index(); i >= 0 && !m.rows.heading(i) {
		return m.rows.at(i), true
	}
	return row{}, false
}

// marked returns the rows of the marked findings that are listed.
func (m Model) marked() iter.Seq[int] {
	return func(yield func(int) bool) {
		if m.Table.MarkCount() == 0 {
			return
		}
		for i := range m.rows.list {
			if !m.rows.heading(i) && m.Table.MarkedAt(i) && !yield(i) {
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

// Close implements [screen.Closer].
func (m Model) Close() (screen.Screen, bool) {
	closed, filtered := m.List.Close()
	m.ask, m.stale = nothing, m.stale || filtered
	return m, closed
}

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	switch {
	case m.Typing():
		return nil // the line's own keys
	case m.Whole:
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
