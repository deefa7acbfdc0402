package rotate

import (
	"time"

	"github.com/pakdeck/pakdeck/audit/rotation"
	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

const (
	colWho = iota
	colState
	colUses
	colLast
	colGap
	colAgent
	colRoute
)

func columns() []table.Column {
	return []table.Column{
		colWho:   {Title: "CALLER OF THE OLD SECRET", Width: 24, Min: 15, Flex: 1},
		colState: {Title: "STATE", Width: 8},
		colUses:  {Title: "USES", Width: 8, Right: true},
		colLast:  {Title: "LAST", Width: 6, Right: true},
		colGap:   {Title: "USUAL GAP", Width: 9, Right: true},
		colAgent: {Title: "AGENT", Width: 12, Flex: 1, Priority: 1},
		colRoute: {Title: "ROUTE", Width: 18, Flex: 2, Priority: 2},
	}
}

// rebuild lists what is known, and fits it in.
func (m *Model) rebuild() {
	m.table.SetSize(m.w, max(0, m.h-headLines))
	m.table.SetEmpty(m.empty())
	m.table.SetSource(rows{m.look.Verdict.Clients, m.look.At})
}

func (m Model) empty() string {
	_, rotating := m.old()
	switch {
	case m.queue.Len() == 0:
		return "no key is due; mark some in the list and press r there"
	case m.reading && m.look.Old.ID.IsZero() && rotating:
		return "reading..."
	case !rotating:
		return "only one secret works; r gives the key a new one"
	}
	return "nobody used the old secret in the last 92 days"
}

// caller returns the one under the cursor.
func (m Model) caller() (rotation.Client, bool) {
	for _, c := range m.look.Verdict.Clients {
		if clientID(c) == m.table.Selected() {
			return c, true
		}
	}
	return rotation.Client{}, false
}

// rows lists the callers of the old secret.
type rows struct {
	clients []rotation.Client
	now     time.Time
}

func (r rows) Len() int        { return len(r.clients) }
func (r rows) ID(i int) string { return clientID(r.clients[i]) }

func clientID(c rotation.Client) string { return c.IP.String() + " " + c.Agent + " " + c.Route }

func (r rows) Row(i int) []table.Cell {
	c := &r.clients[i]
	who, gap := "all others", "unknown"
	if c.IP.IsValid() {
		who = c.IP.String()
	}
	if c.Usual > 0 {
		gap = text.Ago(c.Usual)
	}
	return []table.Cell{
		colWho:   {Text: who},
		colState: {Text: string(c.State), Tone: tone(c.State)},
		colUses:  {Text: text.Count(c.Uses)},
		colLast:  {Text: text.Ago(r.now.Sub(c.Last))},
		colGap:   {Text: gap},
		colAgent: {Text: several(c.Agent), Tone: theme.Muted},
		colRoute: {Text: several(c.Route), Tone: theme.Muted},
	}
}

func tone(s rotation.State) theme.Tone {
	switch s {
	case rotation.Using:
		return theme.Bad
	case rotation.Waiting:
		return theme.Warn
	}
	return theme.Good
}

func several(s string) string {
	if s == usage.Several {
		return "(several)"
	}
	return s
}
