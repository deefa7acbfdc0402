package session

import (
	"context"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
)

// The answers of commands. Each carries the identity of the screen it is for.
type (
	newestMsg struct { // the newest session; its ID is "" if there was none
		tag *int
		s   session.Session
		err error
	}
	begunMsg struct {
		tag *int
		s   session.Session
		err error
	}
	steppedMsg struct {
		tag   *int
		n     int
		step  session.Step
		err   error
		aside bool // the pass had not asked for it
	}
	lookedMsg struct {
		tag   *int
		steps []session.Step
		err   error
	}
)

// told takes the answer of a command.
func (m *Model) told(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case newestMsg:
		if msg.tag == m.tag {
			m.loaded, m.s = true, msg.s
			m.tell(msg.err)
		}
	case begunMsg:
		if msg.tag == m.tag {
			return m.begun(msg)
		}
	case madeMsg:
		if msg.tag == m.tag {
			return m.made(msg)
		}
	case steppedMsg:
		if msg.tag == m.tag {
			return m.stepped(msg)
		}
	case lookedMsg:
		if msg.tag == m.tag {
			return m.looked(msg)
		}
	}
	return nil
}

func (m *Model) tell(err error) {
	if m.problem = ""; err != nil {
		m.problem = err.Error()
	}
}

// own returns a copy of the session that a command may change.
func (m Model) own() session.Session {
	s := m.s
	s.Steps = slices.Clone(s.Steps)
	return s
}

func (m Model) newest() tea.Cmd {
	st, answer := m.env.Store, newestMsg{tag: m.tag}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		all, err := session.List(ctx, st)
		if answer.err = err; len(all) > 0 {
			answer.s = all[0]
		}
		return answer
	})
}

// begin returns the command that writes a session down.
func (m Model) begin(s session.Session, keys []keystore.KeyView) tea.Cmd {
	st, answer := m.env.Store, begunMsg{tag: m.tag}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.s, answer.err = session.Start(ctx, st, s, keys)
		return answer
	})
}

func (m *Model) begun(msg begunMsg) tea.Cmd {
	if msg.err != nil {
		return screen.Tell(screen.Failed{Doing: "beginning the session", Err: msg.err})
	}
	m.s, m.form = msg.s, form.Model{}
	return m.goOn()
}

// set takes a step as it is now.
func (m *Model) set(n int, x session.Step) {
	m.s.Steps = slices.Clone(m.s.Steps)
	m.s.Steps[n] = x
}

// step returns the command that does one key; -1 ends the session.
func (m *Model) step(n int) tea.Cmd {
	if n < 0 {
		m.going, m.stopping = false, false
		return m.end()
	}
	m.at, m.working = n, true
	if m.s.Steps[n].Way == session.ToClipboard {
		return m.make(n)
	}
	s, st, phrase, answer := m.own(), m.env.Store, m.vault.passphrase, steppedMsg{tag: m.tag, n: n}
	cmd, stop := m.env.Work(func(ctx context.Context) tea.Msg {
		answer.step, answer.err = s.Do(ctx, st, n, phrase)
		return answer
	})
	m.cancel = stop
	return cmd
}

// stepped takes what became of a step, and waits or goes on.
func (m *Model) stepped(msg steppedMsg) tea.Cmd {
	m.set(msg.n, msg.step)
	m.working, m.ending, m.cancel = false, false, nil
	m.tell(msg.err)
	switch {
	case msg.aside && (!m.going || msg.n != m.at || m.waiting || msg.err != nil):
		return nil
	case msg.err != nil || m.stopping || !m.going:
		m.going, m.stopping = false, false
		return nil
	case msg.step.State == session.Handed && m.s.Wait && msg.step.Way != session.ToClipboard:
		m.waiting = true
		return nil
	}
	return m.step(m.next(msg.n + 1))
}

// end says what came of the session, here and in the journal.
func (m Model) end() tea.Cmd {
	s, st := m.own(), m.env.Store
	over, _ := s.Done()
	return m.env.Do(func(ctx context.Context) tea.Msg {
		if err := s.End(ctx, st); err != nil {
			return screen.Failed{Doing: "ending the session", Err: err}
		}
		return screen.Say{Level: screen.OK, Text: fmt.Sprintf("session %s: %d of %s done", s.ID, over, text.Plural(int64(len(s.Steps)), "key"))}
	})
}

// change returns the command that does something to one step.
func (m *Model) change(n int, do func(context.Context, session.Session) (session.Step, error)) tea.Cmd {
	s, answer := m.own(), steppedMsg{tag: m.tag, n: n, aside: true}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.step, answer.err = do(ctx, s)
		return answer
	})
}

// skip leaves a key out. What is on the clipboard is of no use then.
func (m *Model) skip(n int) tea.Cmd {
	if n == m.at {
		m.vault.key = token.Key{}
	}
	st := m.env.Store
	m.working = true
	return m.change(n, func(ctx context.Context, s session.Session) (session.Step, error) { return s.Skip(ctx, st, n) })
}

// route gives a key another way.
func (m *Model) route(n int, way session.Way) tea.Cmd {
	st := m.env.Store
	m.working = true
	return m.change(n, func(ctx context.Context, s session.Session) (session.Step, error) { return s.Route(ctx, st, n, way) })
}

// look finds out which new secrets are in use by now. It writes that down, so a
// dashboard that may only read does not look.
func (m *Model) look() tea.Cmd {
	waits := slices.ContainsFunc(m.s.Steps, func(x session.Step) bool { return x.State == session.Handed || x.State == session.Begun })
	if m.working || m.looking || !waits || m.env.Store.ReadOnly() {
		return nil
	}
	m.looking = true
	s, st, answer := m.own(), m.env.Store, lookedMsg{tag: m.tag}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		for n := range s.Steps {
			if _, err := s.Look(ctx, st, n); err != nil {
				answer.err = err
				break
			}
		}
		answer.steps = s.Steps
		return answer
	})
}

// looked takes which secrets are in use, and goes on if that was waited for.
func (m *Model) looked(msg lookedMsg) tea.Cmd {
	m.looking = false
	m.tell(msg.err)
	if m.working || len(msg.steps) != len(m.s.Steps) {
		return nil
	}
	m.s.Steps = msg.steps
	if m.s.Steps[m.at].State != session.Contact {
		return nil
	}
	arrived := m.holding()
	m.vault.key = token.Key{}
	if m.waiting || arrived && m.going {
		m.waiting = false
		return m.step(m.next(m.at + 1))
	}
	return nil
}
