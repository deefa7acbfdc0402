package tui

import (
	"slices"

	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/bulk"
	"github.com/pakdeck/pakdeck/tui/screen/created"
	"github.com/pakdeck/pakdeck/tui/screen/edit"
	"github.com/pakdeck/pakdeck/tui/screen/empty"
	"github.com/pakdeck/pakdeck/tui/screen/findings"
	"github.com/pakdeck/pakdeck/tui/screen/incident"
	"github.com/pakdeck/pakdeck/tui/screen/journal"
	"github.com/pakdeck/pakdeck/tui/screen/keys"
	"github.com/pakdeck/pakdeck/tui/screen/network"
	"github.com/pakdeck/pakdeck/tui/screen/review"
	"github.com/pakdeck/pakdeck/tui/screen/rotate"
	"github.com/pakdeck/pakdeck/tui/screen/session"
	"github.com/pakdeck/pakdeck/tui/screen/usage"
	"github.com/pakdeck/pakdeck/tui/screen/user"
	"github.com/pakdeck/pakdeck/tui/screen/users"
	"github.com/pakdeck/pakdeck/tui/screen/wizard"
)

// Actions returns everything that can be done in the dashboard: what the keys,
// the palette and the help lead to. An action whose id begins with "app." or
// "tab." is the root's, the others are the screens' own.
func Actions() []keymap.Action {
	return slices.Concat(
		appActions(), tabActions(), listActions(),
		keys.Actions(), rotate.Actions(), session.Actions(), bulk.Actions(), incident.Actions(), users.Actions(), usage.Actions(), journal.Actions(), empty.Actions(),
		wizard.Actions(), edit.Actions(), network.Actions(), user.Actions(), created.Actions(), findings.Actions(), review.Actions(),
	)
}

func appActions() []keymap.Action {
	return keymap.Group("Anywhere", nil, []keymap.Action{
		{ID: "app.help", Title: "help", Help: "the keys that work here", Keys: []string{"?", "f1"}, CLI: "pakdeck help"},
		{ID: "app.command", Title: "command", Help: "go or do by name", Keys: []string{":"}},
		{ID: "app.back", Title: "back", Help: "go back one level", Keys: []string{"esc"}},
		{ID: "app.last", Title: "last view", Help: "the view before this one", Keys: []string{"-"}},
		{ID: "app.undo", Title: "undo", Help: "take back the last change", Keys: []string{"U"}, Writes: true, CLI: "pakdeck key enable KEY"},
		{ID: "app.zone", Title: "UTC or local", Help: "times in UTC or local", Keys: []string{"T"}},
		{ID: "app.messages", Title: "messages", Help: "the messages of this session", Keys: []string{"M"}},
		{ID: "app.mouse", Title: "mouse", Help: "mouse on or off"},
		{ID: "app.redraw", Title: "redraw", Help: "draw anew", Keys: []string{"ctrl+l"}},
		{ID: "app.suspend", Title: "suspend", Help: "to the shell; fg returns", Keys: []string{"ctrl+z"}},
		{ID: "app.lock", Title: "lock", Help: "hide the screen"},
		{ID: "app.demo", Title: "demo", Help: "show a demonstration store", CLI: "pakdeck demo"},
		{ID: "app.quit", Title: "quit", Help: "leave the dashboard", Keys: []string{"q", "ctrl+c"}},
	})
}

// tabs are the main places in the order of their keys.
var tabs = [...]struct{ place, title, cli string }{
	{screen.Keys, "Keys", "pakdeck key list"},
	{screen.Users, "Users", "pakdeck user list"},
	{screen.Usage, "Usage", "pakdeck usage"},
	{screen.Journal, "Journal", "pakdeck audit list"},
	{screen.Lint, "Lint", "pakdeck lint"},
}

func tabActions() []keymap.Action {
	var out []keymap.Action
	for i, tab := range tabs {
		out = append(out, keymap.Action{
			ID: "tab." + tab.place, Title: tab.place, Help: "go to " + tab.title,
			Keys: []string{string(rune('1' + i))}, CLI: tab.cli,
		})
	}
	return keymap.Group("Go to", nil, out)
}

func listActions() []keymap.Action {
	return keymap.Group("List", []string{screen.Keys}, []keymap.Action{
		{
			ID: "list.filter", Title: "filter", Help: "show only what matches", Keys: []string{"/"},
			Scopes: []string{screen.Keys, screen.Users, screen.Usage, screen.Journal, screen.Lint}, CLI: "pakdeck key list --filter EXPR",
		},
		{
			ID: "list.sort", Title: "sort", Help: "sort by the next column", Keys: []string{"o"},
			Scopes: []string{screen.Keys, screen.Users, screen.Usage}, CLI: "pakdeck key list --sort ORDER",
		},
		{
			ID: "list.reverse", Title: "reverse", Help: "reverse the order", Keys: []string{"O"},
			Scopes: []string{screen.Keys, screen.Users, screen.Usage}, CLI: "pakdeck key list --sort ORDER",
		},
		{ID: "list.columns", Title: "columns", Help: "choose what the list shows", Keys: []string{"C"}},
		{ID: "list.revoked", Title: "revoked", Help: "show or hide revoked keys", Keys: []string{"h"}, CLI: "pakdeck key list --state revoked"},
	})
}
