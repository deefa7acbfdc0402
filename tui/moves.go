package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/created"
)

// moves takes the operator to another place.
func (m *Model) moves(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Go:
		return m.goTo(msg)
	case screen.Back:
		return m.leave()
	case screen.Issued:
		return m.handOver(msg)
	}
	return nil
}

// goTo shows a place: the tab at the bottom of the stack if it is that one
// and nothing but a key or a user in it is asked for, else a new screen above.
func (m *Model) goTo(to screen.Go) tea.Cmd {
	if len(m.places.stack) == 0 {
		return nil
	}
	base := m.places.stack[0]
	if base.Scope() == to.Place && to.Filter == "" || base.Scope() == screen.Empty && to.Place == screen.Keys {
		return m.unlessUnsaved("Leave", func(m *Model) tea.Cmd { return m.goBase(to) })
	}
	s := m.build(to)
	if s == nil {
		return nil
	}
	m.places.push(s)
	return tea.Batch(s.Init(), m.reveal())
}

// goBase goes down to the tab at the bottom.
func (m *Model) goBase(to screen.Go) tea.Cmd {
	base := m.places.stack[0]
	if base.Scope() != to.Place {
		base = m.build(to)
	}
	m.places.move([]screen.Screen{base})
	return tea.Batch(m.reveal(), m.places.tell(to))
}

// goTab shows one of the main places as it was left. From a place within the
// tab it goes down to the tab itself.
func (m *Model) goTab(place string) tea.Cmd {
	return m.unlessUnsaved("Leave", func(m *Model) tea.Cmd { return m.showTab(place) })
}

func (m *Model) showTab(place string) tea.Cmd {
	s := m.places.bases[place]
	var cmd tea.Cmd
	switch {
	case len(m.places.stack) > 0 && m.places.stack[0].Scope() == place:
		if len(m.places.stack) == 1 {
			return nil
		}
		s = m.places.stack[0]
	case s == nil:
		s = m.build(screen.Go{Place: place})
		cmd = s.Init()
	}
	m.places.move([]screen.Screen{s})
	return tea.Batch(cmd, m.reveal())
}

// goLast shows the place before the last move, as it was.
func (m *Model) goLast() tea.Cmd {
	return m.unlessUnsaved("Leave", func(m *Model) tea.Cmd {
		m.places.move(m.places.last)
		return m.reveal()
	})
}

// back stops the work under way, closes what the screen has open, or leaves the
// screen.
func (m *Model) back() tea.Cmd {
	if w := m.stoppable(); w != nil {
		w.stopping = true
		return func() tea.Msg {
			w.stop()
			return nil
		}
	}
	if c, ok := m.places.top().(screen.Closer); ok {
		if s, closed := c.Close(); closed {
			m.places.set(s)
			return m.places.tell(m.boardMsg(false))
		}
	}
	lost := m.places.top().Unsaved()
	if lost == "" {
		return m.leave()
	}
	return m.askToLose("Leave", lost, (*Model).leave)
}

// leave shows the screen below.
func (m *Model) leave() tea.Cmd {
	if len(m.places.stack) < 2 {
		return nil
	}
	m.places.pop()
	return m.reveal()
}

// reveal brings the screen that is shown up to date.
func (m *Model) reveal() tea.Cmd {
	return tea.Batch(m.places.tell(m.size()), m.places.tell(m.boardMsg(true)), m.places.tell(screen.Shown{}))
}

func (m Model) boardMsg(changed bool) board.Msg {
	return board.Msg{Board: m.env.Board, Changed: changed}
}

// handOver shows the new key string in place of the screen that issued it.
// The list below comes to stand on the key.
func (m *Model) handOver(msg screen.Issued) tea.Cmd {
	if len(m.places.stack) == 0 {
		return nil
	}
	below := m.places.stack
	if m.scope() == screen.Wizard {
		below = below[:len(below)-1]
	}
	var cmds []tea.Cmd
	next := make([]screen.Screen, 0, len(below)+1)
	for _, s := range below {
		s, cmd := s.Update(screen.Go{Place: screen.Keys, Key: msg.Key.ID})
		next, cmds = append(next, s), append(cmds, cmd)
	}
	popup := created.New(m.env, msg)
	m.places.move(append(next, popup))
	return tea.Batch(append(cmds, popup.Init(), m.reveal(), m.reload())...)
}

// storeIsEmpty reports whether there is nothing to list.
func (m Model) storeIsEmpty() bool {
	return len(m.env.Board.Keys) == 0 && len(m.env.Board.Users) == 0
}

// switchStore shows another store from its beginning.
func (m *Model) switchStore(st *keystore.Store) tea.Cmd {
	m.env.Store, m.env.Board, m.env.Keymap = st, &board.Board{}, allowed(m.keys, st)
	m.env.Verdict, m.judging = &board.Verdict{}, false
	m.places, m.poll, m.report = places{}, poll{blurred: m.poll.blurred, serial: m.poll.serial + 1}, nil
	m.start, m.says.undo = screen.Go{Place: screen.Keys}, nil
	return m.reload()
}
