package findings

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
	"github.com/pakdeck/pakdeck/tui/words"
)

// plannedMsg brings what would be changed.
type plannedMsg struct {
	tag   *int
	steps []lint.Step
	at    lint.Snapshot
	err   error
}

// madeMsg tells the screen that a change is over.
type madeMsg struct {
	tag *int
	ok  bool // something was changed
}

// outcome is what a change came to, for the root to tell, whatever screen is
// shown by then.
type outcome struct {
	doing string // "fixing PAK101 of bot/sync"
	done  string // "" if nothing was
	undo  tea.Cmd
	err   error
}

// report tells what was changed and what was not; the last word is what can be
// undone.
func (o outcome) report(tag *int) tea.Msg {
	cmds := []tea.Cmd{screen.Tell(madeMsg{tag, o.done != ""})}
	if o.err != nil {
		cmds = append(cmds, screen.Tell(screen.Failed{Doing: o.doing, Err: o.err}))
	}
	if o.done != "" {
		say := screen.Say{Level: screen.OK, Text: o.done, Undo: o.undo}
		if o.err != nil {
			say.Level = screen.Warning
		}
		cmds = append(cmds, screen.Tell(say))
	}
	return tea.Sequence(append(cmds, screen.Tell(screen.Refresh{}), screen.Tell(screen.Judge{}))...)()
}

// plan looks at the store anew and finds out what would put findings right.
func (m *Model) plan(choose func(lint.Finding) bool) tea.Cmd {
	m.working = true
	st, tag := m.env.Store, m.tag
	return m.env.Do(func(ctx context.Context) tea.Msg {
		s, err := lint.Take(ctx, st, lint.Options{})
		if err != nil {
			return plannedMsg{tag: tag, err: err}
		}
		steps, _ := lint.Plan(s, lint.Rules(), choose)
		return plannedMsg{tag, steps, s, nil}
	})
}

// planned shows the changes and asks.
func (m *Model) planned(msg plannedMsg) tea.Cmd {
	if msg.tag != m.tag {
		return nil
	}
	m.working = false
	switch {
	case msg.err != nil:
		return screen.Tell(screen.Failed{Doing: "planning the fix", Err: msg.err})
	case len(msg.steps) == 0:
		return screen.Tell(screen.Say{Level: screen.Warning, Text: "nothing to fix here any more"})
	}
	env, st, tag, steps := m.env, m.env.Store, m.tag, msg.steps
	return screen.Tell(screen.Ask{
		Dialog: confirm.New(env.Theme, fixQuestion(msg)),
		Then: func() tea.Cmd {
			return apply(env, st, tag, changesOf(steps), "fixing "+words.Fixed(steps), "fixed "+words.Fixed(steps))
		},
	})
}

func changesOf(steps []lint.Step) []*lint.Change {
	out := make([]*lint.Change, len(steps))
	for i, x := range steps {
		out[i] = x.Change
	}
	return out
}

// shownSteps is how many changes a question shows field by field.
const shownSteps = 4

// fixQuestion shows what will be changed. Several changes want their number
// typed, a revocation the name of the key.
func fixQuestion(msg plannedMsg) confirm.Question {
	q := confirm.Question{Title: "Fix " + words.Fixed(msg.steps) + "?", Verb: "fix"}
	for _, x := range msg.steps[:min(shownSteps, len(msg.steps))] {
		q.Lines = append(q.Lines, confirm.Line{Text: board.ObjectName(x.Finding) + ": " + x.Finding.Fix.Text})
		q.Lines = append(q.Lines, previewLines(x, msg.at)...)
		if x.Do == lint.DisableKey || x.Do == lint.RevokeKey {
			tone := theme.Warn
			if x.Key.Uses.Last.Time.IsZero() {
				tone = theme.Muted
			}
			q.Lines = append(q.Lines, confirm.Line{Text: "  " + words.Use(*x.Key, msg.at.Now), Tone: tone})
		}
	}
	if final := words.Final(msg.steps); final != "" {
		q.Lines = append(q.Lines, confirm.Line{Text: final, Tone: theme.Warn})
	}
	if more := len(msg.steps) - shownSteps; more > 0 {
		q.Lines = append(q.Lines, confirm.Line{Text: fmt.Sprintf("and %d more: %s", more, deeds(msg.steps[shownSteps:])), Tone: theme.Muted})
	}
	switch {
	case len(msg.steps) > 1:
		q.Count = len(msg.steps)
	case msg.steps[0].Do == lint.RevokeKey:
		q.Name = words.Typable(*msg.steps[0].Key)
	}
	return q
}

func previewLines(x lint.Step, at lint.Snapshot) (out []confirm.Line) {
	const most = 6
	for _, l := range x.Preview(at.Now) {
		for _, gone := range l.Gone {
			out = append(out, confirm.Line{Text: "  - " + l.Field + " " + gone, Tone: theme.Muted})
		}
		for _, comes := range l.Comes {
			out = append(out, confirm.Line{Text: "  + " + l.Field + " " + comes, Tone: theme.Good})
		}
	}
	if more := len(out) - most; more > 0 {
		out = append(out[:most:most], confirm.Line{Text: "  " + text.Plural(more, "more line"), Tone: theme.Muted})
	}
	return out
}

// deeds counts what is done.
func deeds(steps []lint.Step) string {
	done, n := []string{}, map[string]int{}
	for _, x := range steps {
		if n[string(x.Do)]++; n[string(x.Do)] == 1 {
			done = append(done, string(x.Do))
		}
	}
	out := ""
	for i, w := range done {
		if i > 0 {
			out += ", "
		}
		out += fmt.Sprintf("%s %d", w, n[w])
	}
	return out
}

// apply returns the command that makes changes. What can be taken back is
// offered to be.
func apply(env *screen.Env, st *keystore.Store, tag *int, changes []*lint.Change, doing, done string) tea.Cmd {
	return env.Do(func(ctx context.Context) tea.Msg {
		made, undo, err := lint.ApplyAll(ctx, st, changes)
		o := outcome{doing: doing, err: err}
		switch {
		case made > 0 && err != nil:
			o.done = fmt.Sprintf("made %d of %d changes", made, len(changes))
		case made > 0:
			o.done = done
		}
		if len(undo) > 0 {
			o.undo = apply(env, st, tag, undo, "taking it back", "taken back: "+done)
		}
		return o.report(tag)
	})
}

// made ends a change.
func (m *Model) made(msg madeMsg) {
	if msg.tag != m.tag {
		return
	}
	m.working = false
	if msg.ok {
		m.Table.ClearMarks()
	}
}
