package keys

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
)

// order is by what the list is sorted.
type order struct {
	name   string
	column int // that shows it
	// newest says that the interesting end of the column is its greatest
	// value: that comes first unless the operator reverses the order.
	newest bool
	// number is what keys are sorted by. Equal ones stay in the order of
	// their names.
	number func(v *keystore.KeyView, s keystore.State) int64
	// word is what keys are sorted by if number is nil.
	word func(v *keystore.KeyView) string
}

// orders in the sequence in which they are cycled through.
var orders = [...]order{
	{name: "expires", column: colExpires, number: byExpiry},
	{name: "seen", column: colSeen, newest: true, number: func(v *keystore.KeyView, _ keystore.State) int64 {
		if v.Uses.Last.Time.IsZero() {
			return 0
		}
		return v.Uses.Last.Time.UnixMilli()
	}},
	{name: "name", column: colName, word: func(v *keystore.KeyView) string { return v.Name }},
	{name: "owner", column: colOwner, word: func(v *keystore.KeyView) string { return v.Owner.Name }},
	{name: "state", column: colState, number: func(_ *keystore.KeyView, s keystore.State) int64 {
		return int64(slices.Index(keystore.States[:], s))
	}},
	{name: "created", column: colCreated, newest: true, number: func(v *keystore.KeyView, _ keystore.State) int64 {
		return v.Created.UnixMilli()
	}},
}

// byExpiry puts the keys that work first, the next to expire on top and those
// that never do at the end, and then the keys that work no more.
func byExpiry(v *keystore.KeyView, s keystore.State) int64 {
	const half = math.MaxInt64 / 2
	at := int64(half - 1)
	if !v.Expires.IsZero() {
		at = v.Expires.UnixMilli()
	}
	if dead(s) {
		at += half
	}
	return at
}

// ranked is a row with what it is sorted by.
type ranked struct {
	number int64
	word   string
	name   string
	row    int32
}

// sort returns the places of the board's keys in order.
func (o order) sort(b *board.Board, reverse bool) []int32 {
	all := make([]ranked, len(b.Keys))
	for i := range b.Keys {
		v := &b.Keys[i]
		all[i] = ranked{name: strings.ToLower(v.Name), row: int32(i)}
		if o.number != nil {
			all[i].number = o.number(v, v.StateAt(b.Now, b.Policy.WarnBefore))
		} else {
			all[i].word = strings.ToLower(o.word(v))
		}
	}
	sign := 1
	if reverse != o.newest {
		sign = -1
	}
	slices.SortFunc(all, func(x, y ranked) int {
		if c := cmp.Compare(x.number, y.number); c != 0 {
			return sign * c
		}
		if c := strings.Compare(x.word, y.word); c != 0 {
			return sign * c
		}
		if c := strings.Compare(x.name, y.name); c != 0 {
			return c
		}
		return cmp.Compare(x.row, y.row)
	})
	rows := make([]int32, len(all))
	for i, r := range all {
		rows[i] = r.row
	}
	return rows
}

// descending reports which way the column's values run.
func (o order) descending(reverse bool) bool { return reverse != o.newest }
