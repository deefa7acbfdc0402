package form

import (
	"fmt"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Option is one value of a [OneOf].
type Option struct{ Value, Title, Help string }

// OneOf is one of several values on a single line, where there is no room for
// a [Choice].
type OneOf struct {
	theme    theme.Theme
	label    string
	options  []Option
	at       int
	focused  bool
	err      string
	width    int
	next, up key.Binding
}

// NewOneOf returns the item with the first option chosen.
func NewOneOf(t theme.Theme, label string, options ...Option) OneOf {
	return OneOf{
		theme: t, label: label, options: options, width: 40,
		next: key.NewBinding(key.WithKeys("down", "right", "space", "j", "l"), key.WithHelp("down", "next one")),
		up:   key.NewBinding(key.WithKeys("up", "left", "k", "h"), key.WithHelp("up", "one before")),
	}
}

// With returns the item with an option chosen by its value, if there is one.
func (x OneOf) With(value string) OneOf {
	for i, o := range x.options {
		if o.Value == value {
			x.at = i
		}
	}
	return x
}

// Update implements [Item].
func (x OneOf) Update(msg tea.Msg) (Item, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	n := len(x.options)
	switch {
	case !ok || !x.focused || n == 0:
	case key.Matches(press, x.next):
		x.at, x.err = (x.at+1)%n, ""
	case key.Matches(press, x.up):
		x.at, x.err = (x.at+n-1)%n, ""
	}
	return x, nil
}

// Focus implements [Item].
func (x OneOf) Focus() (Item, tea.Cmd) {
	x.focused = true
	return x, nil
}

// Blur implements [Item].
func (x OneOf) Blur() Item {
	x.focused = false
	return x
}

// Size implements [Item].
func (x OneOf) Size(w, _ int) Item {
	x.width = w
	return x
}

// Lines implements [Item].
func (x OneOf) Lines() []string {
	marker, o := " ", Option{}
	if x.focused {
		marker = x.theme.Glyphs.Cursor
	}
	if len(x.options) > 0 {
		o = x.options[x.at]
	}
	of := fmt.Sprintf(" %d of %d, up and down", x.at+1, len(x.options))
	value := text.Fit(o.Title, max(0, x.width-indent-len(of)))
	line := x.theme.Label.Render(text.Fit(x.label, LabelWidth)) + " " + x.theme.Key.Render(marker) + " " + value + x.theme.Hint.Render(of)
	said, tone := o.Help, theme.Muted
	if x.err != "" {
		said, tone = x.err, theme.Bad
	}
	return append([]string{text.FitStyled(line, x.width)}, remark(x.theme, tone, said, x.width)...)
}

// Cursor implements [Item].
func (x OneOf) Cursor() *tea.Cursor {
	if !x.focused {
		return nil
	}
	return x.theme.Caret(indent, 0)
}

// Value implements [Item].
func (x OneOf) Value() string {
	if len(x.options) == 0 {
		return ""
	}
	return x.options[x.at].Value
}

// WithError implements [Item].
func (x OneOf) WithError(s string) Item {
	x.err = s
	return x
}

// Err implements [Item].
func (x OneOf) Err() string { return x.err }

// Typing implements [Item].
func (x OneOf) Typing() bool { return false }

// Bindings implements [Item].
func (x OneOf) Bindings() []key.Binding { return []key.Binding{x.next, x.up} }
