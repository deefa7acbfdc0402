package form

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Tick is a box to tick.
type Tick struct {
	theme       theme.Theme
	label, says string
	on, focused bool
	hint, err   string
	warns       bool
	width       int
	toggle      key.Binding
}

// NewTick returns an empty box with what ticking it says.
func NewTick(t theme.Theme, label, says string) Tick {
	return Tick{
		theme: t, label: label, says: says, width: 40,
		toggle: key.NewBinding(key.WithKeys("space"), key.WithHelp("space", "tick")),
	}
}

// With returns the box ticked or not.
func (x Tick) With(on bool) Tick {
	x.on = on
	return x
}

// On reports whether the box is ticked.
func (x Tick) On() bool { return x.on }

// WithHint returns the box with a remark under it, which may be a warning.
func (x Tick) WithHint(s string, warns bool) Tick {
	x.hint, x.warns = s, warns
	return x
}

// Update implements [Item].
func (x Tick) Update(msg tea.Msg) (Item, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok && x.focused && key.Matches(press, x.toggle) {
		x.on, x.err = !x.on, ""
	}
	return x, nil
}

// Focus implements [Item].
func (x Tick) Focus() (Item, tea.Cmd) {
	x.focused = true
	return x, nil
}

// Blur implements [Item].
func (x Tick) Blur() Item {
	x.focused = false
	return x
}

// Size implements [Item].
func (x Tick) Size(w, _ int) Item {
	x.width = w
	return x
}

// Lines implements [Item].
func (x Tick) Lines() []string {
	marker, tick := " ", " "
	if x.focused {
		marker = x.theme.Glyphs.Cursor
	}
	if x.on {
		tick = x.theme.Glyphs.Tick
	}
	line := x.theme.Label.Render(text.Fit(x.label, LabelWidth)) + " " + x.theme.Key.Render(marker) + " [" + tick + "] " + x.says
	said, tone := x.hint, theme.Muted
	switch {
	case x.err != "":
		said, tone = x.err, theme.Bad
	case x.warns:
		tone = theme.Warn
	}
	return append([]string{text.FitStyled(line, x.width)}, remark(x.theme, tone, said, x.width)...)
}

// Cursor implements [Item].
func (x Tick) Cursor() *tea.Cursor {
	if !x.focused {
		return nil
	}
	return x.theme.Caret(indent+1, 0)
}

// Value implements [Item].
func (x Tick) Value() string {
	if x.on {
		return "yes"
	}
	return ""
}

// WithError implements [Item].
func (x Tick) WithError(s string) Item {
	x.err = s
	return x
}

// Err implements [Item].
func (x Tick) Err() string { return x.err }

// Typing implements [Item].
func (x Tick) Typing() bool { return false }

// Bindings implements [Item].
func (x Tick) Bindings() []key.Binding { return []key.Binding{x.toggle} }
