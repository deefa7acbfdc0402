package journal

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

const group = "Journal"

// Actions returns what can be done with the journal.
func Actions() []keymap.Action {
	journal := []string{screen.Journal}
	return []keymap.Action{
		{
			ID: "journal.open", Title: "open", Help: "the whole record with its hashes", Keys: []string{"enter"}, Group: group,
			Scopes: journal, CLI: "pakdeck audit list --json",
		},
		{
			ID: "journal.verify", Title: "verify", Help: "recompute and compare all of it", Keys: []string{"v"}, Group: group,
			Scopes: journal, CLI: "pakdeck audit verify",
		},
		{ID: "journal.object", Title: "go there", Help: "to the key or the user", Keys: []string{"o"}, Group: group, Scopes: journal},
	}
}
