package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/screen"
)

// rootActions are the actions that the root performs itself.
var rootActions = map[string]func(*Model) tea.Cmd{
	"app.help":     (*Model).showHelp,
	"app.command":  (*Model).openLine,
	"app.back":     (*Model).back,
	"app.last":     (*Model).goLast,
	"app.undo":     (*Model).undo,
	"app.zone":     (*Model).switchZone,
	"app.messages": (*Model).showMessages,
	"app.mouse":    (*Model).switchMouse,
	"app.redraw":   (*Model).redraw,
	"app.suspend":  func(*Model) tea.Cmd { return tea.Suspend },
	"app.demo":     (*Model).openDemo,
	"app.lock":     (*Model).lock,
	"app.quit":     (*Model).quit,

	"tab." + screen.Keys:    func(m *Model) tea.Cmd { return m.goTab(screen.Keys) },
	"tab." + screen.Users:   func(m *Model) tea.Cmd { return m.goTab(screen.Users) },
	"tab." + screen.Usage:   func(m *Model) tea.Cmd { return m.goTab(screen.Usage) },
	"tab." + screen.Journal: func(m *Model) tea.Cmd { return m.goTab(screen.Journal) },
	"tab." + screen.Lint:    func(m *Model) tea.Cmd { return m.goTab(screen.Lint) },
}

func (m *Model) switchZone() tea.Cmd {
	local := m.opts.Local
	if m.env.Zone != time.UTC || local == nil {
		local = time.UTC
	}
	m.env.Zone = local
	zone, _ := m.env.Board.Now.In(local).Zone()
	return tea.Batch(
		m.say(screen.Say{Text: "times are in " + zone}),
		m.places.tell(m.boardMsg(true)),
	)
}

func (m *Model) switchMouse() tea.Cmd {
	m.mouse = !m.mouse
	words := "the mouse is the terminal's own again"
	if m.mouse {
		words = "the mouse selects and scrolls; hold shift to select text"
	}
	return m.say(screen.Say{Text: words})
}

func (m *Model) redraw() tea.Cmd { return tea.Batch(tea.ClearScreen, m.reload()) }

// quit leaves the dashboard, and asks first if work would be lost.
func (m *Model) quit() tea.Cmd {
	leave := func(*Model) tea.Cmd { return tea.Quit }
	if lost := m.unfinished(); lost != "" {
		return m.askToLose("Quit", lost, leave)
	}
	return leave(m)
}

// unlessUnsaved does something that drops the open screens, and asks first if
// one of them holds work.
func (m *Model) unlessUnsaved(verb string, then func(*Model) tea.Cmd) tea.Cmd {
	lost := m.places.unsaved()
	if lost == "" {
		return then(m)
	}
	return m.askToLose(verb, lost, then)
}
