// Package prompt is the line in which commands and filters are typed, opened
// with ':' or '/'.
//
// It has a history, and completes from candidates that its owner supplies for
// what is typed so far. The owner reads [Model.State] after each Update; a
// filter is applied while it is typed, by reading [Model.Value].
package prompt

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// HistorySize is how many lines are remembered.
const HistorySize = 100

// State tells how the line ended.
type State uint8

// The states. A line is Closed until it is opened.
const (
	Closed State = iota
	Editing
	Accepted
	Cancelled
)

// KeyMap is what the prompt listens to besides text.
type KeyMap struct {
	Accept, Cancel       key.Binding
	Complete, CompleteUp key.Binding
	Older, Newer         key.Binding
}

// DefaultKeyMap returns the keys of a shell.
func DefaultKeyMap() KeyMap {
	bind := func(help, does string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
	}
	return KeyMap{
		Accept:     bind("enter", "accept", "enter"),
		Cancel:     bind("esc", "cancel", "esc", "ctrl+c"),
		Complete:   bind("tab", "complete", "tab"),
		CompleteUp: bind("shift+tab", "complete backwards", "shift+tab"),
		Older:      bind("up", "older", "up", "ctrl+p"),
		Newer:      bind("down", "newer", "down", "ctrl+n"),
	}
}

// Model is the line. It is a value; make it with [New].
type Model struct {
	KeyMap KeyMap
	Quiet  bool // the owner shows the candidates, see [Model.Chosen]

	theme    theme.Theme
	input    field.Model
	complete func(string) []string
	state    State
	width    int

	history []string
	place   int    // in history; len(history) is the line being typed
	draft   string // that line, while an older one is shown

	stem       string   // what was typed before completing
	candidates []string // for stem
	choice     int      // the candidate that is shown, or -1
}

// New returns a closed line with the sign it is opened by. complete returns
// the candidates for what is typed, best first, and may be nil; it is called
// from Update, so it only looks things up.
func New(t theme.Theme, sign string, complete func(string) []string) Model {
	if complete == nil {
		complete = func(string) []string { return nil }
	}
	return Model{
		KeyMap: DefaultKeyMap(), theme: t, complete: complete, choice: -1, width: 80,
		input: field.New(t, "", field.WithInline(), field.WithMarker(sign)),
	}
}

// SetTheme changes the looks.
func (m *Model) SetTheme(t theme.Theme) {
	m.theme = t
	m.input.SetTheme(t)
}

// SetWidth sets the width in cells.
func (m *Model) SetWidth(w int) {
	m.width = w
	m.input.SetWidth(w)
}

// Open starts a line with a text in it.
func (m *Model) Open(value string) tea.Cmd {
	m.state = Editing
	m.input.SetValue(value)
	m.place, m.draft = len(m.history), ""
	m.typed()
	return m.input.Focus()
}

// Close ends the line whatever its state and empties it.
func (m *Model) Close() {
	m.state = Closed
	m.input.Reset()
	m.input.Blur()
}

// State returns whether the line is being edited, or how it ended.
func (m Model) State() State { return m.state }

// Value returns what is typed.
func (m Model) Value() string { return m.input.Value() }

// Chosen returns what was typed before completing, and which of the candidates
// for that is shown; -1 is none.
func (m Model) Chosen() (typed string, choice int) { return m.stem, m.choice }

// SetError shows what is wrong with the line until it is edited.
func (m *Model) SetError(s string) {
	m.input.SetError(s)
	m.state = Editing
	m.input.Focus()
}

// History returns the remembered lines, oldest first.
func (m Model) History() []string { return slices.Clone(m.history) }

// SetHistory replaces the remembered lines.
func (m *Model) SetHistory(lines []string) {
	m.history = slices.Clone(lines[max(0, len(lines)-HistorySize):])
	m.place = len(m.history)
}

// Update edits the line while it is open.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	if m.state != Editing {
		return m, nil
	}
	press, ok := msg.(tea.KeyPressMsg)
	switch {
	case !ok:
		return m.edit(msg)
	case key.Matches(press, m.KeyMap.Accept):
		m.accept()
	case key.Matches(press, m.KeyMap.Cancel):
		m.end(Cancelled)
	case key.Matches(press, m.KeyMap.Complete):
		m.cycle(1)
	case key.Matches(press, m.KeyMap.CompleteUp):
		m.cycle(-1)
	case key.Matches(press, m.KeyMap.Older):
		m.recall(m.place - 1)
	case key.Matches(press, m.KeyMap.Newer):
		m.recall(m.place + 1)
	default:
		return m.edit(msg)
	}
	return m, nil
}

func (m Model) edit(msg tea.Msg) (Model, tea.Cmd) {
	before := m.Value()
	var cmd tea.Cmd
	m.input, cmd = m.input.Update(msg)
	if m.Value() != before {
		m.typed()
	}
	return m, cmd
}

// typed looks up the candidates for a line that was typed.
func (m *Model) typed() {
	m.stem, m.choice = m.Value(), -1
	m.candidates = m.complete(m.stem)
}

// cycle shows the next candidate; past the last comes what was typed.
func (m *Model) cycle(step int) {
	n := len(m.candidates)
	if n == 0 {
		return
	}
	m.choice = (m.choice+1+step+n+1)%(n+1) - 1
	value := m.stem
	if m.choice >= 0 {
		value = m.candidates[m.choice]
	}
	m.input.SetValue(value)
}

// recall shows a line of the history.
func (m *Model) recall(place int) {
	if place < 0 || place > len(m.history) {
		return
	}
	if m.place == len(m.history) {
		m.draft = m.Value()
	}
	m.place = place
	value := m.draft
	if place < len(m.history) {
		value = m.history[place]
	}
	m.input.SetValue(value)
	m.typed()
}

func (m *Model) accept() {
	value := m.Value()
	m.end(Accepted)
	if value == "" {
		return
	}
	// A line that is used again moves to the end.
	m.history = slices.DeleteFunc(slices.Clone(m.history), func(s string) bool { return s == value })
	m.SetHistory(append(m.history, value))
}

func (m *Model) end(s State) {
	m.state = s
	m.input.Blur()
}

// View returns the line in exactly its width: what is typed, and the
// candidates for it or what is wrong with it.
func (m Model) View() string {
	if m.state == Closed {
		return text.Spaces(m.width)
	}
	used := min(m.width, 2+text.Width(text.Safe(m.Value()))+3)
	input := m.input
	input.SetWidth(used)
	return text.FitStyled(input.View()+m.aside(m.width-used), m.width)
}

// aside is what stands behind the input in at most w cells.
func (m Model) aside(w int) string {
	if s, wrong := m.input.Message(); wrong {
		return m.theme.Error.Render(text.Truncate(s, w))
	}
	line := ""
	if m.Quiet {
		return line
	}
	for i, c := range m.candidates {
		c = text.Safe(c)
		if text.Width(line)+text.Width(c)+2 > w {
			return line + m.theme.Glyphs.More
		}
		if i == m.choice {
			line += m.theme.Selected.Render(c) + "  "
		} else {
			line += m.theme.Hint.Render(c) + "  "
		}
	}
	return line
}

// Cursor returns the place of the real cursor in the view, or nil while the
// line is not edited.
func (m Model) Cursor() *tea.Cursor { return m.input.Cursor() }
