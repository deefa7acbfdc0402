package table

import (
	"slices"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Model is the table. It is a value; make it with [New].
type Model struct {
	KeyMap KeyMap

	theme   theme.Theme
	source  Source
	numbers Numbered // the source
	columns []Column
	shown   []placed

	width, height  int
	cursor, offset int
	cursorID       string
	blurred        bool

	marks    marks
	ranging  bool
	anchorID string
	anchor   int

	sorted     int
	descending bool
	empty      string
	jump       int

	tag   *int // identity of the table for its ticks; never read
	moves int
	rest  time.Duration
}

// Option configures a table.
type Option func(*Model)

// WithJump sets by how many rows the table scrolls when the cursor leaves it;
// 1 without this option.
func WithJump(rows int) Option { return func(m *Model) { m.jump = max(1, rows) } }

// WithRest asks for a [RestMsg] once the cursor has not moved for d.
func WithRest(d time.Duration) Option { return func(m *Model) { m.rest = d } }

// WithEmpty sets what is shown instead of rows when there are none: what to
// press, in a few words.
func WithEmpty(hint string) Option { return func(m *Model) { m.empty = hint } }

// New returns a table without rows and without a size.
func New(t theme.Theme, columns []Column, opts ...Option) Model {
	m := Model{
		KeyMap: DefaultKeyMap(), theme: t, source: Rows(nil), columns: slices.Clone(columns),
		sorted: -1, empty: "nothing here", jump: 1, tag: new(int),
	}
	m.numbers = m.number(m.source)
	for _, opt := range opts {
		opt(&m)
	}
	return m
}

// SetTheme changes the looks.
func (m *Model) SetTheme(t theme.Theme) { m.theme = t }

// SetJump changes by how many rows the table scrolls; see [WithJump].
func (m *Model) SetJump(rows int) { m.jump = max(1, rows) }

// SetEmpty changes what is shown when there are no rows.
func (m *Model) SetEmpty(hint string) { m.empty = hint }

// SetColumns replaces the columns.
func (m *Model) SetColumns(columns []Column) {
	m.columns = slices.Clone(columns)
	m.shown = place(m.columns, m.width)
}

// SetSize sets the size in cells; the first line is the header.
func (m *Model) SetSize(w, h int) {
	m.width, m.height = max(0, w), max(0, h)
	m.shown = place(m.columns, m.width)
	m.scroll()
}

// SetSort tells which column, counted from 0, the source is sorted by; a
// negative one is none. The table only shows it.
func (m *Model) SetSort(column int, descending bool) { m.sorted, m.descending = column, descending }

// SetSource replaces the rows. The cursor stays on its row and, if it can, on
// its line of the screen; if the row is gone, it stays in its place. Marks of
// rows that are gone are kept, because a filter may bring them back.
func (m *Model) SetSource(s Source) {
	line := m.cursor - m.offset
	old := m.numbers
	m.source, m.numbers = s, m.number(s)
	m.renumber(old)
	m.cursor = m.find(m.cursorID, m.cursor)
	m.offset = m.cursor - line
	if m.ranging {
		m.anchor = m.find(m.anchorID, m.anchor)
	}
	m.settle()
}

// find returns the index of the row with the given id, searching outwards from
// where it was, or that place if there is no such row.
func (m Model) find(id string, from int) int {
	n := m.source.Len()
	from = max(0, min(from, n-1))
	if f, ok := m.source.(Finder); ok {
		if i, found := f.Find(id); found {
			return i
		}
		return from
	}
	for d := range n {
		low, high := from-d, from+d
		if low < 0 && high >= n {
			break
		}
		if high < n && m.source.ID(high) == id {
			return high
		}
		if low >= 0 && m.source.ID(low) == id {
			return low
		}
	}
	return from
}

// settle makes the state fit the source after any change.
func (m *Model) settle() {
	n := m.source.Len()
	m.cursor = max(0, min(m.cursor, n-1))
	m.cursorID = ""
	if n > 0 {
		m.cursorID = m.source.ID(m.cursor)
	} else {
		m.ranging = false
	}
	m.scroll()
}

// page is how many rows are visible.
func (m Model) page() int { return max(0, m.height-1) }

// scroll brings the cursor into view with as little movement as allowed.
func (m *Model) scroll() {
	page := m.page()
	last := max(0, m.source.Len()-page)
	switch {
	case page == 0:
	case m.cursor < m.offset:
		m.offset = min(m.cursor, m.offset-min(m.jump, page))
	case m.cursor >= m.offset+page:
		m.offset = max(m.cursor-page+1, m.offset+min(m.jump, page))
	}
	m.offset = max(0, min(m.offset, last))
}

// Focus makes the table show its selection in reverse video. It is the state
// of a new table.
func (m *Model) Focus() { m.blurred = false }

// Blur shows that keys go elsewhere: only the '>' stays.
func (m *Model) Blur() { m.blurred = true }

// Focused reports whether the table has the focus.
func (m Model) Focused() bool { return !m.blurred }

// Len returns the number of rows.
func (m Model) Len() int { return m.source.Len() }

// Index returns the place of the cursor's row, counted from 0, or -1 if there
// are no rows.
func (m Model) Index() int {
	if m.source.Len() == 0 {
		return -1
	}
	return m.cursor
}

// Selected returns the id of the cursor's row, or "" if there are no rows.
func (m Model) Selected() string { return m.cursorID }

// Select moves the cursor to the row with the given id and reports whether
// there is one.
func (m *Model) Select(id string) bool {
	i := m.find(id, m.cursor)
	if i >= m.source.Len() || m.source.ID(i) != id {
		return false
	}
	m.MoveTo(i)
	return true
}

// MoveTo moves the cursor to row i, or the nearest there is.
func (m *Model) MoveTo(i int) {
	m.cursor = i
	m.settle()
}

// Update moves the cursor and marks rows. The mouse wheel moves by three rows.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	before := m.cursorID
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		m.press(msg)
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			m.MoveTo(m.cursor - 3)
		case tea.MouseWheelDown:
			m.MoveTo(m.cursor + 3)
		}
	}
	if m.cursorID != before {
		return m.moved()
	}
	return m, nil
}

