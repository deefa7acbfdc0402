package rotate

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/rotation"
	"github.com/pakdeck/pakdeck/keystore"
)

// shown is how far back the bars go.
const shown = 48 * time.Hour

// lookedMsg brings what is known of a key.
type lookedMsg struct {
	tag    *int
	serial int
	at     time.Time
	look   rotation.View
	err    error
}

// changedMsg ends a change; then is what to do next.
type changedMsg struct{ then tea.Cmd }

// begin starts a reading, and makes the answers to earlier ones stale.
func (m *Model) begin() tea.Cmd {
	if m.queue.Len() == 0 {
		return nil
	}
	m.reading, m.stale = true, false
	m.serial++
	return m.load()
}

func (m Model) load() tea.Cmd {
	st, id := m.env.Store, m.queue.At(m.at).ID
	answer := lookedMsg{tag: m.tag, serial: m.serial, at: m.env.Board.Now}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.look, answer.err = look(ctx, st, id)
		return answer
	})
}

func look(ctx context.Context, st *keystore.Store, id keystore.KeyID) (rotation.View, error) {
	k, err := st.Key(ctx, string(id))
	if err != nil {
		return rotation.View{}, err
	}
	return rotation.Look(ctx, st, k, shown)
}

func (m *Model) arrived(msg lookedMsg) {
	if msg.tag != m.tag || msg.serial != m.serial {
		return
	}
	m.reading, m.problem, m.read = false, "", msg.at
	if msg.err != nil {
		m.problem = msg.err.Error()
		return
	}
	m.look = msg.look
	m.rebuild()
}

// freshFor is how long what is shown is good enough while uses come in. The
// verdict looks back over three months, so it is read less often than counts.
const freshFor = 2 * time.Second

// refresh reads again if what is shown is out of date.
func (m *Model) refresh(changed bool) tea.Cmd {
	m.stale = m.stale || changed
	now := m.env.Board.Now
	old := now.Sub(m.read) >= freshFor
	later := now.Sub(m.read) >= time.Minute // silence is evidence, too
	if m.reading || m.blurred || !old || !m.stale && !later && m.problem == "" {
		return nil
	}
	return m.begin()
}
