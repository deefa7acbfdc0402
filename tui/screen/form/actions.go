package form

import "github.com/pakdeck/pakdeck/tui/keymap"

// The ends of the ids of the actions that every form has; before them stands
// the scope of its screen.
const (
	NextID     = ".next"
	PreviousID = ".previous"
	AcceptID   = ".accept"
)

// Actions returns the actions that a form on a screen has: to the next item,
// to the one before, and accept, which is titled by what it does there.
func Actions(scope, accept, help, cli string, writes bool) []keymap.Action {
	return []keymap.Action{
		{ID: scope + NextID, Title: "next field", Help: "go to the next field", Keys: []string{"tab"}},
		{ID: scope + PreviousID, Title: "previous", Help: "go to the field before", Keys: []string{"shift+tab"}},
		{ID: scope + AcceptID, Title: accept, Help: help, Keys: []string{"enter"}, CLI: cli, Writes: writes},
	}
}
