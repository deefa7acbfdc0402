package wizard

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
)

const (
	acceptID   = screen.Wizard + form.AcceptID
	nextID     = screen.Wizard + form.NextID
	previousID = screen.Wizard + form.PreviousID
	keepID     = screen.Wizard + ".keep"
)

// Actions returns what can be done in the wizard. What its lists of addresses
// can do is in package addresses.
func Actions() []keymap.Action {
	return keymap.Group("New key", []string{screen.Wizard}, append(
		form.Actions(screen.Wizard, "go on", "to the next step; in the last one, issue the key", "pakdeck key create --user NAME --name TEXT --expires WHEN", true),
		keymap.Action{ID: keepID, Title: "save draft", Help: "keep what is filled in, for another time", Keys: []string{"ctrl+s"}, Writes: true, CLI: "pakdeck key draft save --user NAME --name TEXT"},
	))
}
