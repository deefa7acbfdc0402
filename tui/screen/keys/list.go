package keys

import (
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// columns in the order of the cells of [list.Row].
var columns = []table.Column{
	colName:    {Title: "NAME", Width: 18, Flex: 3},
	colOwner:   {Title: "OWNER", Width: 14, Min: 10, Flex: 1, Priority: 4},
	colSecret:  {Title: "KEY", Width: 12, Priority: 5},
	colState:   {Title: "STATE", Width: 8},
	colExpires: {Title: "EXPIRES", Width: 9, Right: true},
	colSeen:    {Title: "SEEN", Width: 6, Right: true, Priority: 1},
	colAddress: {Title: "ADDRESS", Width: 15, Priority: 6},
	colCreated: {Title: "CREATED", Width: 10, Priority: 7},
	colLint:    {Title: "!", Width: 3, Right: true, Priority: 3},
}

const (
	colName = iota
	colOwner
	colSecret
	colState
	colExpires
	colSeen
	colAddress
	colCreated
	colLint
)

// list is the rows of the table: places in the board's keys.
type list struct {
	board   *board.Board
	verdict *board.Verdict
	rows    []int32
}

var (
	_ table.Finder   = list{}
	_ table.Numbered = list{}
)

func (l list) Len() int { return len(l.rows) }

func (l list) at(i int) *keystore.KeyView { return &l.board.Keys[l.rows[i]] }

func (l list) ID(i int) string { return string(l.at(i).ID) }

// Find implements [table.Finder]: numbers are quicker to search than ids.
func (l list) Find(id string) (int, bool) {
	at, ok := l.board.Index(keystore.KeyID(id))
	if !ok {
		return 0, false
	}
	i := slices.Index(l.rows, int32(at))
	return i, i >= 0
}

// Number implements [table.Numbered]: the place on the board.
func (l list) Number(i int) int { return int(l.rows[i]) }

// NumberOf implements [table.Numbered].
func (l list) NumberOf(id string) (int, bool) { return l.board.Index(keystore.KeyID(id)) }

// Named implements [table.Numbered].
func (l list) Named(number int) string { return string(l.board.Keys[number].ID) }

// Numbering implements [table.Numbered].
func (l list) Numbering() any { return l.board.Places }

func (l list) Row(i int) []table.Cell {
	v, now := l.at(i), l.board.Now
	state := v.StateAt(now, l.board.Policy.WarnBefore)
	tone := stateTone(state)
	quiet := theme.Plain
	if dead(state) {
		quiet = theme.Muted
	}
	return []table.Cell{
		colName:    {Text: v.Name, Tone: quiet},
		colOwner:   {Text: v.Owner.Name, Tone: quiet},
		colSecret:  {Text: v.Current().ID.String(), Tone: theme.Muted},
		colState:   {Text: string(state), Tone: tone},
		colExpires: {Text: expiry.Short(v.Expires, now), Tone: expiryTone(state)},
		colSeen:    {Text: ago(v.Uses.Last.Time, now), Tone: quiet},
		colAddress: {Text: address(v.Uses.Last.IP), Tone: quiet},
		colCreated: {Text: v.Created.Format(time.DateOnly), Tone: theme.Muted},
		colLint:    lintCell(l.verdict.CountsOf(string(v.ID))),
	}
}

// lintCell counts what is wrong with a key. Errors are told by a sign too, for
// those who see no colours; what is only worth knowing does not count.
func lintCell(c lint.Counts) table.Cell {
	switch n := c.Error + c.Warning; {
	case n == 0:
		return table.Cell{}
	case c.Error > 0:
		return table.Cell{Text: strconv.Itoa(n) + "!", Tone: theme.Bad}
	default:
		return table.Cell{Text: strconv.Itoa(n) + " ", Tone: theme.Warn}
	}
}

// stateTone is the meaning of a state. The word says it too. What is as it
// should be has no colour, so that the eye finds the rest.
func stateTone(s keystore.State) theme.Tone {
	switch s {
	case keystore.StateActive:
		return theme.Plain
	case keystore.StateExpiring, keystore.StateRotating, keystore.StatePending:
		return theme.Warn
	case keystore.StateExpired:
		return theme.Bad
	}
	return theme.Muted
}

// expiryTone leaves the warning to the state, which stands beside it.
func expiryTone(s keystore.State) theme.Tone {
	if dead(s) {
		return theme.Muted
	}
	return theme.Plain
}

// dead reports whether a key in this state works no more.
func dead(s keystore.State) bool {
	return s == keystore.StateRevoked || s == keystore.StateDisabled || s == keystore.StateExpired
}

func ago(at, now time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return text.Ago(now.Sub(at))
}

func address(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}
