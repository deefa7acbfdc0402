package keys

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// Actions returns what can be done with keys, here and on other screens.
func Actions() []keymap.Action {
	return keymap.Group("Key", []string{screen.Keys}, []keymap.Action{
		{ID: "key.open", Title: "open", Help: "everything about the key", Keys: []string{"enter"}, CLI: "pakdeck key show KEY"},
		{
			ID: "key.new", Title: "new", Help: "issue a key", Keys: []string{"n"},
			Scopes: []string{screen.Keys, screen.Empty}, Writes: true, CLI: "pakdeck key create --user NAME --name TEXT --expires WHEN",
		},
		{ID: "key.clone", Title: "clone", Help: "issue a key with the same rules", Keys: []string{"c"}, Writes: true, CLI: "pakdeck key create --like KEY --name TEXT"},
		{ID: "key.edit", Title: "edit", Help: "name, scopes, expiry", Keys: []string{"e"}, Writes: true, CLI: "pakdeck key edit KEY"},
		{ID: "key.extend", Title: "extend", Help: "choose when it ends", Keys: []string{"E"}, Writes: true, CLI: "pakdeck key edit KEY --expires WHEN"},
		{ID: "key.network", Title: "network", Help: "from which addresses it works", Keys: []string{"i"}, Writes: true, CLI: "pakdeck key edit KEY --allow PREFIX --deny PREFIX"},
		{ID: "key.disable", Title: "disable", Help: "switch off or on; all marked", Keys: []string{"x"}, Writes: true, CLI: "pakdeck key disable KEY"},
		{ID: "key.revoke", Title: "revoke", Help: "end it; all marked", Keys: []string{"X"}, Writes: true, Dangerous: true, CLI: "pakdeck key revoke KEY --reason TEXT"},
		{ID: "key.restore", Title: "unrevoke", Help: "take a revocation back", Writes: true, CLI: "pakdeck key unrevoke KEY"},
		{ID: "key.copy", Title: "copy id", Help: "copy the key's id", Keys: []string{"y"}, CLI: "pakdeck key show KEY --json"},
		{ID: "key.usage", Title: "usage", Help: "when and by whom it is used", Keys: []string{"t"}, CLI: "pakdeck usage KEY"},
		{ID: "key.journal", Title: "journal", Help: "what happened to the key", Keys: []string{"a"}, CLI: "pakdeck audit list"},
		{ID: "key.owner", Title: "owner", Help: "go to its owner", Keys: []string{"u"}, CLI: "pakdeck user show NAME"},
	})
}
