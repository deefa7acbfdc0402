package session

import (
	"context"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/screen"
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
		tag  *int
		n    int
		step session.Step
		err  error
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
	case steppedMsg:
		if msg.tag == m.tag {
			return m.stepped(msg)
		}
	case lookedMsg:
		if msg.tag == m.tag {
			m.looked(msg)
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
		m.folder.SetError(msg.err.Error())
		return nil
	}
	m.s, m.going = msg.s, true
	m.folder.Blur()
	return m.step(0)
}

// step returns the command that does one key; -1 ends the session.
func (m *Model) step(n int) tea.Cmd {
	if n < 0 {
		m.going, m.stopping = false, false
		return m.end()
	}
	m.at = n
	s, st, answer := m.own(), m.env.Store, steppedMsg{tag: m.tag, n: n}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.step, answer.err = s.Do(ctx, st, n, "")
		return answer
	})
}

func (m *Model) stepped(msg steppedMsg) tea.Cmd {
	m.s.Steps = slices.Clone(m.s.Steps)
	m.s.Steps[msg.n] = msg.step
	m.tell(msg.err)
	if msg.err != nil || m.stopping || !m.going {
		m.going, m.stopping = false, false
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

// skip leaves a key out.
func (m Model) skip(n int) tea.Cmd {
	s, st, answer := m.own(), m.env.Store, steppedMsg{tag: m.tag, n: n}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.step, answer.err = s.Skip(ctx, st, n)
		return answer
	})
}

// look finds out which new secrets are in use by now. It writes that down, so a
// dashboard that may only read does not look.
func (m *Model) look() tea.Cmd {
	waits := slices.ContainsFunc(m.s.Steps, func(x session.Step) bool { return x.State == session.Handed })
	if m.going || m.looking || !waits || m.env.Store.ReadOnly() {
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

func (m *Model) looked(msg lookedMsg) {
	m.looking = false
	m.tell(msg.err)
	if !m.going && len(msg.steps) == len(m.s.Steps) {
		m.s.Steps = msg.steps
	}
}
