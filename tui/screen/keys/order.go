package keys

import (
	"slices"

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
	{name: "expires", column: colExpires, numbers: func(env *screen.Env) []int64 { return env.Board.Expiry }},
	{name: "seen", column: colSeen, newest: true, numbers: func(env *screen.Env) []int64 { return env.Board.Seen }},
	{name: "lint", column: colLint, newest: true, numbers: func(env *screen.Env) []int64 { return env.Verdict.Weights(env.Board) }},
	{name: "name", column: colName},
	{name: "owner", column: colOwner, numbers: func(env *screen.Env) []int64 { return env.Board.Owners }},
	{name: "state", column: colState, numbers: func(env *screen.Env) []int64 { return env.Board.States }},
	{name: "created", column: colCreated, newest: true, numbers: func(env *screen.Env) []int64 { return env.Board.Created }},
	{name: "address", column: colAddress, numbers: func(env *screen.Env) []int64 { return env.Board.Callers }},
	{name: "key", column: colSecret, numbers: func(env *screen.Env) []int64 { return env.Board.Secrets }},
}

// orderNamed returns the place of an order in orders, or 0.
func orderNamed(name string) int {
	return max(0, slices.IndexFunc(orders[:], func(o order) bool { return o.name == name }))
}

// sort returns the places of the board's keys in order.
func (o order) sort(env *screen.Env, reverse bool) []int32 {
	rows, down := env.Board.ByName, o.descending(reverse)
	switch {
	case o.numbers != nil:
		return rank.By(rows, o.numbers(env), down)
	case down:
		rows = slices.Clone(rows)
		slices.Reverse(rows)
	}
	return rows
}

// descending reports which way the column's values run.
func (o order) descending(reverse bool) bool { return reverse != o.newest }
