package tuitest

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Host is a root model for one widget under test. It has the whole screen and
// draws the widget in the upper left corner.
type Host struct {
	Start  func() tea.Cmd               // optional: the first command
	Update func(tea.Msg) tea.Cmd        // passes a message to the widget
	View   func() (string, *tea.Cursor) // draws it
	Resize func(w, h int)               // optional: the size of the screen
}

var _ tea.Model = host{}

// Model returns the host as a program's model. The functions run on the
// program's goroutine; a test may touch what they touch while the program is
// at rest, which it is whenever a method of [Screen] returns.
func (h Host) Model() tea.Model { return host{h} }

type host struct{ h Host }

func (m host) Init() tea.Cmd {
	if m.h.Start == nil {
		return nil
	}
	return m.h.Start()
}

func (m host) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if size, ok := msg.(tea.WindowSizeMsg); ok && m.h.Resize != nil {
		m.h.Resize(size.Width, size.Height)
	}
	return m, m.h.Update(msg)
}

func (m host) View() tea.View {
	content, cursor := m.h.View()
	v := tea.NewView(strings.TrimRight(content, "\n"))
	v.AltScreen = true
	v.ReportFocus = true
	v.Cursor = cursor
	return v
}
