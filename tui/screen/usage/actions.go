package usage

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

const group = "Usage"

// Actions returns what can be done with uses.
func Actions() []keymap.Action {
	here := []string{screen.Usage}
	return []keymap.Action{
		{
			ID: "usage.open", Title: "open", Help: "the key, or the caller's journal", Keys: []string{"enter"}, Group: group,
			Scopes: here, CLI: "pakdeck usage KEY",
		},
		{ID: "usage.list", Title: "callers/keys", Help: "list callers or keys", Keys: []string{"tab"}, Group: group, Scopes: here, CLI: "pakdeck usage"},
		{
			ID: "usage.shorter", Title: "shorter", Help: "a shorter range", Keys: []string{"["}, Group: group,
			Scopes: here, CLI: "pakdeck usage --since TIME",
		},
		{
			ID: "usage.longer", Title: "longer", Help: "a longer range", Keys: []string{"]"}, Group: group,
			Scopes: here, CLI: "pakdeck usage --since TIME",
		},
		{
			ID: "usage.denied", Title: "why denied", Help: "refused uses in the journal", Keys: []string{"d"}, Group: group,
			Scopes: here, CLI: "pakdeck audit list",
		},
		{ID: "usage.journal", Title: "journal", Help: "all uses in the journal", Keys: []string{"a"}, Group: group, Scopes: here, CLI: "pakdeck audit list"},
	}
}
