package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/prompt"
)

// View implements [tea.Model].
func (m Model) View() tea.View {
	v := tea.NewView("")
	v.AltScreen, v.ReportFocus = true, true
	v.WindowTitle = "pakdeck"
	if m.mouse && m.scope() != screen.Created { // there the terminal selects
		v.MouseMode = tea.MouseModeCellMotion
	}
	if m.area.W == 0 || m.area.H == 0 {
		return v
	}
	if m.idle.locked {
		v.Content = m.env.Theme.Finish(strings.Join(layout.Fill(m.curtain(), m.area.W, m.area.H), "\n"))
		return v
	}
	body, cursor := m.body()
	content := m.frame().View(m.env.Theme, body, m.area.W, m.area.H)
	if m.line.State() == prompt.Editing {
		cursor = layout.Move(m.line.Cursor(), 1, m.area.Bottom.Y+1)
	}
	if !m.area.TooSmall() {
		content, cursor = m.above(m.withPalette(content), cursor)
		v.Cursor = cursor
	}
	v.Content = m.env.Theme.Finish(content)
	return v
}

// body returns the lines of the screen that is shown, and the cursor on the
// whole terminal.
func (m Model) body() ([]string, *tea.Cursor) {
	s := m.places.top()
	if s == nil {
		return m.waiting(), nil
	}
	v := s.View()
	return strings.Split(v.Content, "\n"), layout.Move(v.Cursor, 0, m.area.Body.Y)
}

// waiting is shown before the first picture of the store.
func (m Model) waiting() []string {
	if !m.poll.slow {
		return nil
	}
	return []string{"", " " + m.env.Theme.Hint.Render("Reading the store"+m.env.Theme.Glyphs.Ellipsis)}
}
