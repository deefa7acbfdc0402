package rotate

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// Actions returns what can be done about the secrets of keys.
func Actions() []keymap.Action {
	return keymap.Group("Rotation", []string{screen.Rotate}, []keymap.Action{
		{ID: "key.rotate", Title: "rotate", Help: "a new secret; all marked", Keys: []string{"r"}, Scopes: []string{screen.Keys}, CLI: "pakdeck key rotate KEY"},
		{ID: "key.due", Title: "due", Help: "rotate what is due", Scopes: []string{screen.Keys}, CLI: "pakdeck due"},
		{ID: "rotate.start", Title: "new secret", Help: "give the key a new secret", Keys: []string{"r"}, Writes: true, CLI: "pakdeck key rotate KEY"},
		{ID: "rotate.grace", Title: "grace", Help: "how long the old one works", Keys: []string{"tab"}, CLI: "pakdeck key rotate KEY --grace TIME"},
		{ID: "rotate.retire", Title: "retire", Help: "end the old secret", Keys: []string{"R"}, Writes: true, Dangerous: true, CLI: "pakdeck key retire KEY"},
		{ID: "rotate.revert", Title: "call off", Help: "end the new secret instead", Keys: []string{"C"}, Writes: true, Dangerous: true, CLI: "pakdeck key rotate KEY --cancel"},
		{ID: "rotate.next", Title: "next", Help: "the next key", Keys: []string{"n"}, CLI: "pakdeck key rotate KEY"},
		{ID: "rotate.previous", Title: "previous", Help: "the key before", Keys: []string{"p"}, CLI: "pakdeck key rotate KEY"},
		{ID: "rotate.session", Title: "session", Help: "all of them, to files", Keys: []string{"S"}, Writes: true, CLI: "pakdeck key rotate KEY"},
		{ID: "rotate.caller", Title: "caller", Help: "the caller's journal", Keys: []string{"enter"}, CLI: "pakdeck audit list"},
		{ID: "rotate.journal", Title: "journal", Help: "what happened to the key", Keys: []string{"a"}, CLI: "pakdeck audit list"},
	})
}
