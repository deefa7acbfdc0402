package addresses

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// TestID is the action that goes to the test of an address.
const TestID = "address.test"

// SimplifyID is the action that writes the lists with as few entries as can be.
const SimplifyID = "address.simplify"

// IDs are the actions of the lists in the order of their use, for the line of
// keys.
var IDs = []string{"address.add", "address.change", "address.delete", "address.move", "address.paste", SimplifyID, FitID, TestID, "address.undo", "address.redo"}

// FitID is the action that makes the allow list as tight as the callers of the
// last days let it be.
const FitID = "address.fit"

// presses are the keys that the list editor knows the actions by.
var presses = map[string]tea.KeyPressMsg{
	"address.add":    {Code: 'n', Text: "n"},
	"address.change": {Code: 'e', Text: "e"},
	"address.delete": {Code: 'd', Text: "d"},
	"address.move":   {Code: 'D', Text: "D"},
	"address.paste":  {Code: 'p', Text: "p"},
	"address.undo":   {Code: 'U', Text: "U"},
	"address.redo":   {Code: 'R', Text: "R"},
}

// Is reports whether an action is one of this package.
func Is(id string) bool { return slices.Contains(IDs, id) }

// Actions returns what can be done with the lists, on the screens that show
// them.
func Actions() []keymap.Action {
	return keymap.Group("Addresses", []string{screen.Network, screen.Wizard}, []keymap.Action{
		{ID: "address.add", Title: "add", Help: "type an address, a prefix or a range", Keys: []string{"n", "+"}, CLI: "pakdeck key edit KEY --add-allow PREFIX"},
		{ID: "address.change", Title: "edit", Help: "change the entry or its note", Keys: []string{"e"}, CLI: "pakdeck key edit KEY --allow PREFIX"},
		{ID: "address.delete", Title: "delete", Help: "delete the entry", Keys: []string{"d", "delete"}, CLI: "pakdeck key edit KEY --remove-allow PREFIX"},
		{ID: "address.move", Title: "deny/allow", Help: "move the entry to the other list", Keys: []string{"D"}, CLI: "pakdeck key edit KEY --remove-allow PREFIX --add-deny PREFIX"},
		{ID: "address.paste", Title: "paste list", Help: "paste many entries at once, with notes behind #", Keys: []string{"p"}, CLI: "pakdeck key edit KEY --allow PREFIX"},
		{ID: SimplifyID, Title: "simplify", Help: "merge entries, drop those that decide nothing", Keys: []string{"s"}, CLI: "pakdeck key edit KEY --simplify"},
		{ID: FitID, Title: "fit", Help: "the tightest allow list for the callers that were seen", Keys: []string{"f"}, CLI: "pakdeck lint"},
		{ID: TestID, Title: "test", Help: "test an address against the rules", Keys: []string{"t"}, CLI: "pakdeck key explain - --ip ADDR"},
		{ID: "address.undo", Title: "undo", Help: "take back the last change of the lists", Keys: []string{"u"}},
		{ID: "address.redo", Title: "redo", Help: "make it again", Keys: []string{"R"}},
	})
}
