package rotate

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

const group = "Rotation"

// Actions returns what can be done about the secrets of keys.
func Actions() []keymap.Action {
	here := []string{screen.Rotate}
	return []keymap.Action{
		{
			ID: "key.rotate", Title: "rotate", Help: "a new secret; all marked", Keys: []string{"r"}, Group: group,
			Scopes: []string{screen.Keys}, CLI: "pakdeck key rotate KEY",
		},
		{
			ID: "key.due", Title: "due", Help: "rotate what is due", Group: group,
			Scopes: []string{screen.Keys}, CLI: "pakdeck due",
		},
		{
			ID: "rotate.start", Title: "new secret", Help: "give the key a new secret", Keys: []string{"r"}, Group: group,
			Scopes: here, Writes: true, CLI: "pakdeck key rotate KEY",
		},
		{
			ID: "rotate.grace", Title: "grace", Help: "how long the old one works", Keys: []string{"tab"}, Group: group,
			Scopes: here, CLI: "pakdeck key rotate KEY --grace TIME",
		},
		{
			ID: "rotate.retire", Title: "retire", Help: "end the old secret", Keys: []string{"R"}, Group: group,
			Scopes: here, Writes: true, CLI: "pakdeck key retire KEY",
		},
		{
			ID: "rotate.revert", Title: "call off", Help: "end the new secret instead", Keys: []string{"C"}, Group: group,
			Scopes: here, Writes: true, CLI: "pakdeck key rotate KEY --cancel",
		},
		{
			ID: "rotate.next", Title: "next", Help: "the next key", Keys: []string{"n"}, Group: group,
			Scopes: here, CLI: "pakdeck key rotate KEY",
		},
		{
			ID: "rotate.previous", Title: "previous", Help: "the key before", Keys: []string{"p"}, Group: group,
			Scopes: here, CLI: "pakdeck key rotate KEY",
		},
		{
			ID: "rotate.session", Title: "session", Help: "all of them, to files", Keys: []string{"S"}, Group: group,
			Scopes: here, Writes: true, CLI: "pakdeck key rotate KEY",
		},
		{
			ID: "rotate.caller", Title: "caller", Help: "the caller's journal", Keys: []string{"enter"}, Group: group,
			Scopes: here, CLI: "pakdeck audit list",
		},
		{
			ID: "rotate.journal", Title: "journal", Help: "what happened to the key", Keys: []string{"a"}, Group: group,
			Scopes: here, CLI: "pakdeck audit list",
		},
	}
}
