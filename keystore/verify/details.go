package verify

import (
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// details are the part of the counters that most uses do not need. Cells are
// given away and emptied under mu; adding to them needs no lock.
type details struct {
	far atomic.Pointer[[farCells]cell]

	mu    sync.Mutex
	met   []met // whose the cells are, near ones first
	gone  [8]uint64
	going int               // where the next one is written in gone
	first keystore.Sighting // first accepted use in this process
	spill map[spilled]keystore.Count
	latest
}

// met is the caller of a cell.
type met struct {
	caller  keystore.Caller
	outcome int
	hour    int64
	first   time.Time
	more    uint64 // what was counted when the cell was full
}

// spilled is what is counted together of callers without a cell.
type spilled struct {
	ip      netip.Addr // invalid: of all the others
	outcome int
	hour    int64
}

// mostSpilled bounds the addresses without a cell between two batches.
const mostSpilled = 128

// latest are the last uses by callers without a cell.
type latest struct {
	ok, denied keystore.Sighting
	reason     int
}

func (l *latest) see(s keystore.Sighting, outcome int) {
	if outcome == okIndex {
		if !s.Time.Before(l.ok.Time) {
			l.ok = s
		}
		return
	}
	if !s.Time.Before(l.denied.Time) {
		l.denied, l.reason = s, outcome
	}
}

// meet counts a use by a caller who was not found in a cell, and reports
// whether it is new in this hour.
func (d *details) meet(c *counters, caller *keystore.Caller, u use) (isNew bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := d.find(c, u.fp); i >= 0 {
		// Somebody was quicker, or the cell is full.
		x := d.cell(c, i)
		for !x.hit(u.fp, u.ms) {
			d.met[i].more += x.drain()
		}
		return false
	}
	who, at := bounded(caller), fromMillis(u.ms)
	if u.outcome == okIndex && d.first.Time.IsZero() {
		d.first = keystore.Sighting{Time: at, Caller: who}
	}
	i := d.room(c, u)
	if i < 0 {
		d.spillOver(spilled{who.IP, u.outcome, u.hour}, keystore.Count{N: 1, First: at, Last: at})
		d.see(keystore.Sighting{Time: at, Caller: who}, u.outcome)
		return false
	}
	d.met[i] = met{caller: who, outcome: u.outcome, hour: u.hour, first: at}
	x := d.cell(c, i)
	x.last.Store(u.ms)
	x.word.Store(u.fp<<countBits | 1)
	return !slices.Contains(d.gone[:], u.fp)
}

func (d *details) cell(c *counters, i int) *cell {
	if i < nearCells {
		return &c.near[i]
	}
	return &d.far.Load()[i-nearCells]
}

func (d *details) find(c *counters, fp uint64) int {
	for i := range d.met {
		if d.cell(c, i).word.Load()>>countBits == fp {
			return i
		}
	}
	return -1
}

// room returns a cell for a caller, or -1: one that nobody has yet, or else
// one of the hour that is farthest from this one.
func (d *details) room(c *counters, u use) int {
	old, denied := -1, 0
	for i := range d.met {
		m := &d.met[i]
		switch {
		case m.hour == u.hour && m.outcome != okIndex:
			denied++
		case m.hour != u.hour && (old < 0 || distance(m.hour, u.hour) > distance(d.met[old].hour, u.hour)):
			old = i
		}
	}
	if u.outcome != okIndex && denied >= mostCallers/2 {
		return -1
	}
	if old >= 0 && (old < nearCells || len(d.met) == mostCallers) {
		d.evict(c, old)
		return old
	}
	if len(d.met) == mostCallers {
		return -1
	}
	if len(d.met) == nearCells && d.far.Load() == nil {
		d.far.Store(new([farCells]cell))
	}
	d.met = append(d.met, met{})
	return len(d.met) - 1
}

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func distance(a, b int64) int64 { return max(a-b, b-a) }

// evict takes a cell from its caller. Requests that overlap the turn of the
// hour come in any order, so it is remembered for a while that it was met.
func (d *details) evict(c *counters, i int) {
	m, x := d.met[i], d.cell(c, i)
	d.gone[d.going%len(d.gone)] = x.word.Load() >> countBits
	d.going++
	n := x.free() + m.more
	if n == 0 {
		return
	}
	last := fromMillis(x.last.Load())
	d.spillOver(spilled{m.caller.IP, m.outcome, m.hour}, keystore.Count{N: n, First: m.first, Last: last})
	d.see(keystore.Sighting{Time: last, Caller: m.caller}, m.outcome)
}

func (d *details) spillOver(s spilled, n keystore.Count) {
	if d.spill == nil {
		d.spill = map[spilled]keystore.Count{}
	}
	if _, known := d.spill[s]; !known && len(d.spill) >= mostSpilled {
		s.ip = netip.Addr{}
	}
	d.spill[s] = d.spill[s].Add(n)
}

// take returns and forgets the counts since the last batch, and adds them to
// tallies. First stays: the store keeps the earliest anyway.
func (c *counters) take(id token.ID, tallies tallies) keystore.Uses {
	d := c.details()
	d.mu.Lock()
	defer d.mu.Unlock()
	u := keystore.Uses{First: d.first}
	var seen latest
	for i := range d.met {
		m, x := &d.met[i], d.cell(c, i)
		n := keystore.Count{N: x.drain() + m.more, First: m.first, Last: fromMillis(x.last.Load())}
		m.more = 0
		if n.N == 0 {
			continue
		}
		addTo(&u, m.outcome, n.N)
		seen.see(keystore.Sighting{Time: n.Last, Caller: m.caller}, m.outcome)
		tallies.add(keystore.Tally{Secret: id, Hour: m.hour, Outcome: keystore.Outcomes[m.outcome], Caller: m.caller.Family()}, n)
	}
	for s, n := range d.spill {
		addTo(&u, s.outcome, n.N)
		tallies.add(keystore.Tally{Secret: id, Hour: s.hour, Outcome: keystore.Outcomes[s.outcome], Caller: s.caller()}, n)
	}
	if !d.ok.Time.IsZero() {
		seen.see(d.ok, okIndex)
	}
	if !d.denied.Time.IsZero() {
		seen.see(d.denied, d.reason)
	}
	d.spill, d.latest = nil, latest{}
	u.Last, u.LastDenied = seen.ok, seen.denied
	if !u.LastDenied.Time.IsZero() {
		u.LastReason = keystore.Outcomes[seen.reason]
	}
	return u
}

func (s spilled) caller() keystore.Caller {
	if !s.ip.IsValid() {
		return keystore.Caller{}
	}
	return keystore.Caller{IP: s.ip, Agent: keystore.Several, Route: keystore.Several}
}

func addTo(u *keystore.Uses, outcome int, n uint64) {
	if outcome == okIndex {
		u.OK += n
		return
	}
	if u.Denied == nil {
		u.Denied = make(map[keystore.Outcome]uint64, 1)
	}
	u.Denied[keystore.Outcomes[outcome]] += n
}

// tallies are counts by hour and caller that wait for the store.
type tallies map[keystore.Tally]keystore.Count

// mostTallies bounds who is told apart while the store cannot be written.
const mostTallies = 1 << 17

func (t tallies) add(k keystore.Tally, n keystore.Count) {
	if _, known := t[k]; !known && len(t) >= mostTallies {
		k.Caller = keystore.Caller{}
	}
	t[k] = t[k].Add(n)
}
