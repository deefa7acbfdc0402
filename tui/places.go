package tui

import (
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/bulk"
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

// constructors make the screens of the places.
var constructors = map[string]func(*screen.Env, screen.Go) screen.Screen{
	screen.Keys: keys.New, screen.Users: users.New, screen.Journal: journal.New,
	screen.Usage: usage.New, screen.Lint: findings.New, screen.Empty: empty.New,
	screen.Wizard: wizard.New, screen.Edit: edit.New, screen.Network: network.New, screen.User: user.New,
	screen.Rotate: rotate.New, screen.Incident: incident.New, screen.Session: session.New, screen.Bulk: bulk.New,
	screen.Review: review.New,
}

// build makes the screen of a place, or returns nil if there is no such
// place. A store that holds nothing has a page of its own instead of an empty
// list.
func (m Model) build(to screen.Go) screen.Screen {
	if to.Place == screen.Keys && m.storeIsEmpty() {
		to.Place = screen.Empty
	}
	construct, ok := constructors[to.Place]
	if !ok {
		return nil
	}
	return construct(m.env, to)
}
