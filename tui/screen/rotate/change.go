package rotate

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

// work is what a command does on the store.
type work func(context.Context, *keystore.Store) tea.Msg

// ask returns the command that asks before work is done.
func (m *Model) ask(q confirm.Question, do work) tea.Cmd {
	run := m.run(do)
	return screen.Tell(screen.Ask{Dialog: confirm.New(m.env.Theme, q), Then: func() tea.Cmd { return run }})
}

// run returns the command that does the work.
func (m Model) run(do work) tea.Cmd {
	st := m.env.Store
	return m.env.Do(func(ctx context.Context) tea.Msg { return do(ctx, st) })
}

func failed(doing string, err error) tea.Msg {
	return changedMsg{tea.Sequence(screen.Tell(screen.Failed{Doing: doing, Err: err}), screen.Tell(screen.Refresh{}))}
}

func done(what string) tea.Msg {
	return changedMsg{tea.Sequence(screen.Tell(screen.Say{Level: screen.OK, Text: what}), screen.Tell(screen.Refresh{}))}
}
