package form

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/choice"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

// Choice is one of a few options.
type Choice struct {
	theme   theme.Theme
	label   string
	options []choice.Option
	choice  choice.Model
	err     string
	width   int
}

// NewChoice returns the options with the first one chosen.
func NewChoice(t theme.Theme, label string, options ...choice.Option) Choice {
	return Choice{theme: t, label: label, options: options, choice: choice.New(t, options...), width: 40}
}

// With returns the choice with an option chosen by its label, if there is one.
func (x Choice) With(label string) Choice {
	for i, o := range x.options {
		if o.Label == label {
			x.choice.Choose(i)
		}
	}
	return x
}

// Update implements [Item].
func (x Choice) Update(msg tea.Msg) (Item, tea.Cmd) {
	before := x.choice.Chosen()
	var cmd tea.Cmd
	x.choice, cmd = x.choice.Update(msg)
	if x.choice.Chosen() != before {
		x.err = ""
	}
	return x, cmd
}

// Focus implements [Item].
func (x Choice) Focus() (Item, tea.Cmd) {
	x.choice.Focus()
	return x, nil
}

// Blur implements [Item].
func (x Choice) Blur() Item {
	x.choice.Blur()
	return x
}

// Size implements [Item].
func (x Choice) Size(w, _ int) Item {
	x.width = w
	x.choice.SetWidth(max(0, w-LabelWidth-1))
	return x
}

// Lines implements [Item].
func (x Choice) Lines() []string {
	var lines []string
	label := x.label
	for line := range strings.SplitSeq(x.choice.View(), "\n") {
		lines = append(lines, text.FitStyled(x.theme.Label.Render(text.Fit(label, LabelWidth))+" "+line, x.width))
		label = ""
	}
	return append(lines, remark(x.theme, theme.Bad, x.err, x.width)...)
}

// Cursor implements [Item].
func (x Choice) Cursor() *tea.Cursor { return layout.Move(x.choice.Cursor(), LabelWidth+1, 0) }

// Value implements [Item]: the label of what is chosen.
func (x Choice) Value() string {
	if i := x.choice.Chosen(); i >= 0 {
		return x.options[i].Label
	}
	return ""
}

// WithError implements [Item].
func (x Choice) WithError(s string) Item {
	x.err = s
	return x
}

// Err implements [Item].
func (x Choice) Err() string { return x.err }

// Typing implements [Item].
func (x Choice) Typing() bool { return false }

// Bindings implements [Item].
func (x Choice) Bindings() []key.Binding {
	return []key.Binding{x.choice.KeyMap.Down, x.choice.KeyMap.Up}
}
