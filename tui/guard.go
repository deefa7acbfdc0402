package tui

import (
	"context"
	"fmt"
	"runtime/debug"

	tea "charm.land/bubbletea/v2"
)

// defect is a panic that ended the dashboard. It matches [tea.ErrProgramPanic].
type defect struct {
	what  string
	stack []byte
}

func (d *defect) Error() string { return "a defect ended the dashboard: " + d.what }

func (d *defect) Unwrap() error { return tea.ErrProgramPanic }

// guarded is the model with a net below it. A panic ends the program as a
// signal does, so that it stops reading from the terminal before it gives it
// back; Bubble Tea by itself would close its reader under a running read.
type guarded struct {
	Model
	end context.CancelCauseFunc
}

// catch is deferred around what may panic. The first panic is the cause.
func (g guarded) catch() {
	if p := recover(); p != nil {
		g.end(&defect{fmt.Sprint(p), debug.Stack()})
	}
}

// Update implements [tea.Model]. After a panic nothing has changed.
func (g guarded) Update(msg tea.Msg) (next tea.Model, cmd tea.Cmd) {
	next = g
	defer g.catch()
	m, c := g.Model.Update(msg)
	return guarded{m.(Model), g.end}, g.command(c)
}

// View implements [tea.Model]. After a panic it shows nothing.
func (g guarded) View() (v tea.View) {
	defer g.catch()
	return g.Model.View()
}

// Init implements [tea.Model].
func (g guarded) Init() tea.Cmd { return g.command(g.Model.Init()) }

// command puts the net below a command, and below those that it returns.
func (g guarded) command(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer g.catch()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = g.command(batch[i])
			}
		}
		return msg
	}
}
