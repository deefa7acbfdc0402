package keys

import (
	"encoding/binary"
	"math"
	"net/netip"
	"slices"

	"github.com/pakdeck/pakdeck/keystore"
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
	// numbers returns the function that gives a key of the board its number by
	// its place; nil is the order of the names.
	numbers func(env *screen.Env) func(i int) int64
}

// orders in the sequence in which they are cycled through.
var orders = [...]order{
	{name: "expires", column: colExpires, numbers: byExpiry},
	{name: "seen", column: colSeen, newest: true, numbers: plain(func(v *keystore.KeyView) int64 {
		if v.Uses.Last.Time.IsZero() {
			return 0
		}
		return v.Uses.Last.Time.UnixMilli()
	})},
	{name: "lint", column: colLint, newest: true, numbers: byFindings},
	{name: "name", column: colName},
	{name: "owner", column: colOwner, numbers: byOwner},
	{name: "state", column: colState, numbers: byState},
	{name: "created", column: colCreated, newest: true, numbers: plain(func(v *keystore.KeyView) int64 {
		return v.Created.UnixMilli()
	})},
	{name: "address", column: colAddress, numbers: plain(func(v *keystore.KeyView) int64 { return addressNumber(v.Uses.Last.IP) })},
	{name: "key", column: colSecret, numbers: plain(func(v *keystore.KeyView) int64 {
		id := v.Current().ID
		return int64(binary.BigEndian.Uint64(id[:8]) >> 1)
	})},
}

// orderNamed returns the place of an order in orders, or 0.
func orderNamed(name string) int {
	return max(0, slices.IndexFunc(orders[:], func(o order) bool { return o.name == name }))
}

// plain makes an order of a number that depends on the key alone.
func plain(number func(*keystore.KeyView) int64) func(*screen.Env) func(int) int64 {
	return func(env *screen.Env) func(int) int64 {
		keys := env.Board.Keys
		return func(i int) int64 { return number(&keys[i]) }
	}
}

// byExpiry puts the keys that work first, the next to expire on top and those
// that never do at the end, and then the keys that work no more.
func byExpiry(env *screen.Env) func(int) int64 {
	const half = math.MaxInt64 / 2
	search, now, warn := env.Board.Search, env.Board.Now, env.Board.Policy.WarnBefore
	return func(i int) int64 {
		life := search.Life(i)
		at, expires := life.Ends()
		if !expires {
			at = half - 1
		}
		if dead(life.StateAt(now, warn)) {
			at += half
		}
		return at
	}
}

func byState(env *screen.Env) func(int) int64 {
	search, now, warn := env.Board.Search, env.Board.Now, env.Board.Policy.WarnBefore
	return func(i int) int64 {
		return int64(slices.Index(keystore.States[:], search.Life(i).StateAt(now, warn)))
	}
}

// byFindings puts one error before any number of warnings.
func byFindings(env *screen.Env) func(int) int64 {
	keys, verdict := env.Board.Keys, env.Verdict
	return func(i int) int64 {
		c := verdict.CountsOf(string(keys[i].ID))
		return int64(c.Error)<<32 + int64(c.Warning)
	}
}

func byOwner(env *screen.Env) func(int) int64 {
	place := make(map[keystore.UserID]int64, len(env.Board.Users))
	for i, u := range env.Board.Users {
		place[u.ID] = int64(i)
	}
	keys := env.Board.Keys
	return func(i int) int64 { return place[keys[i].User] }
}

// addressNumber puts keys without an address first, then IPv4, then IPv6 by
// its first eight bytes, which is a network and enough.
func addressNumber(a netip.Addr) int64 {
	switch {
	case !a.IsValid():
		return -1
	case a.Is4():
		b := a.As4()
		return int64(binary.BigEndian.Uint32(b[:]))
	}
	b := a.As16()
	return int64(binary.BigEndian.Uint64(b[:8])>>1 | 1<<40)
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
	number, numbers := o.numbers(env), make([]int64, len(rows))
	for i := range numbers { // in the order in which they lie in memory
		numbers[i] = number(i)
	}
	return rank.By(rows, numbers, down)
}

// descending reports which way the column's values run.
func (o order) descending(reverse bool) bool { return reverse != o.newest }
