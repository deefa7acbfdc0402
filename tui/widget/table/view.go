package table

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
)

// View returns the table as text of exactly its size.
func (m Model) View() string { return strings.Join(m.Lines(), "\n") }

// Lines returns the table as lines of exactly its width, as many as its
// height: the header, the visible rows, blank lines.
func (m Model) Lines() []string {
	lines := make([]string, 0, m.height)
	if m.height == 0 {
		return lines
	}
	lines = append(lines, m.header())
	n := m.source.Len()
	if n == 0 && m.page() > 0 {
		lines = append(lines, text.Spaces(prefix)+m.theme.Hint.Render(text.Fit(m.empty, m.width-prefix)))
	}
	for i := m.offset; i < n && len(lines) < m.height; i++ {
		lines = append(lines, m.row(i))
	}
	for len(lines) < m.height {
		lines = append(lines, text.Spaces(m.width))
	}
	if m.width < prefix {
		for i := range lines {
			lines[i] = text.FitStyled(lines[i], m.width)
		}
	}
	return lines
}

func (m Model) header() string {
	var b strings.Builder
	b.WriteString(text.Spaces(prefix))
	used := prefix
	for i, p := range m.shown {
		if i > 0 {
			b.WriteString(text.Spaces(gap))
			used += gap
		}
		c := m.columns[p.index]
		b.WriteString(align(m.title(p), p.width, c.Right))
		used += p.width
	}
	return m.theme.Header.Render(b.String()) + text.Spaces(m.width-used)
}

// title returns a column's title with the sign for its order, if it has one.
func (m Model) title(p placed) string {
	title := m.columns[p.index].Title
	if p.index != m.sorted {
		return title
	}
	sign := m.theme.Glyphs.SortUp
	if m.descending {
		sign = m.theme.Glyphs.SortDown
	}
	return text.Truncate(title, p.width-2) + " " + sign
}

func align(s string, w int, right bool) string {
	if right {
		return text.FitLeft(s, w)
	}
	return text.Fit(s, w)
}

// row draws row i. On the cursor's row the tones give way to reverse video:
// colours on it would be hard to read and cost bytes.
func (m Model) row(i int) string {
	selected := i == m.cursor
	plain := selected && !m.blurred
	var b strings.Builder
	b.WriteString(m.sign(i, selected))
	cells := m.source.Row(i)
	used := prefix
	for j, p := range m.shown {
		if j > 0 {
			b.WriteString(text.Spaces(gap))
			used += gap
		}
		var c Cell
		if p.index < len(cells) {
			c = cells[p.index]
		}
		b.WriteString(m.cell(c, p, plain))
		used += p.width
	}
	b.WriteString(text.Spaces(m.width - used))
	if plain {
		return m.theme.Selected.Render(b.String())
	}
	return b.String()
}

// sign is what stands before a row: cursor and mark.
func (m Model) sign(i int, selected bool) string {
	cursor, mark := " ", " "
	if selected {
		cursor = m.theme.Glyphs.Cursor
	}
	first, last := m.span()
	if m.MarkedAt(i) || m.ranging && i >= first && i <= last {
		mark = m.theme.Glyphs.Mark
	}
	return cursor + mark + " "
}

// cell draws a cell. Only its text is painted: blanks look the same without
// and cost the terminal less.
func (m Model) cell(c Cell, p placed, plain bool) string {
	s := text.Truncate(c.Text, p.width)
	blank := text.Spaces(p.width - text.Width(s))
	if !plain {
		s = m.theme.Paint(c.Tone, s)
	}
	if m.columns[p.index].Right {
		return blank + s
	}
	return s + blank
}

// Cursor returns the place for the real cursor, on the selected row, or nil if
// there is none to see or the table has not the focus.
func (m Model) Cursor() *tea.Cursor {
	line := m.cursor - m.offset
	if m.blurred || m.source.Len() == 0 || line < 0 || line >= m.page() || m.width == 0 {
		return nil
	}
	return m.theme.Caret(0, 1+line)
}

// RowAt returns the row that is drawn on line y of the view, for the mouse.
func (m Model) RowAt(y int) (index int, ok bool) {
	index = m.offset + y - 1
	return index, y >= 1 && y < m.height && index < m.source.Len()
}

// Window returns the rows in view: the first, and one past the last.
func (m Model) Window() (first, end int) {
	return m.offset, min(m.offset+m.page(), m.source.Len())
}
