package journal

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// proved is the proof of a record that is shown whole.
type proved struct {
	seq   int64
	proof journal.Proof
	err   error
}

// proofMsg brings a proof.
type proofMsg struct {
	tag *int
	proved
}

// prove makes the proof of the record that is shown, and checks it as somebody
// would who has the public key only.
func (m Model) prove() tea.Cmd {
	st, answer := m.env.Store, proofMsg{tag: m.tag, proved: proved{seq: m.shown}}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.proof, answer.err = st.Prove(ctx, answer.seq)
		if answer.err == nil {
			_, answer.err = journal.OpenProof(answer.proof.Encode(), st.Verifier())
		}
		return answer
	})
}
