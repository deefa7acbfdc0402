package verify

import (
	"sync/atomic"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// A caller is told from another by address, agent and route. Of each secret so
// many callers an hour, a few less if chance wills it, have a cell to be
// counted in, refused ones at most half of them; the others share one by
// address, and what is beyond those, one by outcome.
const (
	mostCallers = 1 + setCells + apartSets*setCells
	mostPlaces  = placeSets * setCells
	mostMet     = 2 * (mostCallers + mostPlaces + outcomes) // of an hour and the one before
)

// outcomes is the number of outcomes that are counted.
const outcomes = len(keystore.Outcomes)

// okIndex is that of keystore.OK in keystore.Outcomes.
const okIndex = 0

// cell counts the uses by one caller with one outcome in one hour. Who it is,
// when it came last and how often stand in one word, so a cell can be given to
// another caller at any time, no use is ever counted for the wrong one, and a
// use is one exchange.
type cell struct{ word atomic.Uint64 } // 0: free

// The parts of the word of a cell, the highest first.
const (
	countBits = 10 // of uses; when they are full the details count on
	timeBits  = 22 // of milliseconds in the hour
	printBits = 32 // of the fingerprint of caller, outcome and hour
	countMask = 1<<countBits - 1
	timeMask  = 1<<timeBits - 1
	printAt   = countBits + timeBits
)

const hourMillis = uint64(time.Hour / time.Millisecond)

// use is one use that is being counted.
type use struct {
	word    uint64 // of a cell without a count
	outcome int
	hour    int64 // since 1970
}

func (u use) time() time.Time { return timeIn(u.hour, u.word) }

// timeIn returns the time in a word, which is of an hour.
func timeIn(hour int64, word uint64) time.Time {
	return time.Unix(hour*3600, 0).Add(time.Duration(word>>countBits&timeMask) * time.Millisecond).UTC()
}

// same reports whether a word is of the same caller, outcome and hour.
func (u use) same(word uint64) bool { return word>>printAt == u.word>>printAt }

// hit counts a use if the cell is the caller's and not full.
func (c *cell) hit(u use) bool {
	for {
		w := c.word.Load()
		if !u.same(w) || w&countMask == countMask {
			return false
		}
		if c.word.CompareAndSwap(w, u.word|(w&countMask+1)) {
			return true
		}
	}
}

// counters hold what was seen of a secret since the last batch. A use by a
// caller who was seen in this hour is one exchange; whatever else happens goes
// to the details, which are made at the first use.
type counters struct {
	more   atomic.Pointer[details]
	queued atomic.Bool // is in the recorder's list
	first  cell        // ends the entry's second cache line
	near   set         // the third
}

func (c *counters) details() *details {
	if d := c.more.Load(); d != nil {
		return d
	}
	c.more.CompareAndSwap(nil, new(details))
	return c.more.Load()
}

// count adds a use at a time in Unix ms and reports whether its caller is new
// in this hour.
func (c *counters) count(outcome int, caller *keystore.Caller, ms int64) (isNew bool) {
	at := uint64(max(0, ms))
	hour := int64(at / hourMillis)
	u := use{fingerprint(caller, outcome, hour)<<printAt | at%hourMillis<<countBits, outcome, hour}
	if c.first.hit(u) {
		return false
	}
	if counted, _ := c.near.hit(u); counted {
		return false
	}
	d := c.details()
	if p := d.page.Load(); p != nil && p.hit(u, caller) {
		return false
	}
	return d.meet(c, caller, u)
}
