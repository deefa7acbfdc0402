package verify

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// A caller is told from another by address, agent and route. Of each secret,
// mostCallers an hour are kept apart; the rest are counted together.
const (
	mostCallers = 64
	recentSlots = 6 // fills the entry's last cache line
)

// outcomes is the number of outcomes that are counted.
const outcomes = len(keystore.Outcomes)

// mark is the last use of a kind: when, and the fingerprint of by whom.
type mark struct {
	at     atomic.Int64 // Unix ms; 0: none since the last batch
	caller atomic.Uint64
}

func (m *mark) set(at time.Time, caller uint64) {
	m.at.Store(at.UnixMilli())
	m.caller.Store(caller)
}

// counters hold what was seen of a secret since the last batch. An accepted
// use by a caller who was seen in this hour is a few atomic writes; whatever
// else happens goes to the details, which most keys never need.
type counters struct {
	more     atomic.Pointer[details]
	queued   atomic.Bool // is in the recorder's list
	begun    atomic.Bool // the first use is known
	accepted atomic.Uint64
	ok       mark
	recent   [recentSlots]atomic.Uint64 // fingerprints of callers already noted
}

// details are the part of the counters that is made at the first use.
type details struct {
	refused [outcomes]atomic.Uint64
	denied  mark
	reason  atomic.Int32 // outcome of denied, as an index

	mu      sync.Mutex
	first   keystore.Sighting // first accepted use in this process
	hour    int64
	callers map[uint64]keystore.Caller // of this hour
	before  map[uint64]keystore.Caller // of the hour before
}

func (c *counters) details() *details {
	if d := c.more.Load(); d != nil {
		return d
	}
	c.more.CompareAndSwap(nil, &details{})
	return c.more.Load()
}

var fingerprintSeed = maphash.MakeSeed()

// fingerprint tells callers apart within an hour and an outcome. It is never 0.
func fingerprint(c *keystore.Caller, outcome int, hour int64) uint64 {
	ip := c.IP.As16()
	h := maphash.Bytes(fingerprintSeed, ip[:])
	h = h*0x9e3779b97f4a7c15 ^ maphash.String(fingerprintSeed, c.Agent)
	h = h*0x9e3779b97f4a7c15 ^ maphash.String(fingerprintSeed, c.Route)
	h = (h ^ uint64(hour)<<8 ^ uint64(outcome)) * 0x9e3779b97f4a7c15
	return h ^ h>>29 | 1
}

// count adds a use and reports whether its caller is new in this hour.
func (c *counters) count(outcome int, caller *keystore.Caller, at time.Time) (isNew bool) {
	hour := at.Unix() / 3600
	fp := fingerprint(caller, outcome, hour)
	slot := &c.recent[(fp>>1)%recentSlots]
	if slot.Load() != fp {
		isNew, fp = c.details().meet(fp, caller, hour)
		slot.Store(fp)
	}
	if outcome != okIndex {
		d := c.details()
		d.refused[outcome].Add(1)
		d.reason.Store(int32(outcome))
		d.denied.set(at, fp)
		return isNew
	}
	c.accepted.Add(1)
	c.ok.set(at, fp)
	if !c.begun.Load() && c.begun.CompareAndSwap(false, true) {
		c.details().begin(caller, at)
	}
	return isNew
}

// begin keeps the first accepted use.
func (d *details) begin(caller *keystore.Caller, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.first = keystore.Sighting{Time: at, Caller: bounded(caller)}
}

const (
	okIndex  = 0          // of keystore.OK in keystore.Outcomes
	overflow = ^uint64(0) // stands for all callers beyond mostCallers
)

// newHour reports whether an hour begins anew. Requests that overlap the turn
// of the hour come in any order, so the hour before does not; a clock that
// was set back further does.
func newHour(hour, held int64) bool { return hour > held || hour < held-1 }

// meet remembers a caller. It returns the fingerprint under which the caller
// can be found again.
func (d *details) meet(fp uint64, caller *keystore.Caller, hour int64) (isNew bool, known uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.callers == nil || newHour(hour, d.hour) {
		d.hour, d.before, d.callers = hour, d.callers, make(map[uint64]keystore.Caller, 1)
	}
	if _, seen := d.callers[fp]; seen {
		return false, fp
	}
	if len(d.callers) >= mostCallers {
		d.callers[overflow] = bounded(caller)
		return false, overflow
	}
	d.callers[fp] = bounded(caller)
	return true, fp
}

// caller returns the caller of a fingerprint.
func (d *details) caller(fp uint64) keystore.Caller {
	d.mu.Lock()
	defer d.mu.Unlock()
	if k, ok := d.callers[fp]; ok {
		return k
	}
	return d.before[fp]
}

// mostText bounds what is kept of a caller's own words, in bytes.
const mostText = 256

// bounded returns a copy of a caller with texts of bounded length, which do
// not hold on to the request they came from.
func bounded(c *keystore.Caller) keystore.Caller {
	return keystore.Caller{IP: c.IP.Unmap().WithZone(""), Agent: clean(c.Agent), Route: clean(c.Route)}
}

// take returns and forgets the counts since the last batch. First stays: the
// store keeps the earliest anyway.
func (c *counters) take() keystore.Uses {
	u := keystore.Uses{OK: c.accepted.Swap(0)}
	d := c.details()
	for i := range d.refused {
		if n := d.refused[i].Swap(0); n > 0 {
			if u.Denied == nil {
				u.Denied = make(map[keystore.Outcome]uint64, 1)
			}
			u.Denied[keystore.Outcomes[i]] = n
		}
	}
	d.mu.Lock()
	u.First = d.first
	d.mu.Unlock()
	u.Last = d.sighting(&c.ok)
	u.LastDenied = d.sighting(&d.denied)
	if !u.LastDenied.Time.IsZero() {
		u.LastReason = keystore.Outcomes[d.reason.Load()]
	}
	return u
}

func (d *details) sighting(m *mark) keystore.Sighting {
	at := m.at.Swap(0)
	if at == 0 {
		return keystore.Sighting{}
	}
	return keystore.Sighting{Time: time.UnixMilli(at).UTC(), Caller: d.caller(m.caller.Load())}
}
