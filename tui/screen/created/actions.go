package created

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// Actions returns what can be done in the popup.
func Actions() []keymap.Action {
	return keymap.Group("New key", []string{screen.Created}, []keymap.Action{
		{ID: "created.copy", Title: "copy", Help: "send the key to your clipboard", Keys: []string{"c"}, CLI: "pakdeck key create"},
		{ID: "created.save", Title: "save", Help: "write the key to a new file, encrypted if you like", Keys: []string{"s"}, CLI: "pakdeck key create --pak FILE [--format FORM] [--to RECIPIENT]"},
		{ID: "created.verify", Title: "verify", Help: "paste the key back to see that you have it", Keys: []string{"v"}, CLI: "pakdeck key explain -"},
		{ID: "created.mask", Title: "mask", Help: "hide the key or show it again", Keys: []string{"m"}},
		{ID: "created.stored", Title: "tick", Help: "I stored this key", Keys: []string{"space"}},
		{ID: "created.close", Title: "done", Help: "close for good; in a panel, do what it is for", Keys: []string{"enter"}},
		{ID: "created.leave", Title: "back", Help: "close the panel, or leave after a question", Keys: []string{"esc"}, Shadows: true},
		{ID: "created.next", Title: "next field", Help: "go to the next field", Keys: []string{"tab"}},
		{ID: "created.previous", Title: "previous", Help: "go to the field before", Keys: []string{"shift+tab"}},
	})
}
