// Package choice lets the operator pick one of a few options.
//
// All options are in view. The one under the cursor is chosen as the cursor
// reaches it; one that is not allowed can be reached, so that the reason can
// be read, but not chosen.
package choice

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Option is one of the things to choose from.
type Option struct {
	Label    string
	Help     string // shown behind it
	Disabled string // why it cannot be chosen, or ""
}

// KeyMap is what the widget listens to.
type KeyMap struct{ Up, Down key.Binding }

// DefaultKeyMap returns the keys of vi and the arrows.
func DefaultKeyMap() KeyMap {
	return KeyMap{
		Up:   key.NewBinding(key.WithKeys("k", "up"), key.WithHelp("k", "up")),
		Down: key.NewBinding(key.WithKeys("j", "down", "space"), key.WithHelp("j", "down")),
	}
}

// Model is the list of options. It is a value; make it with [New].
type Model struct {
	KeyMap KeyMap

	theme   theme.Theme
	options []Option
	cursor  int
	chosen  int
	focused bool
	width   int
}

// New returns the options with the first allowed one chosen.
func New(t theme.Theme, options ...Option) Model {
	m := Model{KeyMap: DefaultKeyMap(), theme: t, width: 40}
	m.SetOptions(options)
	return m
}

// SetOptions replaces the options. The choice stays on the same label if that
// is still allowed, else it goes to the first that is.
func (m *Model) SetOptions(options []Option) {
	old := ""
	if m.chosen >= 0 && m.chosen < len(m.options) {
		old = m.options[m.chosen].Label
	}
	m.options, m.chosen = options, -1
	for i, o := range options {
		if o.Disabled == "" && (m.chosen < 0 || o.Label == old) {
			m.chosen = i
		}
	}
	m.cursor = max(0, m.chosen)
}

// SetTheme changes the looks.
func (m *Model) SetTheme(t theme.Theme) { m.theme = t }

// SetWidth sets the width in cells.
func (m *Model) SetWidth(w int) { m.width = w }

// Choose chooses option i, and reports whether it is allowed.
func (m *Model) Choose(i int) bool {
	if i < 0 || i >= len(m.options) || m.options[i].Disabled != "" {
		return false
	}
	m.cursor, m.chosen = i, i
	return true
}

// Chosen returns the chosen option, or -1 if none is allowed.
func (m Model) Chosen() int { return m.chosen }

// Why returns why the option under the cursor cannot be chosen, or "".
func (m Model) Why() string {
	if m.cursor >= len(m.options) {
		return ""
	}
	return m.options[m.cursor].Disabled
}

// Focus lets the widget take keys.
func (m *Model) Focus() { m.focused = true }

// Blur makes it ignore keys and puts the cursor back on what is chosen.
func (m *Model) Blur() {
	m.focused = false
	m.cursor = max(0, m.chosen)
}

// Focused reports whether the widget takes keys.
func (m Model) Focused() bool { return m.focused }

// Update moves the cursor and with it the choice.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok || !m.focused || len(m.options) == 0 {
		return m, nil
	}
	switch {
	case key.Matches(press, m.KeyMap.Up):
		m.cursor = (m.cursor + len(m.options) - 1) % len(m.options)
	case key.Matches(press, m.KeyMap.Down):
		m.cursor = (m.cursor + 1) % len(m.options)
	}
	if m.Why() == "" {
		m.chosen = m.cursor
	}
	return m, nil
}

// Height returns the lines that [Model.View] has.
func (m Model) Height() int { return len(m.options) }

// View returns one line for each option, each as wide as the widget.
func (m Model) View() string {
	label := 0
	for _, o := range m.options {
		label = max(label, text.Width(text.Safe(o.Label)))
	}
	lines := make([]string, len(m.options))
	for i := range m.options {
		lines[i] = m.line(i, label)
	}
	return strings.Join(lines, "\n")
}

func (m Model) line(i, label int) string {
	o := m.options[i]
	cursor, dot, says := " ", " ", o.Help
	if m.focused && i == m.cursor {
		cursor = m.theme.Glyphs.Cursor
	}
	if i == m.chosen {
		dot = m.theme.Glyphs.Dot
	}
	if o.Disabled != "" {
		says = o.Disabled
	}
	head := cursor + " (" + dot + ") " + text.Fit(o.Label, label)
	room := m.width - text.Width(head) - 2
	switch {
	case m.focused && i == m.cursor:
		return m.theme.Selected.Render(text.Fit(head+"  "+text.Truncate(says, room), m.width))
	case o.Disabled != "":
		return m.theme.Paint(theme.Muted, text.Fit(head+"  "+text.Truncate(says, room), m.width))
	default:
		return text.FitStyled(head+"  "+m.theme.Paint(theme.Muted, text.Truncate(says, room)), m.width)
	}
}

// Cursor returns the place of the real cursor in the view, or nil without the
// focus.
func (m Model) Cursor() *tea.Cursor {
	if !m.focused {
		return nil
	}
	return m.theme.Caret(0, m.cursor)
}
