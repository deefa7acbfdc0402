// Package search is the line under a list in which its filter is typed, and in
// which the list asks for what it needs to know.
//
// It keeps the filter that holds. While another one is typed, what can be
// understood of it holds already, so that the owner can apply it at once; what
// is wrong with the text stands under the line, quietly until the operator
// says with enter that it is all. Esc brings back the filter from before.
//
// A list may be opened with a text that is no filter, by a link or another
// screen. It must not look as if that had selected something: it shows nothing
// but what is wrong, until a filter is typed; see [Model.Refused].
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
	Ask Ask // while it is open, it has the line

	check func(string) error
	given string // with which the list was opened
	held
	line    prompt.Model
	before  held   // when the line was opened
	problem string // of what is typed
	final   bool   // enter was pressed on it
}

// held is the filter that holds, or why what was given is none.
type held struct {
	text    string
	refused string
}

// New returns a closed line with the filter with which the list was opened. check
// says why a text is no filter, or nil; it is called from Update, so it only
// looks.
func New(check func(string) error, given string) Model {
	given = strings.TrimSpace(given)
	m := Model{check: check, given: given}
	if err := check(given); err != nil {
		m.refused = err.Error()
	} else {
		m.text = given
	}
	return m
}

// Words takes any text for a filter: one of words that are looked for.
func Words(string) error { return nil }

// Given returns the filter with which the list was opened, be it one or not.
func (m Model) Given() string { return m.given }

// Refused says why the text with which the list was opened is no filter, or "" if
// it is one or another one holds.
func (m Model) Refused() string { return m.refused }

// Text returns the filter that holds.
func (m Model) Text() string { return m.text }

// Clear makes all that is listed match.
func (m *Model) Clear() { m.held = held{} }

// Reset brings back the filter with which the list was opened, and reports
// whether another one held.
func (m *Model) Reset() bool {
	if m.text == m.given || m.check(m.given) != nil {
		return false
	}
	m.text = m.given
	return true
}

// Typing reports whether the line is open, for a filter or a question.
func (m Model) Typing() bool { return m.Editing() || m.Ask.Asking() }

// Editing reports whether the line is open.
func (m Model) Editing() bool { return m.line.State() == prompt.Editing }

// Open opens the line with the filter that holds, or with what was given for one.
// complete is as for [prompt.New] and may be nil.
func (m *Model) Open(t theme.Theme, w int, complete func(string) []string) tea.Cmd {
	history := m.line.History()
	m.line = prompt.New(t, "/", complete)
	m.line.SetHistory(history)
	m.SetWidth(w)
	m.before, m.problem, m.final = m.held, "", false
	value := m.text
	if m.refused != "" {
		value, m.problem = m.given, m.refused
	}
	if value != "" {
		value += " "
	}
	return m.line.Open(value)
}

// SetWidth sets the width in cells.
func (m *Model) SetWidth(w int) {
	m.line.SetWidth(max(0, w-countWidth-2))
	m.Ask.SetWidth(w)
}

// Update edits the line, or the answer to what is asked, and reports whether
// another filter holds now.
func (m *Model) Update(msg tea.Msg) (changed bool, cmd tea.Cmd) {
	if m.Ask.Asking() {
		m.Ask, cmd = m.Ask.Update(msg)
		return false, cmd
	}
	typed, before := m.line.Value(), m.held
	if m.line, cmd = m.line.Update(msg); m.line.Value() != typed {
		m.typed()
	}
	return m.held != before, cmd
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
	if err == nil && (m.refused == "" || m.problem == "") {
		m.held = held{text: strings.TrimSpace(value)}
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

// Cancel closes the line and brings back the filter from before; it reports
// whether another one held.
func (m *Model) Cancel() (changed bool) {
	changed = m.held != m.before
	m.held = m.before
	m.line.Close()
	return changed
}

// Lines draws the line in w cells and what is wrong with it. While it is
// closed, status stands there instead, as much of it as fits, the most
// important part first. count says how much of the list the filter selects.
func (m Model) Lines(t theme.Theme, w int, count string, status ...string) []string {
	switch {
	case m.Ask.Asking():
		return m.Ask.Lines(t, w)
	case !m.Editing():
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
	if m.Ask.Asking() {
		return m.Ask.Help()
	}
	k := m.line.KeyMap
	return keymap.BindingSection("Filter", k.Accept, k.Cancel, k.Complete, k.Older, k.Newer)
}

// Cursor returns the place of the real cursor in [Model.Lines], or nil while
// the line is closed.
func (m Model) Cursor() *tea.Cursor {
	if m.Ask.Asking() {
		return m.Ask.Cursor()
	}
	return layout.Move(m.line.Cursor(), 1, 0)
}
