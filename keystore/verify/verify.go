// Package verify decides on presented key strings.
//
// A [Verifier] keeps an index of all secrets in memory. [Verifier.Run]
// follows the store: a key that any process revokes is refused within 100 ms.
// It counts uses in memory and writes them to the store once a second.
// [Verifier.Verify] does no I/O; for a proven secret from a caller who was
// seen in this hour it takes no lock and allocates nothing.
//
// It fails closed. When the store could not be read for longer than
// [Options.MaxStale], a revocation may have been missed, and every request is
// [Unavailable] until it can be read again.
//
// The order of the checks is fixed: shape and checksum, id, HMAC in constant
// time, and only then what is known of the key. Who lacks the secret cannot
// tell an unknown id from a wrong secret, neither by the answer nor by its
// time.
package verify

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Unavailable is the outcome of a request that cannot be decided because the
// store could not be read for too long. It is never counted.
const Unavailable keystore.Outcome = "unavailable"

// Request is one presented key string and where it came from.
type Request struct {
	Key    string           // as presented; it is never kept
	Caller keystore.Caller  // an invalid IP meets no allow list
	Scope  keystore.Scope   // "" demands no scope
	More   []keystore.Scope // further scopes; all are demanded
}

// Decision is the answer to a Request.
type Decision struct {
	Outcome keystore.Outcome
	// Secret is the public id in the string, zero if it has not the shape of
	// a key string.
	Secret token.ID
	// Subject is whose key it is: nil unless the secret was proven.
	Subject *Subject
	Time    time.Time
}

// OK reports whether the request may pass.
func (d Decision) OK() bool { return d.Outcome == keystore.OK }

// Options set up a Verifier. The zero value is ready for use.
type Options struct {
	// MaxStale is how long decisions are made without having been able to
	// read the store. Default 10 s.
	MaxStale time.Duration
	// FlushEvery is how often uses are written. Default 1 s.
	FlushEvery time.Duration
	// Record writes a batch of uses. Default: the store's RecordUses, which
	// keeps sums; audit/usage has one that keeps hours and callers too.
	Record func(context.Context, keystore.UseBatch) error
	// Uncounted makes it decide only: uses are neither counted nor recorded.
	// It is for a store that this process may not write.
	Uncounted bool
	// Now replaces time.Now.
	Now func() time.Time
	// Warn receives what went wrong in the background, Info that it is well
	// again.
	Warn func(error)
	Info func(string)
}

func (o Options) withDefaults(st *keystore.Store) Options {
	if o.MaxStale == 0 {
		o.MaxStale = 10 * time.Second
	}
	if o.FlushEvery == 0 {
		o.FlushEvery = time.Second
	}
	if o.Record == nil {
		o.Record = func(ctx context.Context, b keystore.UseBatch) error { return st.RecordUses(ctx, b) }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Warn == nil {
		o.Warn = func(error) {}
	}
	if o.Info == nil {
		o.Info = func(string) {}
	}
	return o
}

// Verifier decides on key strings of one store. Its methods may be called
// from several goroutines.
type Verifier struct {
	store    *keystore.Store
	prefix   string
	opt      Options
	index    *index
	ownClock bool // Options.Now was given
	anchor   atomic.Pointer[time.Time]
	synced   atomic.Int64      // when the store was last read, Unix ms
	position keystore.Position // what sync has read
	known    *follow.Verifier  // nil unless Run runs
	follows  chan struct{}     // closed once Run follows the store
	started  sync.Once
	uses     *recorder
	blind    bool // the store could not be read; of Run alone, like mute
	mute     bool // uses could not be written
}

// New reads the store and returns a Verifier. It serves decisions at once,
// but follows changes and records uses only while [Verifier.Run] runs.
func New(ctx context.Context, st *keystore.Store, o Options) (*Verifier, error) {
	v := &Verifier{ownClock: o.Now != nil, store: st, prefix: st.Prefix(), opt: o.withDefaults(st), follows: make(chan struct{})}
	v.index = newIndex(st.Pepper)
	v.uses = newRecorder(st.Fingerprint)
	if err := v.sync(ctx); err != nil {
		return nil, fmt.Errorf("reading the store: %w", err)
	}
	return v, nil
}

// Following returns a channel that is closed once [Verifier.Run] follows the
// store, and whoever changes it can know that there is this verifier.
func (v *Verifier) Following() <-chan struct{} { return v.follows }

// Verify decides on a request and counts the use.
func (v *Verifier) Verify(req Request) Decision {
	d := Decision{Time: v.now()}
	if v.stale(d.Time) {
		d.Outcome = Unavailable
		return d
	}
	e, proven := v.prove(&req, &d)
	if !proven {
		if !v.opt.Uncounted {
			v.uses.refused(e, &req, &d)
		}
		return d
	}
	d.Subject = e.subject
	now := d.Time.UnixMilli()
	d.Outcome = judge(e, &req, now)
	if !v.opt.Uncounted {
		v.uses.proven(e, &req, &d, now)
	}
	return d
}

// prove finds the secret that the request names and reports whether the
// request holds it; if not, the outcome is set.
//
// The HMAC is computed under the usual pepper before the look-up: so an
// unknown id takes as long as a wrong secret, and what the look-up reads has
// arrived when it is needed.
func (v *Verifier) prove(req *Request, d *Decision) (*entry, bool) {
	expected := v.index.expect(v.prefix, req.Key)
	id, err := token.Check(v.prefix, req.Key)
	if err != nil {
		d.Outcome = keystore.Malformed
		return nil, false
	}
	d.Secret = id
	expected.fetch()
	pepper := v.index.usual.Load()
	digest := pepper.Digest(req.Key)
	e := v.index.get(id)
	if e == nil {
		d.Outcome = keystore.Unknown
		return nil, false
	}
	if e.pepper != pepper {
		digest = e.pepper.Digest(req.Key)
	}
	if !digest.Equal(e.digest) {
		d.Outcome = keystore.WrongSecret
		return e, false
	}
	return e, true
}

// now returns the time for a decision: the wall clock as it was at the last
// look at the store, at most a moment ago, and the monotonic clock since.
// Asking for both at every request costs as much as the rest of the judging.
func (v *Verifier) now() time.Time {
	if v.ownClock {
		return v.opt.Now()
	}
	anchor := v.anchor.Load()
	return anchor.Add(time.Since(*anchor))
}

// Ready reports why decisions cannot be made now, or nil.
func (v *Verifier) Ready() error {
	now := v.opt.Now()
	if v.stale(now) {
		return fmt.Errorf("the store could not be read for %v", now.Sub(v.Synced()).Abs().Round(time.Second))
	}
	return nil
}

// stale reports whether the store was last read too long ago. A reading from
// the future is one too: the clock was set back, and how old it is cannot be
// told.
func (v *Verifier) stale(now time.Time) bool {
	age := now.UnixMilli() - v.synced.Load()
	most := v.opt.MaxStale.Milliseconds()
	return age > most || age < -most
}

// Synced returns when the store was last read, in milliseconds.
func (v *Verifier) Synced() time.Time { return time.UnixMilli(v.synced.Load()) }

// Prefix returns the first word of the key strings that the Verifier knows.
func (v *Verifier) Prefix() string { return v.prefix }

// Len returns the number of secrets in the index, retired ones included.
func (v *Verifier) Len() int { return v.index.len() }

// Counts returns how many requests were decided since the start, by the index
// of the outcome in keystore.Outcomes.
func (v *Verifier) Counts() [len(keystore.Outcomes)]uint64 { return v.uses.totals() }
