package tui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// ahead is what is typed faster than the dashboard shows. What opens a view or a
// question is told by a command, and a list may have to be read first; keys and
// pastes that arrive meanwhile are meant for what is on its way. They are kept
// and given to it in order.
//
// Nothing that was not seen is agreed to: a kept key does nothing that cannot be
// taken back, a question or bad news that opens drops what was kept, and is deaf
// until it was drawn. Esc calls off what is on its way, with all that was
// typed before it.
type ahead struct {
	kept   []tea.Msg
	turn   int  // of the last action that a screen performed
	open   int  // its commands that have not answered
	frame  int  // of what opened last
	unseen bool // it has not been drawn
	giving bool // what was kept
}

const (
	// mostKept bounds what is kept; nobody remembers having typed more.
	mostKept = 64
	// turn is how long an action's command may take to open something before
	// keys go on to what is shown. It answers at once, unless it works.
	turn = 200 * time.Millisecond
	// drawn is within how long a change is on the terminal.
	drawn = 5 * time.Second / 4 / framesPerSecond
)

type (
	// answerMsg is what a command of an action came to.
	answerMsg struct {
		turn int
		msg  tea.Msg
	}
	turnMsg  struct{ turn int }  // an action had its time
	drawnMsg struct{ frame int } // what opened was drawn
)

// wait keeps what is typed until the command of an action has answered.
func (a *ahead) wait(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	a.turn++
	a.open = 1
	over := turnMsg{a.turn}
	return tea.Batch(a.follow(cmd), tea.Tick(turn, func(time.Time) tea.Msg { return over }))
}

func (a *ahead) follow(cmd tea.Cmd) tea.Cmd {
	of := a.turn
	return func() tea.Msg { return answerMsg{of, cmd()} }
}

// shows makes what opens now deaf until it was drawn.
func (a *ahead) shows() tea.Cmd {
	a.frame++
	a.unseen = true
	msg := drawnMsg{a.frame}
	return tea.Tick(drawn, func(time.Time) tea.Msg { return msg })
}

// waits hears what keys are kept for.
func (m *Model) waits(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case answerMsg:
		return m.answered(msg)
	case turnMsg:
		if msg.turn == m.ahead.turn {
			m.ahead.open = 0
		}
	case drawnMsg:
		m.ahead.unseen = m.ahead.unseen && msg.frame != m.ahead.frame
	}
	return nil
}

// answered passes on what the command of an action came to. What opens because
// of it, opens before the next key is looked at.
func (m *Model) answered(msg answerMsg) tea.Cmd {
	present := msg.turn == m.ahead.turn && m.ahead.open > 0
	if present {
		m.ahead.open--
	}
	switch answer := msg.msg.(type) {
	case nil:
		return nil
	case tea.BatchMsg:
		return m.answeredBy(answer, present)
	case screen.Go, screen.Ask, screen.Pick:
		if m.ahead.calledOff() {
			return nil
		}
		if present {
			m.ahead.open = 0
		}
		return m.route(answer)
	case screen.Back, screen.Issued:
		return m.route(answer)
	}
	return screen.Tell(msg.msg) // it may be the program's own
}

// answeredBy runs what a command came to, if that is several.
func (m *Model) answeredBy(all tea.BatchMsg, present bool) tea.Cmd {
	all = slices.Clone(all)
	for i, cmd := range all {
		if present && cmd != nil {
			m.ahead.open++
			all[i] = m.ahead.follow(cmd)
		}
	}
	return tea.Batch(all...)
}

// calledOff reports whether esc was typed behind what opens now, and drops what
// was typed before it.
func (a *ahead) calledOff() bool {
	for i, msg := range slices.Backward(a.kept) {
		if press, ok := msg.(tea.KeyPressMsg); ok && press.String() == "esc" {
			a.kept = a.kept[i+1:]
			return true
		}
	}
	return false
}

// holds reports whether what is typed now is kept.
func (m *Model) holds() bool {
	if m.dialog != nil {
		return false
	}
	l, ok := m.places.top().(screen.Loader)
	return m.ahead.open > 0 || m.places.top() == nil || ok && l.Loading()
}

// keeps keeps a key, unless it is to work at once. Keys are kept in order, so
// one that may be text does that only before the first that is kept.
func (m *Model) keeps(press tea.KeyPressMsg) bool {
	if !m.holds() {
		return false
	}
	if a, ok := m.keymap().Match(m.scope(), press); ok && m.urgent(a, press) {
		if a.ID == "app.back" || a.ID == "app.quit" {
			m.ahead.kept = nil
		}
		return false
	}
	m.ahead.keep(press)
	return true
}

func (a *ahead) keep(msg tea.Msg) {
	if len(a.kept) < mostKept {
		a.kept = append(slices.Clip(a.kept), msg)
	}
}

// urgent reports whether a key works at once although something is on its way.
func (m *Model) urgent(a keymap.Action, press tea.KeyPressMsg) bool {
	plain, opens := press.Text != "", m.ahead.open > 0
	switch {
	case !isRoots(a.ID), plain && (opens || len(m.ahead.kept) > 0):
		return false
	case opens:
		return a.ID != "app.back" // whether it calls something off is seen then
	case m.places.top() == nil:
		return !plain || a.ID == "app.quit"
	}
	return true
}

// release gives what was kept to what has opened, until that opens something in
// its turn.
func (m *Model) release() tea.Cmd {
	var cmds []tea.Cmd
	for len(m.ahead.kept) > 0 && !m.holds() {
		switch m.dialog.(type) {
		case question, notice:
			m.ahead.kept = nil
			return tea.Batch(cmds...)
		}
		msg := m.ahead.kept[0]
		m.ahead.kept, m.ahead.giving = m.ahead.kept[1:], true
		cmds = append(cmds, m.route(msg))
		m.ahead.giving = false
	}
	return tea.Batch(cmds...)
}

// tooSoon reports whether a key cannot be meant for the question or the bad news
// that is open, because that was not to be seen yet. To cancel is never too soon.
func (m *Model) tooSoon(msg tea.Msg) bool {
	press, isKey := msg.(tea.KeyPressMsg)
	switch d := m.dialog.(type) {
	case question:
		return m.ahead.unseen && !(isKey && d.confirm.Cancels(press))
	case notice:
		return m.ahead.unseen
	}
	return false
}
