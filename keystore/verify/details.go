package verify

import (
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
	page atomic.Pointer[page] // nil while the near cells are enough

	mu    sync.Mutex
	hour  int64             // that the cells are of
	met   []met             // of this hour and the last one
	first keystore.Sighting // first accepted use in this process
	seen  latest

	demanded atomic.Pointer[demanded]
	fresh    []keystore.Scope // demanded, and not taken yet
}

// met is a caller, or who is counted together, with an outcome in an hour.
type met struct {
	use
	caller keystore.Caller
	beyond bool  // it stands for callers who are not told apart
	cell   *cell // nil: the hour is over
	first  time.Time
	// What is no longer in the cell.
	n    uint64
	last time.Time
}

func (m *met) add(n uint64, last time.Time) {
	if n == 0 {
		return
	}
	m.n += n
	if last.After(m.last) {
		m.last = last
	}
}

// drain empties the cell.
func (m *met) drain() {
	if m.cell != nil {
		w := m.cell.word.And(^uint64(countMask))
		m.add(w&countMask, timeIn(m.hour, w))
	}
}

// end empties the cell and gives it up.
func (m *met) end() {
	if m.cell != nil {
		w := m.cell.word.Swap(0)
		m.add(w&countMask, timeIn(m.hour, w))
		m.cell = nil
	}
}

// latest are the last uses by callers who are not told apart.
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

// meet counts a use for which no cell was found, and reports whether its
// caller is new in this hour and told apart.
func (d *details) meet(c *counters, caller *keystore.Caller, u use) (isNew bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if newHour(u.hour, d.hour) {
		d.turn(u.hour)
	}
	if d.again(u) { // somebody was quicker, the cell is full, or the hour is over
		return false
	}
	m := met{use: u, caller: bounded(caller), first: u.time()}
	if u.outcome == okIndex && d.first.Time.IsZero() {
		d.first = keystore.Sighting{Time: m.first, Caller: m.caller}
	}
	if u.hour != d.hour {
		return d.late(m)
	}
	if m.cell = d.room(c, u); m.cell != nil {
		d.keep(m)
		return true
	}
	d.seen.see(keystore.Sighting{Time: m.first, Caller: m.caller}, u.outcome)
	d.together(m)
	return false
}

// keep begins to count a met with its first use.
func (d *details) keep(m met) {
	if m.cell == nil {
		m.add(1, m.first)
	} else {
		m.cell.word.Store(m.word | 1)
	}
	d.met = append(d.met, m)
}

// again counts a use by who was met, if he was.
func (d *details) again(u use) bool {
	m := d.find(u)
	if m == nil {
		return false
	}
	for m.cell != nil && !m.cell.hit(u) {
		m.drain()
	}
	if m.cell == nil {
		m.add(1, u.time())
	}
	return true
}

func (d *details) find(u use) *met {
	for i := range d.met {
		if m := &d.met[i]; u.same(m.word) && m.outcome == u.outcome && m.hour == u.hour {
			return m
		}
	}
	return nil
}

// late counts the first use of a caller in an hour that is over, and reports
// whether it is told apart: a clock may be set back for long.
func (d *details) late(m met) (isNew bool) {
	if len(d.met) < mostMet {
		d.keep(m)
		return true
	}
	m.caller, m.beyond, m.use = keystore.Caller{}, true, m.anybodys()
	if !d.again(m.use) {
		d.keep(m)
	}
	return false
}

// turn begins another hour: all cells are free again. Who was met in the last
// one is remembered: requests that overlap the turn come in any order.
func (d *details) turn(hour int64) {
	for i := range d.met {
		d.met[i].end()
	}
	d.forget()
	d.hour = hour
	d.page.Store(nil)
}

// forget drops who was met before and has nothing left to be taken.
func (d *details) forget() {
	d.met = slices.DeleteFunc(d.met, func(m met) bool { return m.n == 0 && m.cell == nil && newHour(m.hour, d.hour) })
}

// room returns a free cell for a caller, or nil.
func (d *details) room(c *counters, u use) *cell {
	if u.outcome == okIndex && c.first.word.Load() == 0 {
		return &c.first
	}
	if x := c.near.free(u); x != nil {
		return x
	}
	p := d.page.Load()
	if p == nil {
		p = &page{hour: u.hour}
		d.page.Store(p)
	}
	return u.apart(p).free(u)
}

// together counts the first use of a caller who is not told apart: by address
// if there is a cell for it, or else with all the others.
func (d *details) together(m met) {
	p := d.page.Load()
	p.newest[m.class()].Store(m.millis())
	all := m.anybodys()
	m.use, m.beyond = m.from(m.caller.IP), true
	m.caller = keystore.Caller{IP: m.caller.IP, Agent: keystore.Several, Route: keystore.Several}
	if d.again(m.use) {
		return
	}
	if m.cell = m.place(p).free(m.use); m.cell == nil {
		m.use, m.caller, m.cell = all, keystore.Caller{}, &p.rest[m.outcome]
		if d.again(all) {
			return
		}
	}
	d.keep(m)
}

// take returns and forgets the counts since the last batch, and adds them to
// tallies. First stays: the store keeps the earliest anyway.
func (c *counters) take(id token.ID, tallies tallies) keystore.Uses {
	d := c.details()
	d.mu.Lock()
	defer d.mu.Unlock()
	u, seen := keystore.Uses{First: d.first}, d.seen
	for i := range d.met {
		m := &d.met[i]
		if m.drain(); m.n == 0 {
			continue
		}
		addTo(&u, m.outcome, m.n)
		who := m.caller
		if !m.beyond {
			seen.see(keystore.Sighting{Time: m.last, Caller: m.caller}, m.outcome)
			who = who.Family()
		}
		tallies.add(keystore.Tally{Secret: id, Hour: m.hour, Outcome: keystore.Outcomes[m.outcome], Caller: who}, keystore.Count{N: m.n, First: m.first, Last: m.last})
		m.n = 0
	}
	d.forget()
	d.seen = latest{}
	u.Last, u.LastDenied = seen.ok, seen.denied
	if !u.LastDenied.Time.IsZero() {
		u.LastReason = keystore.Outcomes[seen.reason]
	}
	return u
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
