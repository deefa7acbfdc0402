package usage

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// Actions returns what can be done with uses.
func Actions() []keymap.Action {
	return keymap.Group("Usage", []string{screen.Usage}, []keymap.Action{
		{ID: "usage.open", Title: "open", Help: "the key, or the caller's journal", Keys: []string{"enter"}, CLI: "pakdeck usage KEY"},
		{ID: "usage.list", Title: "callers/keys", Help: "list callers or keys", Keys: []string{"tab"}, CLI: "pakdeck usage"},
		{ID: "usage.shorter", Title: "shorter", Help: "a shorter range", Keys: []string{"["}, CLI: "pakdeck usage --since TIME"},
		{ID: "usage.longer", Title: "longer", Help: "a longer range", Keys: []string{"]"}, CLI: "pakdeck usage --since TIME"},
		{ID: "usage.denied", Title: "why denied", Help: "refused uses in the journal", Keys: []string{"d"}, CLI: "pakdeck audit list"},
		{ID: "usage.journal", Title: "journal", Help: "all uses in the journal", Keys: []string{"a"}, CLI: "pakdeck audit list"},
	})
}
