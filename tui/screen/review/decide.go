package review

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
	"github.com/pakdeck/pakdeck/tui/widget/field"
	"github.com/pakdeck/pakdeck/tui/words"
)

// question is which comment is asked for in the line at the bottom; without a
// verdict it is the name of a file.
type question struct {
	verdict review.Verdict
	key     keystore.KeyView
}

// decidedMsg tells what became of a decision.
type decidedMsg struct {
	tag *int
	key keystore.KeyView
	d   review.Decision
	err error
}

// judge decides, at once or after a comment.
func (m *Model) judge(v review.Verdict) tea.Cmd {
	k, _ := m.current()
	if v == review.Keep {
		return m.decide(k, v, "")
	}
	return m.askComment(k, v)
}

// comment takes what was typed, or asks for a comment to the decision there is;
// without one the key is to be kept.
func (m *Model) comment() tea.Cmd {
	switch {
	case m.Typing() && m.asked.verdict == "":
		return m.save()
	case m.Typing():
		return m.accept()
	}
	k, _ := m.current()
	v := review.Keep
	if d, ok := m.s.Decisions[k.ID]; ok {
		v = d.Verdict
	}
	return m.askComment(k, v)
}

// askComment opens the line with the comment there is, or with one that suits.
func (m *Model) askComment(k keystore.KeyView, v review.Verdict) tea.Cmd {
	value := m.s.Decisions[k.ID].Comment
	if value == "" {
		value = words.Comment(v, m.env.Verdict.About(string(k.ID)))
	}
	m.asked = question{v, k}
	hint := "enter writes it down; ctrl+u empties the line"
	if v == review.Ask {
		hint = "what the owner is to be asked"
	}
	return m.ask("Comment", string(v)+", because", hint, value, keystore.MaxReason)
}

func (m *Model) ask(title, label, hint, value string, limit int) tea.Cmd {
	m.table.Blur()
	return m.answer.Open(m.env.Theme, m.area.W, title, label, value, field.WithLimit(limit), field.WithHint(hint))
}

func (m *Model) dismiss() {
	m.answer.Close()
	m.table.Focus()
}

// accept decides with the comment that was typed, if there must be one.
func (m *Model) accept() tea.Cmd {
	q, comment := m.asked, m.answer.Value()
	if q.verdict != review.Keep || comment != "" {
		if err := keystore.CheckReason(comment); err != nil {
			m.answer.SetError(err)
			return nil
		}
	}
	m.dismiss()
	return m.decide(q.key, q.verdict, comment)
}

// decide writes a decision down, and goes on to the next key meanwhile.
func (m *Model) decide(k keystore.KeyView, v review.Verdict, comment string) tea.Cmd {
	m.pending = maps.Clone(m.pending)
	m.pending[k.ID] = true
	st, answer := m.env.Store, decidedMsg{tag: m.tag, key: k}
	write := m.env.Do(func(ctx context.Context) tea.Msg {
		answer.d, answer.err = review.Decide(ctx, st, k, v, comment)
		return answer
	})
	return tea.Batch(write, m.advance())
}

// advance moves to the next key without a decision, from the top again after the
// last one; where all have one, it stays.
func (m *Model) advance() tea.Cmd {
	at := m.table.Index()
	for d := 1; d < len(m.keys); d++ {
		i := (at + d) % len(m.keys)
		id := m.key(i).ID
		if _, decided := m.s.Decisions[id]; !decided && !m.pending[id] {
			m.table.MoveTo(i)
			break
		}
	}
	m.show()
	return m.know()
}

func (m *Model) decided(msg decidedMsg) tea.Cmd {
	m.pending = maps.Clone(m.pending)
	delete(m.pending, msg.key.ID)
	if msg.err != nil {
		m.table.Select(string(msg.key.ID))
		m.show()
		return screen.Tell(screen.Failed{Doing: "deciding about " + msg.key.Ref(), Err: msg.err})
	}
	m.s.Decisions = maps.Clone(m.s.Decisions)
	if _, again := m.s.Decisions[msg.key.ID]; !again {
		m.left--
	}
	m.s.Decisions[msg.key.ID] = msg.d
	m.list()
	if m.left == 0 {
		return screen.Tell(screen.Say{Level: screen.OK, Text: "every key is decided about; E ends the review"})
	}
	return nil
}

// begin opens a review.
func (m *Model) begin() tea.Cmd {
	st := m.env.Store
	return tea.Sequence(m.env.Do(func(ctx context.Context) tea.Msg {
		s, err := review.Begin(ctx, st)
		if err != nil {
			return screen.Failed{Doing: "beginning a review", Err: err}
		}
		return screen.Say{Level: screen.OK, Text: fmt.Sprintf("review %d has begun", s.Number)}
	}), m.load())
}

// askEnd asks before the review is closed for good.
func (m *Model) askEnd() tea.Cmd {
	q := confirm.Question{
		Title: fmt.Sprintf("End review %d?", m.s.Number), Verb: "end",
		Lines: []confirm.Line{{Text: "It cannot be gone on with. The signed report is saved next."}},
	}
	if m.left > 0 {
		q.Lines = append(q.Lines, confirm.Line{Text: text.Plural(m.left, "key") + " without a decision: the report will name them.", Tone: theme.Warn})
	}
	end := m.end()
	return screen.Tell(screen.Ask{Dialog: confirm.New(m.env.Theme, q), Then: func() tea.Cmd { return end }})
}

// endedMsg tells that the review has ended.
type endedMsg struct {
	tag *int
	s   review.Session
}

func (m Model) end() tea.Cmd {
	st, tag := m.env.Store, m.tag
	return m.env.Do(func(ctx context.Context) tea.Msg {
		s, err := review.End(ctx, st)
		if err != nil {
			return screen.Failed{Doing: "ending the review", Err: err}
		}
		return endedMsg{tag, s}
	})
}

// askFile asks where the report is to be saved.
func (m *Model) askFile() tea.Cmd {
	m.asked = question{}
	name := fmt.Sprintf("pakdeck-review-%d.md", m.s.Number)
	return m.ask("Report", "report to", "a new file, and one of JSON beside it, readable by you alone", m.env.Tilde(filepath.Join(m.env.Home, name)), 4096)
}

// save writes the report to the file that was typed.
func (m *Model) save() tea.Cmd {
	path, err := m.env.Path(m.answer.Value())
	if err != nil {
		m.answer.SetError(err)
		return nil
	}
	m.dismiss()
	env, st, number := m.env, m.env.Store, m.s.Number
	return m.env.Do(func(ctx context.Context) tea.Msg {
		beside, err := review.Save(ctx, st, number, path)
		if err != nil {
			return screen.Failed{Doing: "saving the report", Err: err}
		}
		return screen.Say{Level: screen.OK, Text: "saved " + env.Tilde(path) + " and " + filepath.Base(beside)}
	})
}
