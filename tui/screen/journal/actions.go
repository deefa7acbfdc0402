package journal

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// Actions returns what can be done with the journal.
func Actions() []keymap.Action {
	return keymap.Group("Journal", []string{screen.Journal}, []keymap.Action{
		{ID: "journal.open", Title: "open", Help: "the whole record with its proof", Keys: []string{"enter"}, CLI: "pakdeck audit show N"},
		{ID: "journal.follow", Title: "follow", Help: "stay with the newest record, or stand still", Keys: []string{"f"}, CLI: "pakdeck audit tail --follow"},
		{ID: "journal.verify", Title: "verify", Help: "recompute and compare all of it", Keys: []string{"v"}, CLI: "pakdeck audit verify"},
		{ID: "journal.export", Title: "export", Help: "what the filter selects, to a file", Keys: []string{"E"}, CLI: "pakdeck audit export --filter EXPR --output FILE"},
		{ID: "journal.prove", Title: "save proof", Help: "a file that is checked without the store", Keys: []string{"P"}, CLI: "pakdeck audit prove N"},
		{ID: "journal.object", Title: "go there", Help: "to the key or the user", Keys: []string{"o"}, CLI: "pakdeck key show KEY"},
	})
}
