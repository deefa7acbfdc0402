package verify

import (
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// What strangers may cost: refused attempts that are kept apart in an hour,
// and records that wait for a store which cannot be written.
const (
	mostStrangers = 1024
	mostPending   = 8192
)

// recorder collects uses between two batches.
type recorder struct {
	fingerprint func(string) string
	refusedBy   [outcomes]atomic.Uint64 // requests without a proven secret

	mu      sync.Mutex
	queue   []*entry          // with something to take
	notable []keystore.Use    // for the journal
	pending keystore.UseBatch // of a batch that could not be written
	done    [outcomes]uint64  // taken so far
	hour    int64
	seen    map[stranger]struct{} // refused attempts of this hour
}

// stranger tells refused attempts apart: by network, because an attacker has
// as many addresses as he likes.
type stranger struct {
	outcome keystore.Outcome
	network netip.Prefix
	secret  token.ID
}

func newRecorder(fingerprint func(string) string) *recorder {
	return &recorder{fingerprint: fingerprint, seen: map[stranger]struct{}{}}
}

// proven counts a use of a proven secret.
func (r *recorder) proven(e *entry, req *Request, d *Decision) {
	isNew := e.count(d.Outcome.Index(), &req.Caller, d.Time)
	if !e.queued.Load() && e.queued.CompareAndSwap(false, true) {
		r.mu.Lock()
		r.queue = append(r.queue, e)
		r.mu.Unlock()
	}
	if isNew {
		r.note(keystore.Use{
			Sighting: keystore.Sighting{Time: d.Time.UTC(), Caller: bounded(&req.Caller)},
			Outcome:  d.Outcome, Key: e.subject.Key, Ref: e.subject.Ref(), Secret: e.id,
			Reason: reason(e, req, d),
		})
	}
}

// reason says why a proven secret was refused.
func reason(e *entry, req *Request, d *Decision) string {
	for c := range checks {
		if asked[c].outcome == d.Outcome {
			return c.say(e, req, false)
		}
	}
	return ""
}

// refused counts a request that proved nothing; e is the entry whose id it
// named, if any.
func (r *recorder) refused(e *entry, req *Request, d *Decision) {
	r.refusedBy[d.Outcome.Index()].Add(1)
	s := stranger{d.Outcome, Network(req.Caller.IP), d.Secret}
	if !r.meet(s, d.Time) {
		return
	}
	u := keystore.Use{
		Sighting: keystore.Sighting{Time: d.Time.UTC(), Caller: bounded(&req.Caller)},
		Outcome:  d.Outcome, Secret: d.Secret, Fingerprint: r.fingerprint(req.Key),
	}
	if e != nil {
		u.Key, u.Ref = e.subject.Key, e.subject.Ref()
	}
	r.note(u)
}

// meet reports whether a refused attempt is the first of its kind this hour.
func (r *recorder) meet(s stranger, at time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if hour := at.Unix() / 3600; newHour(hour, r.hour) {
		r.hour = hour
		clear(r.seen)
	}
	if _, ok := r.seen[s]; ok || len(r.seen) >= mostStrangers {
		return false
	}
	r.seen[s] = struct{}{}
	return true
}

func (r *recorder) note(u keystore.Use) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.notable) < mostPending {
		r.notable = append(r.notable, u)
	}
}

// take returns what was seen since the last batch, with what an earlier one
// could not write.
func (r *recorder) take() keystore.UseBatch {
	r.mu.Lock()
	queue, batch := r.queue, r.pending
	batch.Notable = append(batch.Notable, r.notable...)
	r.queue, r.notable, r.pending = nil, nil, keystore.UseBatch{}
	r.mu.Unlock()
	if batch.Uses == nil {
		batch.Uses = make(map[token.ID]keystore.Uses, len(queue))
	}
	var sum [outcomes]uint64
	for _, e := range queue {
		e.queued.Store(false)
		u := e.take()
		sum[okIndex] += u.OK
		for o, n := range u.Denied {
			sum[o.Index()] += n
		}
		batch.Uses[e.id] = batch.Uses[e.id].Add(u)
	}
	r.mu.Lock()
	for i, n := range sum {
		r.done[i] += n
	}
	r.mu.Unlock()
	return batch
}

// putBack keeps a batch that could not be written for the next one. Another
// one may have been put back meanwhile.
func (r *recorder) putBack(b keystore.UseBatch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, u := range r.pending.Uses {
		b.Uses[id] = b.Uses[id].Add(u)
	}
	b.Notable = append(b.Notable, r.pending.Notable...)
	b.Notable = b.Notable[:min(len(b.Notable), mostPending)]
	r.pending = b
}

// totals returns the number of requests by outcome up to the last batch, and
// of refused ones up to now.
func (r *recorder) totals() [outcomes]uint64 {
	r.mu.Lock()
	sum := r.done
	r.mu.Unlock()
	for i := range r.refusedBy {
		sum[i] += r.refusedBy[i].Load()
	}
	return sum
}

// Network returns the network that an address is taken for when failures are
// counted: /24 for IPv4, /64 for IPv6, the smallest blocks that commonly
// belong to one customer.
func Network(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := 24
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits)
	return p
}

// clean returns a copy of at most mostText bytes of s that can be stored and
// shown: valid UTF-8, with U+FFFD for what a terminal would obey or hide.
func clean(s string) string {
	s = s[:min(len(s), 4*mostText)]
	s = strings.Map(func(c rune) rune {
		if unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) {
			return utf8.RuneError
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
	n := min(len(s), mostText)
	for n < len(s) && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.Clone(s[:n])
}
