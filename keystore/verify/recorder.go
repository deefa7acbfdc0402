package verify

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// mostPending bounds the records that wait for a store which cannot be written.
const mostPending = 8192

// recorder collects uses between two batches.
type recorder struct {
	fingerprint func(string) string
	refusedBy   [outcomes]atomic.Uint64 // requests without a proven secret

	mu      sync.Mutex
	queue   []*entry          // with something to take
	notable []keystore.Use    // for the journal
	pending keystore.UseBatch // of a batch that could not be written
	done    [outcomes]uint64  // taken so far
	strangers
	watching time.Time // since when it was not said that somebody counts; zero: nobody yet
}

func newRecorder(fingerprint func(string) string) *recorder {
	return &recorder{fingerprint: fingerprint, strangers: newStrangers()}
}

// proven counts a use of a proven secret at a time in Unix ms.
func (r *recorder) proven(e *entry, req *Request, d *Decision, now int64) {
	outcome := okIndex
	if d.Outcome != keystore.OK { // most are, and to ask is quicker than to look up
		outcome = d.Outcome.Index()
	}
	if req.Scope != "" && outcome == okIndex {
		e.demand(req, now)
	}
	isNew := e.count(outcome, &req.Caller, now)
	if !e.queued.Load() {
		r.enqueue(e)
	}
	if isNew {
		r.noteProven(e, req, d)
	}
}

// enqueue remembers that there is something to take from e.
func (r *recorder) enqueue(e *entry) {
	if e.queued.CompareAndSwap(false, true) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.queue = append(r.queue, e)
	}
}

func (r *recorder) noteProven(e *entry, req *Request, d *Decision) {
	r.note(keystore.Use{
		Sighting: keystore.Sighting{Time: d.Time.UTC(), Caller: bounded(&req.Caller)},
		Outcome:  d.Outcome, Key: e.subject.Key, Ref: e.subject.Ref(), Secret: e.id,
		Reason: reason(e, req, d),
	})
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
	r.mu.Lock()
	isNew := r.strangers.count(e != nil, &req.Caller, d)
	r.mu.Unlock()
	if !isNew {
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

func (r *recorder) note(u keystore.Use) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.notable) < mostPending {
		r.notable = append(r.notable, u)
	}
}

// watchEvery is how often it is recorded that somebody counts while there is
// nothing to count.
const watchEvery = time.Minute

// watch begins to count: silence from now on means that nobody came.
func (r *recorder) watch(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watching = now
}

// watched returns the time since the last call, or nothing if there is no
// need to say so yet. A machine that slept and a clock that was set move one
// clock and not the other; then only now is sure.
func (r *recorder) watched(now time.Time, busy bool) keystore.Span {
	since := r.watching
	passed := now.Sub(since)
	if since.IsZero() || !busy && passed >= 0 && passed < watchEvery {
		return keystore.Span{}
	}
	r.watching = now
	if wall := now.Round(0).Sub(since.Round(0)); passed < 0 || (wall-passed).Abs() > watchEvery {
		since = now
	}
	return keystore.Span{From: since, To: now}
}

// take returns what was seen since the last batch, with what an earlier one
// could not write. It says since when somebody counts if there is need to, and
// always with the last batch.
func (r *recorder) take(now time.Time, last bool) keystore.UseBatch {
	r.mu.Lock()
	queue, batch := r.queue, r.pending
	batch.Notable = append(batch.Notable, r.notable...)
	if batch.Uses == nil {
		batch.Uses = make(map[token.ID]keystore.Uses, len(queue))
		batch.Tallies = make(map[keystore.Tally]keystore.Count, len(queue))
		batch.Demands = map[token.ID][]keystore.Scope{}
	}
	r.strangers.take(batch.Tallies)
	batch.Watched = join(batch.Watched, r.watched(now, last || len(queue) > 0 || !batch.Empty()))
	r.queue, r.notable, r.pending = nil, nil, keystore.UseBatch{}
	r.mu.Unlock()
	var sum [outcomes]uint64
	for _, e := range queue {
		e.queued.Store(false)
		u := e.take(e.id, batch.Tallies)
		sum[okIndex] += u.OK
		for o, n := range u.Denied {
			sum[o.Index()] += n
		}
		batch.Uses[e.id] = batch.Uses[e.id].Add(u)
		if scopes := e.takeDemands(); len(scopes) > 0 {
			batch.Demands[e.id] = append(batch.Demands[e.id], scopes...)
		}
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
	for k, n := range r.pending.Tallies {
		tallies(b.Tallies).add(k, n)
	}
	for id, scopes := range r.pending.Demands {
		b.Demands[id] = append(b.Demands[id], scopes...)
	}
	b.Notable = append(b.Notable, r.pending.Notable...)
	b.Notable = b.Notable[:min(len(b.Notable), mostPending)]
	b.Watched = join(b.Watched, r.pending.Watched)
	r.pending = b
}

// join returns the span that holds both.
func join(a, b keystore.Span) keystore.Span {
	switch {
	case a.IsZero():
		return b
	case b.IsZero():
		return a
	}
	if b.From.Before(a.From) {
		a.From = b.From
	}
	if b.To.After(a.To) {
		a.To = b.To
	}
	return a
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
