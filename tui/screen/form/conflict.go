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

// AskReload shows both values of a conflict and offers to go on from theirs:
// what was changed here stays typed. Then is sent if the operator agrees.
func AskReload(t theme.Theme, name string, changes []Change, then tea.Msg) tea.Cmd {
	lines := []confirm.Line{{Text: "Nothing was saved. Somebody else changed it while you looked at it.", Tone: theme.Warn}}
	for _, c := range changes {
		lines = append(lines, confirm.Line{Text: c.Field + ": theirs " + None(c.Before) + ", yours " + None(c.After)})
	}
	lines = append(lines, confirm.Line{Text: "Reload takes theirs and keeps what you changed, for you to save again.", Tone: theme.Muted})
	return Tell(screen.Ask{
		Dialog: confirm.New(t, confirm.Question{Title: name + " was changed meanwhile", Lines: lines, Verb: "reload"}),
		Then:   func() tea.Cmd { return Tell(then) },
	})
}
