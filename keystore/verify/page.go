package verify

import (
	"net/netip"
	"sync/atomic"

	"github.com/pakdeck/pakdeck/keystore"
)

const (
	setCells  = 8 // fill a cache line
	apartSets = 8
	placeSets = 16
)

// set is where a fingerprint may have its cell: most often in one certain
// place.
type set [setCells]cell

// hit counts a use if there is a cell for it. If not, it reports whether none
// could be had.
func (s *set) hit(u use) (counted, full bool) {
	cells := s.of(u.outcome)
	if cells[u.home(cells)].hit(u) {
		return true, false
	}
	full = true
	for i := range cells {
		w := cells[i].word.Load()
		if u.same(w) {
			return cells[i].hit(u), false
		}
		full = full && w != 0
	}
	return false, full
}

// free returns a cell that is nobody's, or nil.
func (s *set) free(u use) *cell {
	cells := s.of(u.outcome)
	if x := &cells[u.home(cells)]; x.word.Load() == 0 {
		return x
	}
	for i := range cells {
		if cells[i].word.Load() == 0 {
			return &cells[i]
		}
	}
	return nil
}

// of returns the cells that uses with an outcome may have: refused ones half
// of them, so that they leave some to the accepted ones.
func (s *set) of(outcome int) []cell {
	if outcome != okIndex {
		return s[:setCells/2]
	}
	return s[:]
}

// page holds the cells of an hour for those who have none near.
type page struct {
	hour   int64
	apart  [apartSets]set  // of callers
	places [placeSets]set  // of addresses of the callers beyond those
	rest   [outcomes]cell  // of all who are beyond those
	newest [2]atomic.Int64 // when one of those beyond came last, by class
}

// millis returns the time of a use within its hour.
func (u use) millis() int64 { return int64(u.word >> countBits & timeMask) }

// class divides the uses into accepted and refused ones.
func (u use) class() int { return min(u.outcome, 1) }

// The lowest bit of a fingerprint is always set; the others say where it is.
func (u use) home(cells []cell) int { return int(u.word >> (printAt + 1) % uint64(len(cells))) }
func (u use) apart(p *page) *set    { return &p.apart[u.word>>(printAt+4)%apartSets] }
func (u use) place(p *page) *set    { return &p.places[u.word>>(printAt+4)%placeSets] }

// by returns the use as one with another fingerprint.
func (u use) by(fp uint64) use {
	u.word = fp<<printAt | u.word&(1<<printAt-1)
	return u
}

// from returns the use as one by anybody at an address.
func (u use) from(a netip.Addr) use {
	return u.by(seal(salts[2] ^ mixIP(a) ^ uint64(u.hour)<<8 ^ uint64(u.outcome)))
}

// anybodys returns the use as one by anybody.
func (u use) anybodys() use { return u.by(1) }

// hit counts a use if there is a cell for it.
func (p *page) hit(u use, caller *keystore.Caller) bool {
	if p.hour != u.hour {
		return false
	}
	counted, full := u.apart(p).hit(u)
	if counted || !full {
		return counted
	}
	if u.millis() > p.newest[u.class()].Load() {
		return false // the details keep who came last
	}
	place := u.from(caller.IP)
	if counted, full = place.place(p).hit(place); counted || !full {
		return counted
	}
	return p.rest[u.outcome].hit(u.anybodys())
}
