package user

import (
	"strings"

	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

// refresh makes everything that follows from what is filled in fit it.
func (m *Model) refresh() {
	if x, ok := m.form.Item(adminRow).(form.Tick); ok {
		hint, warns := "", false
		if x.On() {
			hint, warns = "every key of it without scopes may do everything; permissions below do not count", true
		}
		m.form = m.form.Set(adminRow, x.WithHint(hint, warns))
	}
	m.form = m.form.Judge(m.problems())
	m.form.SetSize(max(0, m.w-2), max(1, m.h-top))
}

// top is where the form begins.
const top = 2

// View implements [screen.Screen].
func (m Model) View() screen.View {
	t := m.env.Theme
	title := "A user owns keys; its permissions bound what they may do."
	if !m.isNew() {
		title = m.before.Name + "   " + text.Plural(len(m.env.Board.KeysOf(m.before.ID)), "key")
	}
	says := ""
	if m.moved() {
		says = "   " + t.Paint(theme.Warn, form.Moved)
	}
	lines := []string{text.FitStyled(" "+t.Title.Render(text.Truncate(title, max(0, m.w-2)))+says, m.w), ""}
	lines = append(lines, layout.Indent(m.form.View(), 1)...)
	return screen.View{
		Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"),
		Cursor:  layout.Move(m.form.Cursor(), 1, top),
	}
}
