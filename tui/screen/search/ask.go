package search

import (
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/field"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/prompt"
)

// margin is the blank cells left of what is asked, and right of it.
const margin = 1

// Ask is a question in the place of the search: for a reason, or the name of a
// file. It is a value; the zero value asks nothing.
type Ask struct {
	field field.Model
	title string
	open  bool
}

// Open asks in w cells. The title stands over the keys in the help, the label
// before what is typed, which begins as value.
func (a *Ask) Open(t theme.Theme, w int, title, label, value string, opts ...field.Option) tea.Cmd {
	a.title, a.open = title, true
	a.field = field.New(t, label, append(opts, field.WithInline())...)
	a.field.SetValue(value)
	a.SetWidth(w)
	return a.field.Focus()
}

// Asking reports whether the question is open.
func (a Ask) Asking() bool { return a.open }

// Close ends the question.
func (a *Ask) Close() { *a = Ask{} }

// SetWidth sets the width in cells.
func (a *Ask) SetWidth(w int) { a.field.SetWidth(max(0, w-2*margin)) }

// Value returns what is typed.
func (a Ask) Value() string { return a.field.Value() }

// SetError tells what is wrong with it, until it is edited.
func (a *Ask) SetError(err error) { a.field.SetError(err.Error()) }

// Update edits the answer.
func (a Ask) Update(msg tea.Msg) (Ask, tea.Cmd) {
	var cmd tea.Cmd
	a.field, cmd = a.field.Update(msg)
	return a, cmd
}

// Lines draws the question in w cells and, under it, what is to be said of the
// answer.
func (a Ask) Lines(t theme.Theme, w int) []string {
	a.field.SetTheme(t)
	said, wrong := a.field.Message()
	tone := theme.Muted
	if wrong {
		tone = theme.Bad
	}
	return []string{
		text.Spaces(margin) + a.field.View(),
		text.Spaces(margin) + t.Paint(tone, text.Truncate(said, max(0, w-2*margin))),
	}
}

// Help returns the keys of the question.
func (a Ask) Help() keymap.Section {
	k := prompt.DefaultKeyMap()
	return keymap.BindingSection(a.title, k.Accept, k.Cancel)
}

// Cursor returns the place of the real cursor in [Ask.Lines].
func (a Ask) Cursor() *tea.Cursor { return layout.Move(a.field.Cursor(), margin, 0) }
