package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
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

// stale is how long after its last use a demonstration tells little.
const stale = 48 * time.Hour

// remindOfReset tells how a demonstration is made anew in which everything has
// become old.
func (m *Model) remindOfReset() tea.Cmd {
	var last time.Time
	for _, k := range m.env.Board.Keys {
		if at := k.Uses.Last.Time; at.After(last) {
			last = at
		}
	}
	idle := m.env.Board.Now.Sub(last)
	if !m.env.Store.Demo() || last.IsZero() || idle < stale {
		return nil
	}
	return m.say(screen.Say{Text: "this demonstration is " + text.Ago(idle) + " old; pakdeck demo --reset makes it anew"})
}
