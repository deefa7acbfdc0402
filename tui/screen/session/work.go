package session

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

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
		job   *job
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

// job is what is being done to one step. Its result is kept in it: a screen that was
// left and is shown again has not heard of it.
type job struct {
	over atomic.Pointer[steppedMsg]
	stop context.CancelFunc
}

// do returns the command that does something to a step until it is over or stopped.
func (m *Model) do(n int, aside bool, fn func(context.Context, session.Session) (session.Step, error)) tea.Cmd {
	s, j := m.own(), &job{}
	m.working, m.job = true, j
	var cmd tea.Cmd
	cmd, j.stop = m.env.Work(func(ctx context.Context) tea.Msg {
		answer := steppedMsg{job: j, n: n, aside: aside}
		answer.step, answer.err = fn(ctx, s)
		j.over.Store(&answer)
		return answer
	})
	return cmd
}

// heard takes the result of a job that may have come while nobody listened.
func (m *Model) heard() tea.Cmd {
	if m.job == nil {
		return nil
	}
	if answer := m.job.over.Load(); answer != nil {
		return m.stepped(*answer)
	}
	return nil
}

// secondMsg tells the time while something is waited for.
type secondMsg struct {
	tag    *int
	serial int
	now    time.Time
}

// tick returns the command that tells the time in a second, if it is of use.
func (m *Model) tick() tea.Cmd {
	if !m.waiting || m.ticking {
		return nil
	}
	m.ticking = true
	m.ticks++
	st, tag, serial := m.env.Store, m.tag, m.ticks
	return tea.Tick(time.Second, func(time.Time) tea.Msg { return secondMsg{tag, serial, st.Now()} })
}

// told takes the answer of a command.
func (m *Model) told(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case newestMsg:
		if msg.tag == m.tag && !m.working && !m.holding() && (m.s.ID == "" || m.s.ID == msg.s.ID || msg.err != nil) {
			return m.read(msg)
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
		return m.stepped(msg)
	case lookedMsg:
		if msg.tag == m.tag {
			return m.looked(msg)
		}
	}
	return nil
}

// read takes the session as it is in the store.
func (m *Model) read(msg newestMsg) tea.Cmd {
	m.loaded = true
	if m.tell(msg.err); msg.err != nil {
		return nil
	}
	if m.s.ID == "" && m.keys.Len() > 0 {
		m.remember(msg.s.Hand)
		return nil
	}
	m.s = msg.s
	return m.look()
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

// reload returns the command that reads the session as it is now.
func (m Model) reload() tea.Cmd {
	st, id, answer := m.env.Store, m.s.ID, newestMsg{tag: m.tag}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.s, answer.err = session.Load(ctx, st, id)
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
	m.at = n
	if m.s.Steps[n].Way == session.ToClipboard {
		return m.make(n)
	}
	st, phrase := m.env.Store, m.vault.passphrase
	return m.do(n, false, func(ctx context.Context, s session.Session) (session.Step, error) { return s.Do(ctx, st, n, phrase) })
}

// stepped takes what became of a step, and waits or goes on.
func (m *Model) stepped(msg steppedMsg) tea.Cmd {
	if msg.job != m.job || m.job == nil {
		return nil
	}
	m.working, m.ending, m.job = false, false, nil
	return m.took(msg)
}

func (m *Model) took(msg steppedMsg) tea.Cmd {
	m.set(msg.n, msg.step)
	m.tell(msg.err)
	switch {
	case msg.aside && (!m.going || msg.n != m.at || m.waiting || msg.err != nil):
		return nil
	case msg.err != nil || m.stopping || !m.going:
		m.going, m.stopping = false, false
		return nil
	case msg.step.State == session.Handed && m.s.Wait && msg.step.Way != session.ToClipboard:
		m.waiting, m.now = true, msg.step.At
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
		return screen.Say{Level: screen.OK, Text: fmt.Sprintf("session %s: %d of %s done", s.ID, over, text.Plural(len(s.Steps), "key"))}
	})
}

// skip leaves a key out. What is on the clipboard is of no use then.
func (m *Model) skip(n int) tea.Cmd {
	if n == m.at {
		m.vault.key = token.Key{}
	}
	st := m.env.Store
	return m.do(n, true, func(ctx context.Context, s session.Session) (session.Step, error) { return s.Skip(ctx, st, n) })
}

// route gives a key another way.
func (m *Model) route(n int, way session.Way) tea.Cmd {
	st := m.env.Store
	return m.do(n, true, func(ctx context.Context, s session.Session) (session.Step, error) { return s.Route(ctx, st, n, way) })
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
