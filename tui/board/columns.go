package board

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter"
)

// Columns are what lists are searched and sorted by, of all keys by their places.
// They are made where the store is read, so that a key press does not have to go
// through all that is known of each key.
type Columns struct {
	Search *filter.Index
	ByName []int32                // places in the order of the names, whatever their case
	Scopes map[keystore.Scope]int // how many keys have each

	// Numbers that put the keys in order.
	Owners  []int64 // by the place of the owner in Users; -1: it is not there
	Created []int64
	Secrets []int64 // by the id of the current one
	Seen    []int64 // 0: never
	Callers []int64 // by the address of the last use

	// What time alone changes, as of a time that is a minute ago at most.
	Expiry   []int64 // the next to end, those that never do, those that work no more
	States   []int64
	Ending   map[int64]int // how many keys end in each [Quarter] since 1970 that is not over
	Listed   int           // keys that are not revoked: those are history and do not count
	Expiring int
	aged     time.Time
}

// Arrange makes the columns. [Load] has done that; it is for pictures that are
// made by hand.
func (b *Board) Arrange() {
	b.Search = filter.NewIndex(b.Keys)
	b.ByName = make([]int32, len(b.Keys))
	for i := range b.ByName {
		b.ByName[i] = int32(i)
	}
	slices.SortFunc(b.ByName, func(i, j int32) int {
		return cmp.Or(strings.Compare(b.Search.Name(int(i)), b.Search.Name(int(j))), cmp.Compare(i, j))
	})
	place := make(map[keystore.UserID]int64, len(b.Users))
	for i, u := range b.Users {
		place[u.ID] = int64(i) + 1
	}
	b.Scopes, b.Created = b.Search.Scopes(b.Keys), b.Search.Created()
	n := len(b.Keys)
	b.Owners, b.Secrets = make([]int64, n), make([]int64, n)
	for i := range b.Keys {
		v := &b.Keys[i]
		id := v.Current().ID
		b.Owners[i] = place[v.User] - 1
		b.Secrets[i] = int64(binary.BigEndian.Uint64(id[:8]) >> 1)
	}
	b.arrangeUses()
	b.age()
}

// arrangeUses takes the columns that depend on uses.
func (b *Board) arrangeUses() {
	b.Seen, b.Callers = b.Search.Seen(), b.Search.Callers()
}

// Quarter is a quarter of an hour in milliseconds: days begin with one in every
// zone.
const Quarter = int64(15 * time.Minute / time.Millisecond)

// ages is how long what time changes is good for.
const ages = time.Minute

// age makes the columns that depend on the time.
func (b *Board) age() {
	const never, dead = math.MaxInt64/2 - 1, math.MaxInt64 / 2
	b.aged, b.Listed, b.Expiring = b.Now, 0, 0
	b.Expiry, b.States, b.Ending = make([]int64, len(b.Keys)), make([]int64, len(b.Keys)), map[int64]int{}
	for i := range b.Keys {
		life := b.Search.Life(i)
		state := life.StateAt(b.Now, b.Policy.WarnBefore)
		at, expires := life.Ends()
		switch {
		case !expires:
			at = never
		case at > b.Now.UnixMilli() && state != keystore.StateRevoked:
			b.Ending[at/Quarter]++
		}
		if !state.Works() && state != keystore.StatePending {
			at += dead
		}
		b.Expiry[i], b.States[i] = at, int64(slices.Index(keystore.States[:], state))
		if state == keystore.StateExpiring {
			b.Expiring++
		}
		if state != keystore.StateRevoked {
			b.Listed++
		}
	}
}
