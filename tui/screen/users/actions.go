package users

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// Actions returns what can be done with users.
func Actions() []keymap.Action {
	return keymap.Group("User", []string{screen.Users}, []keymap.Action{
		{ID: "user.open", Title: "keys", Help: "the user's keys", Keys: []string{"enter"}, CLI: "pakdeck key list --user NAME"},
		{ID: "user.new", Title: "new", Help: "add a user", Keys: []string{"n"}, Writes: true, CLI: "pakdeck user add NAME"},
		{ID: "user.edit", Title: "edit", Help: "name, permissions, contact", Keys: []string{"e"}, Writes: true, CLI: "pakdeck user edit NAME"},
		{ID: "user.disable", Title: "disable", Help: "switch off or on with all keys", Keys: []string{"x"}, Writes: true, CLI: "pakdeck user disable NAME"},
		{ID: "user.key", Title: "new key", Help: "issue a key for the user", Keys: []string{"K"}, Writes: true, CLI: "pakdeck key create --user NAME --name TEXT --expires WHEN"},
		{ID: "user.usage", Title: "usage", Help: "uses of the user's keys", Keys: []string{"t"}, CLI: "pakdeck usage --user NAME"},
		{ID: "user.journal", Title: "journal", Help: "what happened to it", Keys: []string{"a"}, CLI: "pakdeck audit list"},
	})
}
