package keys

import (
	"math"
	"slices"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/rank"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// order is by what the list is sorted: a number of each key. Equal keys stay
// in the order of their names.
type order struct {
	name   string
	column int // that shows it
	// newest says that the interesting end of the column is its greatest
	// value: that comes first unless the operator reverses the order.
	newest bool
	// numbers returns the number of each key by its place on the board; nil is
	// the order of the names.
	numbers func(env *screen.Env) []int64
}

// orders in the sequence in which they are cycled through.
var orders = [...]order{
	{name: "expires", column: colExpires, numbers: byExpiry},
	{name: "seen", column: colSeen, newest: true, numbers: func(env *screen.Env) []int64 { return env.Board.Seen }},
	{name: "lint", column: colLint, newest: true, numbers: func(env *screen.Env) []int64 { return env.Verdict.Weights(env.Board) }},
	{name: "name", column: colName},
	{name: "owner", column: colOwner, numbers: func(env *screen.Env) []int64 { return env.Board.Owners }},
	{name: "state", column: colState, numbers: byState},
	{name: "created", column: colCreated, newest: true, numbers: func(env *screen.Env) []int64 { return env.Board.Created }},
	{name: "address", column: colAddress, numbers: func(env *screen.Env) []int64 { return env.Board.Callers }},
	{name: "key", column: colSecret, numbers: func(env *screen.Env) []int64 { return env.Board.Secrets }},
}

// orderNamed returns the place of an order in orders, or 0.
func orderNamed(name string) int {
	return max(0, slices.IndexFunc(orders[:], func(o order) bool { return o.name == name }))
}

// byLife makes numbers of what the states of the keys depend on.
func byLife(b *board.Board, number func(l keystore.Life) int64) []int64 {
	out := make([]int64, len(b.Keys))
	for i := range out {
		out[i] = number(b.Search.Life(i))
	}
	return out
}

// byExpiry puts the keys that work first, the next to expire on top and those
// that never do at the end, and then the keys that work no more.
func byExpiry(env *screen.Env) []int64 {
	const half = math.MaxInt64 / 2
	now, warn := env.Board.Now, env.Board.Policy.WarnBefore
	return byLife(env.Board, func(l keystore.Life) int64 {
		at, expires := l.Ends()
		if !expires {
			at = half - 1
		}
		if dead(l.StateAt(now, warn)) {
			at += half
		}
		return at
	})
}

func byState(env *screen.Env) []int64 {
	now, warn := env.Board.Now, env.Board.Policy.WarnBefore
	return byLife(env.Board, func(l keystore.Life) int64 { return int64(slices.Index(keystore.States[:], l.StateAt(now, warn))) })
}

// sort returns the places of the board's keys in order.
func (o order) sort(env *screen.Env, reverse bool) []int32 {
	rows := slices.Clone(env.Board.ByName)
	down := o.descending(reverse)
	if o.numbers == nil {
		if down {
			slices.Reverse(rows)
		}
		return rows
	}
	return rank.By(rows, o.numbers(env), down)
}

// descending reports which way the column's values run.
func (o order) descending(reverse bool) bool { return reverse != o.newest }
