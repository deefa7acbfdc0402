package usage

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
)

// loadedMsg brings a picture.
type loadedMsg struct {
	tag     *int
	serial  int
	picture picture
	at      time.Time
	took    time.Duration
	zone    *time.Location
	err     error
}

// begin starts a reading, and makes the answers to earlier ones stale.
func (m *Model) begin() tea.Cmd {
	m.reading, m.stale = true, false
	m.serial++
	return m.load()
}

// load returns the command that reads what the screen shows.
func (m Model) load() tea.Cmd {
	st, q := m.env.Store, m.question()
	answer := loadedMsg{tag: m.tag, serial: m.serial, at: q.now, zone: q.zone}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		began := time.Now()
		answer.picture, answer.err = q.ask(ctx, st)
		answer.took = time.Since(began)
		return answer
	})
}

func (m *Model) arrived(msg loadedMsg) {
	if msg.tag != m.tag || msg.serial != m.serial {
		return
	}
	m.reading, m.problem = false, ""
	m.read, m.took, m.zone = msg.at, msg.took, msg.zone
	if msg.err != nil {
		m.problem = msg.err.Error()
		return
	}
	m.picture = msg.picture
	m.rebuild()
}

// question is what is asked of the store.
type question struct {
	now   time.Time
	zone  *time.Location
	reach reach
	of    usage.Selection
	keys  []keystore.KeyView // those that are listed; nil of one key
}

func (m Model) question() question {
	b := m.env.Board
	q := question{now: b.Now, zone: zoneOf(m.env), reach: reaches[m.reach]}
	switch v, known := b.Key(m.key); {
	case known:
		q.of = usage.OfKeys(v.Key)
	case m.user != "":
		q.keys = b.KeysOf(m.user)
		list := make([]keystore.Key, len(q.keys))
		for i, v := range q.keys {
			list[i] = v.Key
		}
		q.of = usage.OfKeys(list...)
	default:
		q.keys, q.of = b.Keys, usage.Everything()
	}
	return q
}

func (q question) span() keystore.Span {
	if q.reach.days == 0 {
		return usage.Window(q.now, 24*time.Hour)
	}
	return usage.LastDays(q.now, q.reach.days, q.zone)
}

// ask reads and works out everything that is drawn.
func (q question) ask(ctx context.Context, st *keystore.Store) (picture, error) {
	span := q.span()
	r, err := usage.Load(ctx, st, q.of, span)
	if err != nil {
		return picture{}, err
	}
	p := paint(r, q)
	if q.keys != nil {
		sums, err := usage.Sums(ctx, st, span)
		if err != nil {
			return picture{}, err
		}
		p.keys = usesOf(q.keys, sums)
	}
	return p, nil
}
