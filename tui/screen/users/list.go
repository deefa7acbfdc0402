package users

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// columns in the order of the cells of [rows.Row].
var columns = []table.Column{
	{Title: "NAME", Width: 16, Min: 10, Flex: 2},
	{Title: "KIND", Width: 7, Priority: 2},
	{Title: "ADMIN", Width: 5, Priority: 3},
	{Title: "STATE", Width: 8},
	{Title: "KEYS", Width: 6, Right: true},
	{Title: "SEEN", Width: 7, Right: true},
	{Title: "CONTACT", Width: 14, Flex: 3, Priority: 4},
}

// row is a user with what its keys add up to.
type row struct {
	keystore.User
	places []int32 // on the board, of all its keys
	keys   int     // that are not revoked
	works  int     // that verify now
	last   keystore.Sighting
}

func (r row) state() string {
	if r.Disabled {
		return "disabled"
	}
	return "active"
}

// rows are the rows of the table.
type rows struct {
	list []row
	now  time.Time
}

var _ table.Source = rows{}

func (l rows) Len() int { return len(l.list) }

func (l rows) ID(i int) string { return string(l.list[i].ID) }

func (l rows) Row(i int) []table.Cell {
	r := l.list[i]
	tone, state := theme.Plain, theme.Plain
	if r.Disabled {
		tone, state = theme.Muted, theme.Muted
	}
	admin := ""
	if r.Admin {
		admin = "admin"
	}
	return []table.Cell{
		{Text: r.Name, Tone: tone},
		{Text: string(r.Kind), Tone: theme.Muted},
		{Text: admin, Tone: theme.Warn},
		{Text: r.state(), Tone: state},
		{Text: text.Count(r.keys), Tone: tone},
		{Text: seen(r.last.Time, l.now), Tone: tone},
		{Text: r.Contact, Tone: theme.Muted},
	}
}

func seen(at, now time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return text.Ago(now.Sub(at))
}

// read adds the board's users up.
func (m *Model) read() {
	b := m.env.Board
	m.board, m.all = b, make([]row, len(b.Users))
	for i, u := range b.Users {
		m.all[i].User = u
	}
	latest := make([]int, len(b.Users))
	for i, owner := range b.Owners {
		if owner < 0 {
			continue
		}
		r := &m.all[owner]
		state := keystore.States[b.States[i]]
		if state != keystore.StateRevoked {
			r.keys++
		}
		if state.Works() {
			r.works++
		}
		if len(r.places) == 0 || b.Seen[i] > b.Seen[latest[owner]] {
			latest[owner] = i
		}
		r.places = append(r.places, int32(i))
	}
	for i := range m.all {
		if r := &m.all[i]; len(r.places) > 0 {
			r.last = b.Keys[latest[i]].Uses.Last
		}
	}
	m.rebuild()
}

// order is by what the list is sorted.
type order struct {
	name    string
	column  int
	compare func(a, b row) int
	newest  bool // the greatest comes first unless the order is reversed
}

var orders = [...]order{
	{"name", 0, byName, false},
	{"state", 3, func(a, b row) int { return strings.Compare(a.state(), b.state()) }, false},
	{"keys", 4, func(a, b row) int { return cmp.Compare(a.keys, b.keys) }, true},
	{"seen", 5, func(a, b row) int { return a.last.Time.Compare(b.last.Time) }, true},
}

func byName(a, b row) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) }

// rebuild lists the users that match the filter, in order.
func (m *Model) rebuild() {
	words := strings.Fields(strings.ToLower(m.Search.Text()))
	list := slices.DeleteFunc(slices.Clone(m.all), func(r row) bool { return !r.matches(words) })
	by := orders[m.order]
	down := by.newest != m.back
	slices.SortStableFunc(list, func(a, b row) int {
		if down {
			a, b = b, a
		}
		return by.compare(a, b)
	})
	m.rows = rows{list, m.env.Board.Now}
	m.Table.SetSort(by.column, down)
	m.Table.SetSource(m.rows)
}

// matches reports whether every word is in what the list says of the user.
func (r row) matches(words []string) bool {
	said := strings.ToLower(strings.Join([]string{r.Name, string(r.Kind), r.state(), r.Contact}, " "))
	if r.Admin {
		said += " admin"
	}
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(said, w) })
}
