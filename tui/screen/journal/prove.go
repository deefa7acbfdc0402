package journal

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
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

// facts are the proof for people.
func (p *proved) facts() []facts.Fact {
	out := []facts.Fact{{}, facts.Head("Proof")}
	if p.err != nil {
		return append(out, facts.Fact{Label: "broken", Text: p.err.Error(), Tone: theme.Bad})
	}
	c := p.proof.Checkpoint
	out = append(
		out,
		facts.Fact{Label: "holds", Text: fmt.Sprintf("%s from the leaf to the signed root", text.Plural(int64(len(p.proof.Path)), "step")), Tone: theme.Good},
		facts.Of("under", c.Short()+", signed "+c.Time.Format("2006-01-02 15:04:05 UTC")),
	)
	label := "path"
	for _, h := range p.proof.Path {
		out = append(out, facts.Of(label, journal.Hash(h).String()))
		label = ""
	}
	return append(out, facts.Of("root", c.Root.String()))
}
