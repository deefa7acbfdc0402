package usage

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/rank"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

const (
	colWho = iota
	colUses
	colDenied
	colLast
	colAgent
	colRoute
)

// orders are the columns that the list can be sorted by.
var orders = [...]struct {
	column  int
	highest bool // it comes first unless the order is reversed
}{{colUses, true}, {colDenied, true}, {colLast, true}, {colWho, false}}

func (m Model) columns() []table.Column {
	who := table.Column{Title: "KEY", Width: 18, Min: 13, Flex: 2}
	if m.listed == ofCallers {
		who = table.Column{Title: "CALLER", Width: 15, Min: 13, Flex: 1}
	}
	out := []table.Column{
		colWho:    who,
		colUses:   {Title: "USES", Width: 9, Min: 8, Right: true},
		colDenied: {Title: "DENIED", Width: 6, Right: true},
		colLast:   {Title: "LAST", Width: 6, Min: 5, Right: true},
	}
	if m.listed == ofCallers {
		out = append(out, table.Column{Title: "AGENT", Width: 12, Flex: 1, Priority: 1},
			table.Column{Title: "ROUTE", Width: 18, Flex: 2, Priority: 2})
	}
	return out
}

// rebuild lists what is known, and fits it in.
func (m *Model) rebuild() {
	at := m.place().list
	o := orders[m.order]
	down := o.highest != m.back
	m.table.SetColumns(m.columns())
	m.table.SetSort(o.column, down)
	m.table.SetEmpty(m.empty())
	m.table.SetSize(at.W, at.H)
	m.search.SetWidth(m.place().said.W)
	words := strings.Fields(strings.ToLower(m.search.Text()))
	if m.listed == ofKeys {
		m.table.SetSource(keyRows{m.picture.keys, m.picture.keys.sorted(o.column, down, words), m.env.Board.Now, m.user != ""})
		return
	}
	m.table.SetSource(callerRows{sorted(m.picture.callers, o.column, down, words), m.env.Board.Now})
}

func (m Model) empty() string {
	switch {
	case m.read.IsZero():
		return "reading..."
	case m.search.Text() != "":
		return "nothing matches " + m.search.Text()
	case m.listed == ofKeys:
		return "no keys"
	}
	return "nobody in this time"
}

// sorted returns the places of the keys that match, in the order of a column.
func (u keyUses) sorted(column int, down bool, words []string) []int32 {
	rows := make([]int32, 0, len(u.keys))
	for i, ref := range u.refs {
		if holdsAll(ref, words) {
			rows = append(rows, int32(i))
		}
	}
	return rank.By(rows, u.columns[column], down)
}

func holdsAll(s string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(s, w) {
			return false
		}
	}
	return true
}

func sorted(list []usage.Caller, column int, down bool, words []string) []usage.Caller {
	out := slices.DeleteFunc(slices.Clone(list), func(c usage.Caller) bool {
		said := strings.Join([]string{address(c.IP), several(c.Agent), several(c.Route)}, " ")
		return len(words) > 0 && !holdsAll(strings.ToLower(said), words)
	})
	slices.SortStableFunc(out, func(a, b usage.Caller) int {
		if down {
			return compareCallers(&b, &a, column)
		}
		return compareCallers(&a, &b, column)
	})
	return out
}

func compareCallers(a, b *usage.Caller, column int) int {
	switch column {
	case colUses:
		return cmp.Compare(a.Total(), b.Total())
	case colDenied:
		return cmp.Compare(a.Denied()+a.Unproven(), b.Denied()+b.Unproven())
	case colLast:
		return a.Last.Compare(b.Last)
	}
	return a.IP.Compare(b.IP)
}

// keyRows lists keys.
type keyRows struct {
	keyUses
	rows []int32
	now  time.Time
	bare bool // all are of one user
}

func (r keyRows) Len() int        { return len(r.rows) }
func (r keyRows) ID(i int) string { return string(r.keys[r.rows[i]].ID) }

func (r keyRows) Row(i int) []table.Cell {
	at := r.rows[i]
	k := &r.keys[at]
	name := k.Ref()
	if r.bare {
		name = k.Name
	}
	return []table.Cell{
		colWho:    {Text: name},
		colUses:   number(uint64(r.columns[colUses][at]), theme.Plain),
		colDenied: number(uint64(r.columns[colDenied][at]), theme.Warn),
		colLast:   last(k.Uses.Last.Time, r.now),
	}
}

// callerRows lists callers.
type callerRows struct {
	callers []usage.Caller
	now     time.Time
}

func (r callerRows) Len() int        { return len(r.callers) }
func (r callerRows) ID(i int) string { return callerID(r.callers[i].Caller) }

func callerID(c keystore.Caller) string { return c.IP.String() + " " + c.Agent + " " + c.Route }

func (r callerRows) Row(i int) []table.Cell {
	c := &r.callers[i]
	return []table.Cell{
		colWho:    {Text: address(c.IP)},
		colUses:   number(c.Total(), theme.Plain),
		colDenied: number(c.Denied()+c.Unproven(), theme.Warn),
		colLast:   last(c.Last, r.now),
		colAgent:  {Text: several(c.Agent), Tone: theme.Muted},
		colRoute:  {Text: several(c.Route), Tone: theme.Muted},
	}
}

// address is a caller's, or stands for all who are beyond what is told apart.
func address(ip netip.Addr) string {
	if !ip.IsValid() {
		return "all others"
	}
	return ip.String()
}

func several(s string) string {
	if s == usage.Several {
		return "(several)"
	}
	return s
}

func number(n uint64, tone theme.Tone) table.Cell {
	if n == 0 {
		return table.Cell{Text: "0", Tone: theme.Muted}
	}
	return table.Cell{Text: text.Count(n), Tone: tone}
}

func last(at, now time.Time) table.Cell {
	if at.IsZero() {
		return table.Cell{Text: "never", Tone: theme.Muted}
	}
	return table.Cell{Text: text.Ago(now.Sub(at))}
}
