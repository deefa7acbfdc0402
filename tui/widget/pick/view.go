package pick

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

// counterWidth is the room for "4 of 31" beside the filter.
const counterWidth = 14

// whyNone says why no item is in view, and what to do about it.
func (m Model) whyNone() string {
	switch {
	case len(m.items) > 0 || m.filter.Value() != "":
		return "nothing matches; ctrl+u empties the filter"
	case m.parse != nil:
		return "nothing to choose from yet: type one"
	}
	return "nothing to choose from"
}

// View returns the filter and under it the items in view, in exactly the size
// of the list.
func (m Model) View() string {
	count := fmt.Sprintf("%d of %d", len(m.found), len(m.items))
	lines := []string{m.filter.View() + m.theme.Hint.Render(text.FitLeft(count, min(m.width, counterWidth)))}
	if m.rows() == 0 {
		lines = append(lines, "  "+m.theme.Hint.Render(m.whyNone()))
	}
	label := m.labelWidth()
	for row := m.offset; row < m.rows() && len(lines) < m.height; row++ {
		lines = append(lines, m.line(row, label))
	}
	return strings.Join(layout.Fill(lines, m.width, m.height), "\n")
}

// labelWidth is the width of the widest label, at most half the list.
func (m Model) labelWidth() int {
	w := 0
	for _, item := range m.items {
		w = max(w, text.Width(text.Safe(item.Label)))
	}
	return min(w, m.width/2)
}

func (m Model) line(row, label int) string {
	cursor := " "
	selected := m.Focused() && row == m.cursor
	if selected {
		cursor = m.theme.Glyphs.Cursor
	}
	if row == len(m.found) {
		return m.paint(selected, cursor+" [+] add "+text.Truncate(m.added.Label, m.width-10), "", Item{})
	}
	item := m.items[m.found[row]]
	tick := " "
	if m.ticked[item.ID] {
		tick = m.theme.Glyphs.Tick
	}
	says := item.Help
	if item.Disabled != "" {
		says = item.Disabled
	}
	return m.paint(selected, cursor+" ["+tick+"] "+text.Fit(item.Label, label), says, item)
}

// paint puts a line together: its head, what it says, and the tag at its end.
func (m Model) paint(selected bool, head, says string, item Item) string {
	tag := text.Safe(item.Tag)
	room := m.width - text.Width(head) - text.Width(tag) - 4
	says = text.Fit(says, room)
	switch {
	case selected:
		return m.theme.Selected.Render(text.Fit(head+"  "+says+"  "+tag, m.width))
	case item.Disabled != "":
		return m.theme.Paint(theme.Muted, text.Fit(head+"  "+says+"  "+tag, m.width))
	default:
		return head + "  " + m.theme.Paint(theme.Muted, says) + "  " + m.theme.Paint(item.Tone, tag)
	}
}

// Cursor returns the place of the real cursor in the view: in the filter while
// it is typed in, else on the item. It is nil without the focus.
func (m Model) Cursor() *tea.Cursor {
	if !m.Focused() {
		return nil
	}
	if m.rows() == 0 || m.height < 2 {
		return m.filter.Cursor()
	}
	return m.theme.Caret(0, 1+m.cursor-m.offset)
}
