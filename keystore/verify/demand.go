package verify

import (
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// demanded are the scopes that accepted uses of a secret needed on a day. It is
// replaced, never changed, so a look at it takes no lock.
type demanded struct {
	day    int64 // since 1970, UTC
	scopes []keystore.Scope
}

// holds reports whether there is nothing to add for a request.
func (d *demanded) holds(req *Request, day int64) bool {
	if d == nil || d.day != day || !slices.Contains(d.scopes, req.Scope) {
		return d != nil && d.day == day && d.full()
	}
	for _, s := range req.More {
		if !slices.Contains(d.scopes, s) && !d.full() {
			return false
		}
	}
	return true
}

// full reports whether no more is kept: one scope beyond what the store keeps
// tells it that there are more.
func (d *demanded) full() bool { return len(d.scopes) > keystore.MostDemands }

// demand remembers which scopes an accepted use needed, once a day for each.
func (c *counters) demand(req *Request, ms int64) {
	d, day := c.details(), max(0, ms)/(24*time.Hour).Milliseconds()
	if d.demanded.Load().holds(req, day) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	next := demanded{day: day}
	if old := d.demanded.Load(); old != nil && old.day == day {
		next.scopes = slices.Clone(old.scopes)
	}
	for _, s := range append([]keystore.Scope{req.Scope}, req.More...) {
		if !next.full() && !slices.Contains(next.scopes, s) {
			s = keystore.Scope(strings.Clone(string(s))) // not to hold on to the request
			next.scopes, d.fresh = append(next.scopes, s), append(d.fresh, s)
		}
	}
	d.demanded.Store(&next)
}

// takeDemands returns the scopes that were not taken yet.
func (c *counters) takeDemands() []keystore.Scope {
	d := c.more.Load()
	if d == nil || d.demanded.Load() == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	fresh := d.fresh
	d.fresh = nil
	return fresh
}
