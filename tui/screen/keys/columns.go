package keys

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/config"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/pick"
)

// columnNames are what the columns are called where they are chosen, and what
// they hold.
var columnNames = [...]struct{ name, help string }{
	colName: {"name", "always shown"}, colOwner: {"owner", "whose key it is"}, colSecret: {"key", "id of the secret, as in key strings"},
	colState: {"state", "does it work, and will it"}, colExpires: {"expires", "how long it still works"},
	colSeen: {"seen", "how long ago it was last used"}, colAddress: {"address", "from where it was last used"},
	colCreated: {"created", "the day it was made"}, colLint: {"lint", "how many findings; ! is an error"},
}

// setView shows the list as it was left.
func (m *Model) setView(v config.View) {
	m.look.order, m.look.reverse = orderNamed(v.Sort), v.Reverse
	shown := slices.Clone(columns)
	for i := range shown {
		shown[i].Hidden = i != colName && len(v.Columns) > 0 && !slices.Contains(v.Columns, columnNames[i].name)
	}
	m.Table.SetColumns(shown)
}

// remember keeps how the list is shown.
func (m Model) remember() tea.Cmd {
	v := m.env.View
	v.Sort, v.Reverse = orders[m.look.order].name, m.look.reverse
	return screen.Tell(screen.Remember{View: v})
}

// sortBy puts the list in the order of a name, or turns it round if it is in
// that one.
func (m *Model) sortBy(name string) tea.Cmd {
	at := slices.IndexFunc(orders[:], func(o order) bool { return o.name == name })
	if at < 0 {
		names := make([]string, len(orders))
		for i, o := range orders {
			names[i] = o.name
		}
		return screen.Tell(screen.Say{Level: screen.Warning, Text: "there is no order " + text.Quote(name) + "; there are " + strings.Join(names, ", ")})
	}
	m.look.order, m.look.reverse = at, at == m.look.order && !m.look.reverse
	m.turn()
	return m.remember()
}

// pickColumns lets the operator choose what the list shows.
func (m Model) pickColumns() tea.Cmd {
	var items []pick.Item
	ticked := m.env.View.Columns
	for i, c := range columnNames {
		item := pick.Item{ID: c.name, Label: c.name, Help: c.help}
		if i == colName {
			continue
		}
		items = append(items, item)
		if len(m.env.View.Columns) == 0 {
			ticked = append(ticked, c.name)
		}
	}
	list := pick.New(m.env.Theme, items)
	list.SetTicked(ticked...)
	return screen.Tell(screen.Pick{Title: "Columns", List: list, Then: func(ticked []string) tea.Cmd {
		v := m.env.View
		v.Columns = append([]string{columnNames[colName].name}, ticked...)
		return screen.Tell(screen.Remember{View: v})
	}})
}
