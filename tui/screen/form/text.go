package form

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// Text is a line of text to type in.
type Text struct {
	theme theme.Theme
	field field.Model
	width int
}

// NewText returns an empty text.
func NewText(t theme.Theme, label string, opts ...field.Option) Text {
	opts = append([]field.Option{field.WithLabelWidth(LabelWidth), field.WithInline()}, opts...)
	return Text{theme: t, field: field.New(t, label, opts...), width: 40}
}

// With returns the text with a value.
func (x Text) With(value string) Text {
	x.field.SetValue(value)
	return x
}

// WithHint returns the text with another remark under it.
func (x Text) WithHint(s string) Text {
	x.field.SetHint(s)
	return x
}

// Update implements [Item].
func (x Text) Update(msg tea.Msg) (Item, tea.Cmd) {
	var cmd tea.Cmd
	x.field, cmd = x.field.Update(msg)
	return x, cmd
}

// Focus implements [Item].
func (x Text) Focus() (Item, tea.Cmd) {
	cmd := x.field.Focus()
	return x, cmd
}

// Blur implements [Item].
func (x Text) Blur() Item {
	x.field.Blur()
	return x
}

// Size implements [Item].
func (x Text) Size(w, _ int) Item {
	x.width = w
	x.field.SetWidth(w)
	return x
}

// Lines implements [Item]: the text, and what is to be said of it.
func (x Text) Lines() []string {
	said, wrong := x.field.Message()
	tone := theme.Muted
	switch {
	case x.field.Err() != "":
		tone = theme.Bad
	case wrong:
		tone = theme.Warn
	}
	return append([]string{x.field.View()}, remark(x.theme, tone, said, x.width)...)
}

// Cursor implements [Item].
func (x Text) Cursor() *tea.Cursor { return x.field.Cursor() }

// Value implements [Item].
func (x Text) Value() string { return x.field.Value() }

// WithError implements [Item].
func (x Text) WithError(s string) Item {
	x.field.SetError(s)
	return x
}

// Err implements [Item].
func (x Text) Err() string { return x.field.Err() }

// Typing implements [Item].
func (x Text) Typing() bool { return true }

// Bindings implements [Item].
func (x Text) Bindings() []key.Binding { return nil }

// remark is what stands under an item: at least one line, so that nothing
// jumps when something has to be said.
func remark(t theme.Theme, tone theme.Tone, s string, w int) []string {
	lines := text.Wrap(s, w-indent)
	for i, line := range lines {
		lines[i] = text.FitStyled(text.Spaces(indent)+t.Paint(tone, line), w)
	}
	return lines
}