func (m *Model) press(msg tea.KeyPressMsg) {
	page := max(1, m.page()-1)
	switch {
	case key.Matches(msg, m.KeyMap.Up):
		m.MoveTo(m.cursor - 1)
	case key.Matches(msg, m.KeyMap.Down):
		m.MoveTo(m.cursor + 1)
	case key.Matches(msg, m.KeyMap.PageUp):
		m.turn(-page)
	case key.Matches(msg, m.KeyMap.PageDown):
		m.turn(page)
	case key.Matches(msg, m.KeyMap.Top):
		m.MoveTo(0)
	case key.Matches(msg, m.KeyMap.Bottom):
		m.MoveTo(m.source.Len() - 1)
	case key.Matches(msg, m.KeyMap.Mark):
		m.mark()
	case key.Matches(msg, m.KeyMap.Range):
		m.toggleRange()
	case key.Matches(msg, m.KeyMap.MarkAll):
		m.MarkAll()
	case key.Matches(msg, m.KeyMap.Cancel):
		m.cancel()
	}
}

// turn moves cursor and rows together, so that the cursor keeps its line.
func (m *Model) turn(rows int) {
	m.offset += rows
	m.MoveTo(m.cursor + rows)
}

// RestMsg arrives when the cursor may have come to rest; see [Model.Rested].
type RestMsg struct {
	tag   *int
	moves int
}

// moved returns the command that tells when the cursor rests.
func (m Model) moved() (Model, tea.Cmd) {
	if m.rest <= 0 {
		return m, nil
	}
	m.moves++
	msg := RestMsg{m.tag, m.moves}
	return m, tea.Tick(m.rest, func(time.Time) tea.Msg { return msg })
}

// Rested reports whether msg says that this table's cursor has rested since
// its last move: the time to show details of [Model.Selected].
func (m Model) Rested(msg tea.Msg) bool {
	rest, ok := msg.(RestMsg)
	return ok && rest.tag == m.tag && rest.moves == m.moves
}
