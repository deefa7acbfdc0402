package form

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

// Row is an item under the name that its owner knows it by.
type Row struct {
	ID   string
	Item Item

	due bool // what is wrong with it may be told
}

// Model is the form. It is a value; make it with [New].
type Model struct {
	rows   []Row
	at     int // the row that has the focus
	w, h   int
	offset int // first line in view
}

// New returns a form with the focus on its first row.
func New(rows ...Row) Model {
	m := Model{rows: slices.Clone(rows), w: 60, h: 10}
	m.focus(0)
	return m
}

// SetSize sets the size in cells.
func (m *Model) SetSize(w, h int) {
	m.w, m.h = w, h
	m.arrange()
}

// arrange gives every row its room and brings the focus into view.
func (m *Model) arrange() {
	m.rows = slices.Clone(m.rows)
	fixed := 0
	for i := range m.rows {
		if _, grows := m.rows[i].Item.(grower); !grows {
			m.rows[i].Item = m.rows[i].Item.Size(m.w, 0)
			fixed += len(m.rows[i].Item.Lines())
		}
	}
	for i := range m.rows {
		if _, grows := m.rows[i].Item.(grower); grows {
			m.rows[i].Item = m.rows[i].Item.Size(m.w, m.h-fixed)
		}
	}
	m.reveal()
}

// reveal scrolls so that the row with the focus is in view, its cursor at any
// rate.
func (m *Model) reveal() {
	first, all := 0, 0
	for i, r := range m.rows {
		if i == m.at {
			first = all
		}
		all += len(r.Item.Lines())
	}
	if len(m.rows) == 0 {
		return
	}
	last := first + len(m.rows[m.at].Item.Lines())
	m.offset = max(min(m.offset, first), last-m.h)
	if c := m.rows[m.at].Item.Cursor(); c != nil {
		m.offset = max(min(m.offset, first+c.Y), first+c.Y+1-m.h)
	}
	m.offset = max(0, min(m.offset, all-m.h))
}

// focus moves the focus to row i.
func (m *Model) focus(i int) tea.Cmd {
	if i < 0 || i >= len(m.rows) {
		return nil
	}
	m.rows = slices.Clone(m.rows)
	m.rows[m.at].Item = m.rows[m.at].Item.Blur()
	m.at = i
	var cmd tea.Cmd
	m.rows[i].Item, cmd = m.rows[i].Item.Focus()
	m.arrange()
	return cmd
}

// Move leaves the row with the focus for the one that many rows further, round
// the ends.
func (m *Model) Move(by int) tea.Cmd {
	if len(m.rows) == 0 {
		return nil
	}
	m.leave()
	return m.focus(((m.at+by)%len(m.rows) + len(m.rows)) % len(m.rows))
}

// Focus moves the focus to the row with an id.
func (m *Model) Focus(id string) tea.Cmd { return m.focus(m.index(id)) }

// Focused returns the id of the row with the focus.
func (m Model) Focused() string {
	if len(m.rows) == 0 {
		return ""
	}
	return m.rows[m.at].ID
}

// leave lets what is wrong with the row be told from now on.
func (m *Model) leave() {
	m.rows = slices.Clone(m.rows)
	m.rows[m.at].due = true
}

// Update passes input to the row with the focus.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	if len(m.rows) == 0 {
		return m, nil
	}
	if click, ok := msg.(tea.MouseClickMsg); ok {
		return m.click(click.Y)
	}
	m.rows = slices.Clone(m.rows)
	r := &m.rows[m.at]
	before := r.Item.Value()
	var cmd tea.Cmd
	r.Item, cmd = r.Item.Update(msg)
	if r.Item.Value() != before {
		r.due = false
	}
	m.arrange()
	return m, cmd
}

// click moves the focus to the row at a line of the view.
func (m Model) click(y int) (Model, tea.Cmd) {
	y += m.offset
	for i, r := range m.rows {
		if y -= len(r.Item.Lines()); y < 0 {
			m.leave()
			cmd := m.focus(i)
			return m, cmd
		}
	}
	return m, nil
}

// Enter offers the enter key to the row with the focus; used is false if it
// has no use for it.
func (m Model) Enter() (Model, bool) {
	if len(m.rows) == 0 {
		return m, false
	}
	item, ok := m.rows[m.at].Item.(Enterer)
	if !ok {
		return m, false
	}
	changed, used := item.Enter()
	if used {
		m = m.Set(m.rows[m.at].ID, changed)
		m.arrange()
	}
	return m, used
}

// Judge tells the form what is wrong with its rows, by id. It shows under
// those that were left, or all were after [Model.Submit].
func (m Model) Judge(problems map[string]string) Model {
	m.rows = slices.Clone(m.rows)
	for i := range m.rows {
		r := &m.rows[i]
		told := ""
		if r.due {
			told = problems[r.ID]
		}
		r.Item = r.Item.WithError(told)
	}
	m.arrange()
	return m
}

// Submit tells all problems and moves the focus to the first row that has one.
// It reports whether there is none.
func (m *Model) Submit(problems map[string]string) (bool, tea.Cmd) {
	m.rows = slices.Clone(m.rows)
	first := -1
	for i := range m.rows {
		m.rows[i].due = true
		if first < 0 && problems[m.rows[i].ID] != "" {
			first = i
		}
	}
	*m = m.Judge(problems)
	if first < 0 {
		return true, nil
	}
	return false, m.focus(first)
}

func (m Model) index(id string) int {
	return slices.IndexFunc(m.rows, func(r Row) bool { return r.ID == id })
}

// Item returns the row with an id, or nil.
func (m Model) Item(id string) Item {
	if i := m.index(id); i >= 0 {
		return m.rows[i].Item
	}
	return nil
}

// Value returns what was entered in the row with an id.
func (m Model) Value(id string) string {
	if item := m.Item(id); item != nil {
		return item.Value()
	}
	return ""
}

// Set returns the form with another item in the row with an id.
func (m Model) Set(id string, item Item) Model {
	i := m.index(id)
	if i < 0 {
		return m
	}
	m.rows = slices.Clone(m.rows)
	m.rows[i].Item = item
	return m
}

// Hint returns the form with another remark under the text with an id.
func (m Model) Hint(id, s string) Model {
	if x, ok := m.Item(id).(Text); ok {
		return m.Set(id, x.WithHint(s))
	}
	return m
}

// Typing reports whether plain characters are text now.
func (m Model) Typing() bool { return len(m.rows) > 0 && m.rows[m.at].Item.Typing() }

// Bindings returns the keys of the row with the focus.
func (m Model) Bindings() []key.Binding {
	if len(m.rows) == 0 {
		return nil
	}
	return m.rows[m.at].Item.Bindings()
}

// Height returns how many lines the form would like to have.
func (m Model) Height() int {
	n := 0
	for _, r := range m.rows {
		n += len(r.Item.Lines())
	}
	return n
}

// View draws the form in exactly its size.
func (m Model) View() []string {
	var lines []string
	for _, r := range m.rows {
		lines = append(lines, r.Item.Lines()...)
	}
	lines = lines[min(m.offset, len(lines)):]
	return layout.Fill(lines, m.w, m.h)
}

// Cursor is the place of the real cursor in the view.
func (m Model) Cursor() *tea.Cursor {
	if len(m.rows) == 0 {
		return nil
	}
	y := -m.offset
	for _, r := range m.rows[:m.at] {
		y += len(r.Item.Lines())
	}
	c := layout.Move(m.rows[m.at].Item.Cursor(), 0, y)
	if c != nil && (c.Y < 0 || c.Y >= m.h) {
		return nil
	}
	return c
}
