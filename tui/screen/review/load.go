package review

import (
	"cmp"
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/trend"
)

// loadedMsg brings the newest review.
type loadedMsg struct {
	tag  *int
	s    review.State
	size int64
	err  error
}

// known is what was read of a key besides its record.
type known struct {
	key   keystore.KeyID
	uses  trend.Fortnight
	by    keystore.Actor // who made it
	stake review.Stake   // of the operator
	err   error
}

// knownMsg brings it.
type knownMsg struct {
	tag *int
	known
}

// told takes the answer of a command.
func (m *Model) told(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case loadedMsg:
		if msg.tag == m.tag {
			return m.arrived(msg)
		}
	case decidedMsg:
		if msg.tag == m.tag {
			return m.decided(msg)
		}
	case endedMsg:
		if msg.tag == m.tag {
			m.s.Session = msg.s
			m.rebuild()
			return m.askFile()
		}
	case knownMsg:
		if msg.tag == m.tag {
			m.known = msg.known
			m.show()
		}
	}
	return nil
}

// load reads the newest review.
func (m Model) load() tea.Cmd {
	st, answer := m.env.Store, loadedMsg{tag: m.tag, size: m.env.Board.Head.Size}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.s, answer.err = review.Load(ctx, st, 0)
		if errors.Is(answer.err, review.ErrNone) {
			answer.err = nil
		}
		return answer
	})
}

func (m *Model) arrived(msg loadedMsg) tea.Cmd {
	if m.problem = ""; msg.err != nil {
		m.problem = msg.err.Error()
		return nil
	}
	first := !m.loaded || msg.s.Number != m.s.Number
	m.s, m.size, m.loaded = msg.s, msg.size, true
	m.resize(m.area.W, m.area.H)
	m.rebuild()
	if first && m.open() {
		m.table.MoveTo(-1)
		if _, decided := m.s.Decisions[m.first()]; decided {
			return m.advance()
		}
	}
	m.show()
	return m.know()
}

// first returns the key at the top, "" if there is none.
func (m Model) first() keystore.KeyID {
	if len(m.keys) == 0 {
		return ""
	}
	return m.keys[0].ID
}

// refresh follows the store: keys change, and others decide, too.
func (m *Model) refresh(msg board.Msg) tea.Cmd {
	if !msg.Changed {
		return nil
	}
	m.rebuild()
	if m.env.Board.Head.Size == m.size || len(m.pending) > 0 {
		return nil
	}
	m.size = m.env.Board.Head.Size
	return m.load()
}

// rebuild lists the keys that the review is about.
func (m *Model) rebuild() {
	m.keys, m.left = nil, 0
	for _, k := range m.env.Board.Keys {
		_, decided := m.s.Decisions[k.ID]
		if m.s.Number == 0 || !decided && !m.s.Covers(k) {
			continue
		}
		if m.keys = append(m.keys, k); !decided {
			m.left++
		}
	}
	slices.SortFunc(m.keys, func(a, b keystore.KeyView) int {
		return cmp.Or(cmp.Compare(a.Owner.Name, b.Owner.Name), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	m.table.SetEmpty(m.empty())
	m.table.SetSource(rows{m.keys, m.s.Decisions})
	m.show()
}

// know reads what the pane says of the key besides its record.
func (m *Model) know() tea.Cmd {
	k, ok := m.current()
	if !ok || m.known.key == k.ID {
		return nil
	}
	st, now, zone, answer := m.env.Store, m.env.Board.Now, m.env.Zone, knownMsg{tag: m.tag, known: known{key: k.ID}}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.uses, answer.err = trend.Load(ctx, st, k.Key, now, zone)
		if answer.err == nil {
			answer.by, answer.err = review.CreatorOf(ctx, st, k)
		}
		if answer.err == nil {
			answer.stake, answer.err = review.StakeOf(ctx, st, k)
		}
		return answer
	})
}
