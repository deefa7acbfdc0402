package form

import (
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/merge"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

// Conflict returns the record that somebody else saved meanwhile, if that is
// why err refused a change.
func Conflict[T any](err error) (theirs T, ok bool) {
	e, is := errors.AsType[*keystore.ConflictError](err)
	if !is {
		return theirs, false
	}
	theirs, ok = e.Theirs.(T)
	return theirs, ok
}

// Moved is what a form says as soon as somebody else has saved its record. To
// save settles that.
const Moved = "somebody else saved it"

// Merge compares the fields of a record that two changed at the same time.
func Merge(base, mine, theirs []Value) merge.Result {
	fields := make([]merge.Field, len(base))
	for i, v := range base {
		fields[i] = merge.Field{Name: v.Field, Base: v.Words, Mine: mine[i].Words, Theirs: theirs[i].Words}
	}
	return merge.Fields(fields...)
}

// Settle asks of each field that both changed whose value it shall have, and
// sends then what done makes of that. Nothing is saved by it. Who goes back
// settles nothing: the next attempt to save asks again.
func Settle(t theme.Theme, name string, r merge.Result, done func(merge.Result) tea.Msg) tea.Cmd {
	open := r.Open()
	if len(open) == 0 {
		return screen.Tell(done(r))
	}
	f, at, of := open[0], len(r.Both)-len(open)+1, ""
	if len(r.Both) > 1 {
		of = fmt.Sprintf(" (%d of %d)", at, len(r.Both))
	}
	choose := func(mine bool) func() tea.Cmd {
		return func() tea.Cmd { return Settle(t, name, r.Choose(f.Name, mine), done) }
	}
	return screen.Tell(screen.Ask{
		Dialog: confirm.New(t, confirm.Question{
			Title: name + ": whose " + f.Name + "?" + of,
			Lines: []confirm.Line{
				{Text: "Somebody else changed it while you did. Nothing of yours is saved yet.", Tone: theme.Warn},
				{Text: "before: " + short(f.Base)},
				{Text: "theirs: " + short(f.Theirs)},
				{Text: "yours:  " + short(f.Mine)},
			},
			Refuse: "go back", Other: "take theirs", Verb: "keep mine", Sudden: at == 1,
		}),
		Then: choose(true), Other: choose(false),
	})
}

func short(words string) string { return None(text.Truncate(words, longest)) }

// mostTaken is how many changes of somebody else a question lists.
const mostTaken = 4

// Meanwhile tells in a question what somebody else changed and what of that
// stays as it is.
func Meanwhile(r merge.Result) []confirm.Line {
	var lines []confirm.Line
	for i, f := range r.Taken {
		if i == mostTaken {
			lines = append(lines, confirm.Line{Text: "and " + text.Count(len(r.Taken)-i) + " more", Tone: theme.Muted})
			break
		}
		lines = append(lines, confirm.Line{
			Text: "somebody else saved: " + f.Name + ": " + short(f.Base) + " -> " + short(f.Theirs), Tone: theme.Warn,
		})
	}
	return lines
}

// NothingLeft says that nothing is left to save after a conflict.
func NothingLeft(name string) tea.Cmd {
	return screen.Tell(screen.Say{Text: "nothing of yours is left to save: " + name + " is as somebody else saved it"})
}
