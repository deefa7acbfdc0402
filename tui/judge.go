package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
)

type judgedMsg struct {
	store   *keystore.Store
	verdict *board.Verdict
}

// judge runs the linter if there is reason to, one run after the other, and not over
// what a work is about to change.
func (m *Model) judge() tea.Cmd {
	st, b, old := m.env.Store, m.env.Board, m.env.Verdict
	if m.judging || len(m.works) > 0 || !old.Due(b) {
		return nil
	}
	m.judging = true
	m.env.Verdict = old.Stale(false)
	return m.env.Do(func(ctx context.Context) tea.Msg {
		return judgedMsg{st, board.Judge(ctx, st, b, old)}
	})
}

// hearJudge takes what the linter said, and tells it to the screen.
func (m *Model) hearJudge(msg judgedMsg) tea.Cmd {
	if msg.store != m.env.Store {
		return nil
	}
	m.judging = false
	// What was changed while the linter ran it may not have seen.
	m.env.Verdict = msg.verdict.Stale(m.env.Verdict.IsStale())
	return tea.Batch(m.places.tell(m.boardMsg(true)), m.judge())
}
