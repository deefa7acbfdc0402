package session

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/clip"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// madeMsg brings a new key string that goes to the clipboard; the zero key if the
// step tells why there is none.
type madeMsg struct {
	tag    *int
	n      int
	step   session.Step
	secret token.Key
	err    error
}

// make returns the command that gives a key a new secret for the clipboard.
func (m *Model) make(n int) tea.Cmd {
	m.working, m.making = true, true
	s, st, answer := m.own(), m.env.Store, madeMsg{tag: m.tag, n: n}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		_, answer.secret, answer.err = s.Make(ctx, st, n, "")
		answer.step = s.Steps[n]
		return answer
	})
}

// made sends the key string to the clipboard.
func (m *Model) made(msg madeMsg) tea.Cmd {
	if !m.making { // it was given up: the screen was left meanwhile
		return nil
	}
	m.working, m.making, m.sent = false, false, ""
	if msg.err != nil || msg.secret.IsZero() {
		return m.took(steppedMsg{n: msg.n, step: msg.step, err: msg.err})
	}
	m.set(msg.n, msg.step)
	m.vault.key = msg.secret
	return m.copy()
}

// copy sends the key string that is being handed over.
func (m *Model) copy() tea.Cmd {
	m.copying = true
	return m.clip.Copy(m.vault.key.Reveal())
}

// copied records that the key string was sent.
func (m *Model) copied(msg clip.Sent) tea.Cmd {
	if !m.copying || !m.holding() {
		return nil
	}
	m.copying, m.sent = false, msg.Way.String()
	s, st, n := m.own(), m.env.Store, m.at
	return m.env.Do(func(ctx context.Context) tea.Msg {
		if err := s.NoteHandover(ctx, st, n, keystore.Copied, "clipboard"); err != nil {
			return screen.Failed{Doing: "recording in the journal that the key was copied", Err: err}
		}
		return screen.Refresh{}
	})
}

// arrived returns the command that writes down that the key string is where it
// will be used, and forgets it here.
func (m *Model) arrived() tea.Cmd {
	m.vault.key = token.Key{}
	st, n := m.env.Store, m.at
	return m.do(n, false, func(ctx context.Context, s session.Session) (session.Step, error) { return s.Handed(ctx, st, n) })
}
