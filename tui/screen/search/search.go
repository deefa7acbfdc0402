// Package search is the line under a list in which its filter is typed.
//
// It keeps the filter that holds. While another one is typed, what can be
// understood of it holds already, so that the owner can apply it at once; what
// is wrong with the text stands under the line, quietly until the operator
// says with enter that it is all. Esc brings back the filter from before.
package search

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/prompt"
)

// Height is the lines that the search takes under its list.
const Height = 2

// countWidth is the room for "100 000 of 100 000 shown".
const countWidth = 24

// Model is the line. It is a value; make it with [New].
type Model struct {
	check   func(string) error
	line    prompt.Model
	text    string // that holds
	before  string // that held when the line was opened
	problem string // of what is typed
	final   bool   // enter was pressed on it
}

// New returns a closed line without a filter. check says why a text is no
// filter, or nil; it is called from Update, so it only looks.
func New(check func(string) error) Model { return Model{check: check} }

// Text returns the filter that holds.
func (m Model) Text() string { return m.text }

// Set changes the filter that holds, and reports whether the text is one.
func (m *Model) Set(filter string) bool {
	if m.check(filter) != nil {
		return false
	}
	m.text = filter
	return true
}

// Editing reports whether the line is open.
func (m Model) Editing() bool { return m.line.State() == prompt.Editing }

// Open opens the line with the filter that holds. complete is as for
// [prompt.New] and may be nil.
func (m *Model) Open(t theme.Theme, w int, complete func(string) []string) tea.Cmd {
	history := m.line.History()
	m.line = prompt.New(t, "/", complete)
	m.line.SetHistory(history)
	m.SetWidth(w)
	m.before, m.problem, m.final = m.text, "", false
	value := m.text
	if value != "" {
		value += " "
	}
	return m.line.Open(value)
}

// SetWidth sets the width in cells.
func (m *Model) SetWidth(w int) { m.line.SetWidth(max(0, w-countWidth-2)) }

// Update edits the line. The owner compares [Model.Text] before and after.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	before := m.line.Value()
	var cmd tea.Cmd
	m.line, cmd = m.line.Update(msg)
	if m.line.Value() != before {
		m.typed()
	}
	return m, cmd
}

func (m *Model) typed() {
	m.problem, m.final = "", false
	value := m.line.Value()
	err := m.check(value)
	if err != nil {
		m.problem = err.Error()
		// The term that is being typed does not count yet.
		value = value[:strings.LastIndexByte(strings.TrimRight(value, " "), ' ')+1]
		err = m.check(value)
	}
	if err == nil {
		m.text = strings.TrimSpace(value)
	}
}

// Accept closes the line if what is typed is a filter.
func (m *Model) Accept() {
	if m.typed(); m.problem != "" {
		m.final = true
		return
	}
	m.line, _ = m.line.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	m.line.Close()
}

// Cancel closes the line and brings back the filter from before.
func (m *Model) Cancel() {
	m.text = m.before
	m.line.Close()
}

// Lines draws the line in w cells and what is wrong with it. While it is
// closed, status stands there instead, as much of it as fits, the most
// important part first. count says how much of the list the filter selects.
func (m Model) Lines(t theme.Theme, w int, count string, status ...string) []string {
	if !m.Editing() {
		return []string{" " + t.Hint.Render(join(status, w-2)), ""}
	}
	tone := theme.Muted
	if m.final {
		tone = theme.Bad
	}
	return []string{
		" " + m.line.View() + " " + t.Hint.Render(text.FitLeft(count, countWidth-1)),
		" " + t.Paint(tone, text.Truncate(m.problem, w-2)),
	}
}

// join writes the parts that fit in w cells.
func join(parts []string, w int) string {
	const gap = "   "
	line := ""
	for i, p := range parts {
		p = text.Safe(p)
		switch {
		case i == 0:
			line = text.Truncate(p, w)
		case text.Width(line)+len(gap)+text.Width(p) <= w:
			line += gap + p
		}
	}
	return line
}

// Help returns the keys of the line.
func (m Model) Help() keymap.Section {
	k := m.line.KeyMap
	return keymap.BindingSection("Filter", k.Accept, k.Cancel, k.Complete, k.Older, k.Newer)
}

// Simple returns the keys of a line that is only typed.
func Simple(title string) keymap.Section {
	k := prompt.DefaultKeyMap()
	return keymap.BindingSection(title, k.Accept, k.Cancel)
}

// Cursor returns the place of the real cursor in [Model.Lines], or nil while
// the line is closed.
func (m Model) Cursor() *tea.Cursor { return layout.Move(m.line.Cursor(), 1, 0) }
