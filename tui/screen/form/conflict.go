package form

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
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

// AskReload shows both values of a conflict and lets the operator choose: mine
// is sent to go on from theirs with what was changed here, theirs to go on from
// theirs alone. Nothing is saved by either.
func AskReload(t theme.Theme, name string, changes []Change, mine, theirs tea.Msg) tea.Cmd {
	lines := []confirm.Line{{Text: "Nothing was saved. Somebody else changed it while you looked at it.", Tone: theme.Warn}}
	for _, c := range changes {
		lines = append(lines, confirm.Line{Text: c.Field + ": theirs " + None(c.Before) + ", yours " + None(c.After)})
	}
	lines = append(lines, confirm.Line{Text: "What you did not change becomes theirs in any case. Nothing is saved before you save again.", Tone: theme.Muted})
	return Tell(screen.Ask{
		Dialog: confirm.New(t, confirm.Question{
			Title: name + " was changed meanwhile", Lines: lines, Refuse: "go back", Other: "take theirs", Verb: "keep mine",
		}),
		Then:  func() tea.Cmd { return Tell(mine) },
		Other: func() tea.Cmd { return Tell(theirs) },
	})
}
