package users

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

const group = "User"

// Actions returns what can be done with users.
func Actions() []keymap.Action {
	users := []string{screen.Users}
	return []keymap.Action{
		{
			ID: "user.open", Title: "keys", Help: "the user's keys", Keys: []string{"enter"}, Group: group,
			Scopes: users, CLI: "pakdeck key list --user NAME",
		},
		{ID: "user.new", Title: "new", Help: "add a user", Keys: []string{"n"}, Group: group, Scopes: users, Writes: true, CLI: "pakdeck user add NAME"},
		{
			ID: "user.edit", Title: "edit", Help: "name, permissions, contact", Keys: []string{"e"}, Group: group,
			Scopes: users, Writes: true, CLI: "pakdeck user edit NAME",
		},
		{
			ID: "user.disable", Title: "disable", Help: "switch off or on with all keys", Keys: []string{"x"}, Group: group,
			Scopes: users, Writes: true, CLI: "pakdeck user disable NAME",
		},
		{
			ID: "user.key", Title: "new key", Help: "issue a key for the user", Keys: []string{"K"}, Group: group,
			Scopes: users, Writes: true, CLI: "pakdeck key create --user NAME --name TEXT --expires WHEN",
		},
		{ID: "user.usage", Title: "usage", Help: "uses of the user's keys", Keys: []string{"t"}, Group: group, Scopes: users, CLI: "pakdeck usage --user NAME"},
		{ID: "user.journal", Title: "journal", Help: "what happened to it", Keys: []string{"a"}, Group: group, Scopes: users, CLI: "pakdeck audit list"},
	}
}
