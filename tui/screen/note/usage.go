package note

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// usage lists the keys by their uses.
type usage struct{}

func (usage) scope() string { return screen.Usage }
func (usage) title() string { return "Usage" }

func (usage) empty(*board.Board) string { return "No keys yet." }

const (
	colKey = iota
	colAccepted
	colDenied
	colSeen
	colAddress
	colAgent
	colReason
)

func (usage) columns() []table.Column {
	return []table.Column{
		colKey:      {Title: "KEY", Width: 26, Min: 22, Flex: 2},
		colAccepted: {Title: "ACCEPTED", Width: 11, Right: true},
		colDenied:   {Title: "DENIED", Width: 8, Right: true},
		colSeen:     {Title: "SEEN", Width: 7, Right: true},
		colAddress:  {Title: "ADDRESS", Width: 15, Priority: 1},
		colAgent:    {Title: "AGENT", Width: 14, Flex: 1, Priority: 3},
		colReason:   {Title: "LAST DENIED", Width: 20, Priority: 2},
	}
}

func (usage) orders() []order {
	return []order{{colAccepted, true}, {colDenied, true}, {colSeen, true}, {colKey, false}}
}

func (usage) summary(b *board.Board, _ int) string {
	var ok, denied uint64
	used := 0
	for i := range b.Keys {
		u := &b.Keys[i].Uses
		ok += u.OK
		denied += u.DeniedTotal()
		if b.Now.Sub(u.Last.Time) < 24*time.Hour {
			used++
		}
	}
	return text.Plural(int64(ok), "accepted use") + "   " + text.Count(int64(denied)) + " denied   " +
		text.Plural(int64(used), "key") + " used in the last 24 hours"
}

func (usage) missing() string {
	return "Totals since each key was made; hours and callers are not shown yet."
}

// ranking is the keys in an order.
type ranking struct {
	board *board.Board
	rows  []int32
}

func (usage) rows(b *board.Board, column int, down bool) table.Source {
	r := ranking{b, make([]int32, len(b.Keys))}
	for i := range r.rows {
		r.rows[i] = int32(i)
	}
	slices.SortFunc(r.rows, func(i, j int32) int {
		if down {
			i, j = j, i
		}
		return cmp.Or(compare(&b.Keys[i], &b.Keys[j], column), cmp.Compare(i, j))
	})
	return r
}

func compare(a, b *keystore.KeyView, column int) int {
	switch column {
	case colAccepted:
		return cmp.Compare(a.Uses.OK, b.Uses.OK)
	case colDenied:
		return cmp.Compare(a.Uses.DeniedTotal(), b.Uses.DeniedTotal())
	case colSeen:
		return a.Uses.Last.Time.Compare(b.Uses.Last.Time)
	}
	return strings.Compare(strings.ToLower(a.Ref()), strings.ToLower(b.Ref()))
}

func (r ranking) Len() int { return len(r.rows) }

func (r ranking) ID(i int) string { return string(r.board.Keys[r.rows[i]].ID) }

func (r ranking) Row(i int) []table.Cell {
	v := &r.board.Keys[r.rows[i]]
	u := v.Uses
	row := []table.Cell{
		colKey:      {Text: v.Ref()},
		colAccepted: {Text: text.Count(int64(u.OK))},
		colDenied:   {Text: text.Count(int64(u.DeniedTotal()))},
		colSeen:     {Text: "never", Tone: theme.Muted},
		colAgent:    {Text: u.Last.Agent, Tone: theme.Muted},
		colReason:   {},
	}
	if !u.Last.Time.IsZero() {
		row[colSeen] = table.Cell{Text: text.Ago(r.board.Now.Sub(u.Last.Time))}
	}
	if u.Last.IP.IsValid() {
		row[colAddress] = table.Cell{Text: u.Last.IP.String()}
	}
	if !u.LastDenied.Time.IsZero() {
		row[colDenied].Tone = theme.Warn
		row[colReason] = table.Cell{Text: text.Ago(r.board.Now.Sub(u.LastDenied.Time)) + " ago " + string(u.LastReason), Tone: theme.Warn}
	}
	return row
}
