package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// demoMsg brings the demonstration store.
type demoMsg struct {
	store *keystore.Store
	err   error
}

// openDemo asks the caller for a demonstration store. Making one may take
// longer than a command on the store may, so only the end of the program
// stops it.
func (m *Model) openDemo() tea.Cmd {
	ctx, open := m.ctx, m.opts.OpenDemo
	return tea.Batch(
		m.say(screen.Say{Text: "making a demonstration"}),
		func() tea.Msg {
			st, err := open(ctx)
			return demoMsg{st, err}
		},
	)
}

func (m *Model) enterDemo(msg demoMsg) tea.Cmd {
	if msg.err != nil {
		return m.failed(screen.Failed{Doing: "opening the demonstration", Err: msg.err})
	}
	return tea.Batch(
		m.say(screen.Say{Level: screen.OK, Text: "this is a demonstration; nothing here works anywhere"}),
		m.switchStore(msg.store),
	)
}
