package review

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

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
	keys []int32
	left int
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
			m.list()
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

// load reads the newest review and puts the keys that it is about in order.
func (m Model) load() tea.Cmd {
	st, b, answer := m.env.Store, m.env.Board, loadedMsg{tag: m.tag, size: m.env.Board.Head.Size}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.s, answer.err = review.Load(ctx, st, 0)
		if errors.Is(answer.err, review.ErrNone) {
			answer.err = nil
		}
		answer.keys, answer.left = about(answer.s, b.Keys)
		return answer
	})
}

// about returns the places of the keys that a review is about, by owner and name,
// and how many of them have no decision.
func about(s review.State, keys []keystore.KeyView) (places []int32, left int) {
	for i := range keys {
		_, decided := s.Decisions[keys[i].ID]
		if s.Number == 0 || !decided && !s.Covers(keys[i]) {
			continue
		}
		if places = append(places, int32(i)); !decided {
			left++
		}
	}
	slices.SortFunc(places, func(a, b int32) int {
		x, y := &keys[a], &keys[b]
		return cmp.Or(strings.Compare(x.Owner.Name, y.Owner.Name), strings.Compare(x.Name, y.Name), cmp.Compare(a, b))
	})
	return places, left
}

func (m *Model) arrived(msg loadedMsg) tea.Cmd {
	if m.problem = ""; msg.err != nil {
		m.problem = msg.err.Error()
		return nil
	}
	first := !m.loaded || msg.s.Number != m.s.Number
	m.s, m.keys, m.left, m.size, m.loaded = msg.s, msg.keys, msg.left, msg.size, true
	m.resize(m.area.W, m.area.H)
	m.list()
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
	return m.key(0).ID
}

// refresh follows the store: keys change, and others decide, too.
func (m *Model) refresh(msg board.Msg) tea.Cmd {
	if !msg.Changed {
		return nil
	}
	m.list()
	if m.env.Board.Head.Size == m.size || len(m.pending) > 0 {
		return nil
	}
	m.size = m.env.Board.Head.Size
	return m.load()
}

// list shows the keys as they are now.
func (m *Model) list() {
	m.table.SetEmpty(m.empty())
	m.table.SetSource(rows{m.env.Board, m.keys, m.s.Decisions})
	m.counts = map[review.Verdict]int{}
	for _, d := range m.s.Decisions {
		m.counts[d.Verdict]++
	}
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
