package keys

import (
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter"
)

// look is in which order keys are listed, and whether revoked ones are.
type look struct {
	order   int // in orders
	reverse bool
	revoked bool
}

func checkFilter(expr string) error {
	_, err := filter.Parse(expr)
	return err
}

// filter returns the filter that holds.
func (m Model) filter() filter.Filter {
	f, _ := filter.Parse(m.Search.Text()) // search holds nothing else
	return f
}

// rank puts all keys in order, so that a filter has only to choose from them.
func (m *Model) rank() {
	m.sort()
	m.rebuild()
}

// turn lists the same keys in the order that now holds.
func (m *Model) turn() {
	m.sort()
	m.gather()
}

func (m *Model) sort() {
	by := orders[m.look.order]
	m.ranking = list{m.env.Board, m.env.Verdict, by.sort(m.env, m.look.reverse)}
	m.Table.SetSort(by.column, by.descending(m.look.reverse))
}

// rebuild lists the keys that the filter selects. It looks at them in the order
// in which they lie in memory, which is a fraction of the work.
func (m *Model) rebuild() {
	b, f := m.ranking.board, m.filter()
	refused, all := m.Search.Refused() != "", m.look.revoked || f.AsksFor(keystore.StateRevoked)
	matches := f.Among(b.Keys, b.Search, m.env.Board.Now, b.Policy.WarnBefore)
	m.stale, m.selected, m.hidden = false, make([]bool, len(b.Keys)), 0
	for i := range b.Keys {
		if !all && b.Search.Life(i).Revoked() {
			m.hidden++
			continue
		}
		m.selected[i] = !refused && (f.Empty() || matches(i))
	}
	m.gather()
}

// gather takes the selected keys in the order of the list.
func (m *Model) gather() {
	rows := make([]int32, 0, len(m.selected))
	for _, row := range m.ranking.rows {
		if m.selected[row] {
			rows = append(rows, row)
		}
	}
	m.list = list{m.ranking.board, m.env.Verdict, rows}
	if len(rows) == 0 {
		m.Table.SetEmpty(m.emptyHint())
	}
	m.Table.SetSource(m.list)
}

// emptyHint says what to press when no key is listed.
func (m Model) emptyHint() string {
	_, mayCreate := m.env.Keymap.Action("key.new")
	switch {
	case m.Search.Refused() != "":
		return "No key is shown: the filter is none. / corrects it."
	case m.keyless() != "":
		return m.keyless() + " has no key yet. n creates one."
	case m.Search.Text() != "":
		return "No key matches. ~abc finds letters in this order."
	case len(m.env.Board.Keys) > 0:
		return "All keys are revoked. h shows them."
	case mayCreate:
		return "No keys yet. n creates the first key."
	default:
		return "No keys yet."
	}
}

// owner returns the user whose keys alone are asked for; else the zero User.
func (m Model) owner() keystore.User {
	name, ok := strings.CutPrefix(m.Search.Text(), "user:")
	i := slices.IndexFunc(m.env.Board.Users, func(u keystore.User) bool { return u.Name == name })
	if !ok || i < 0 {
		return keystore.User{}
	}
	return m.env.Board.Users[i]
}

// keyless returns the name of [Model.owner] if it has no key, not even a
// revoked one.
func (m Model) keyless() string {
	o, keys := m.owner(), m.env.Board.Keys
	for i := range keys {
		if o.ID == "" || keys[i].User == o.ID {
			return ""
		}
	}
	return o.Name
}

// current returns the key that actions are about, or "".
func (m Model) current() keystore.KeyID {
	if m.Whole {
		return m.shown
	}
	return keystore.KeyID(m.Table.Selected())
}
