package verify

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"hash"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
)

const benchKeys = 100_000

// stocked returns a Verifier of benchKeys keys with address rules and scopes,
// and their key strings. Each was used once. It writes no store of that size:
// what is measured is in memory.
func stocked(b *testing.B) (*Verifier, []string) {
	b.Helper()
	f := newFixture(b)
	v, err := New(b.Context(), f.Store, Options{MaxStale: time.Hour})
	must(b, err)
	v.synced.Store(time.Now().UnixMilli())
	v.index.pepper = func(string) *token.Pepper { return testPepper }
	all := keystore.Changes{All: true, Users: []keystore.User{{ID: "u", Name: "bot", Admin: true}}}
	strings := make([]string, benchKeys)
	for i := range strings {
		strings[i] = stray(b)
		secret, err := token.Check(token.DefaultPrefix, strings[i])
		must(b, err)
		all.Keys = append(all.Keys, keystore.Key{
			ID: keystore.KeyID(fmt.Sprint(i)), User: "u", Scopes: []keystore.Scope{"chat:*"},
			Expires: time.Now().Add(time.Hour), Rules: iprule.Rules{Allow: prefixes("10.0.0.0/8", "192.168.0.0/16")},
			Secrets: []keystore.Secret{{ID: secret, Pepper: "p", Digest: testPepper.Digest(strings[i]), State: keystore.Current}},
		})
	}
	v.index.apply(all)
	for _, key := range strings {
		if d := v.Verify(benchRequest(key)); !d.OK() {
			b.Fatal(d.Outcome)
		}
	}
	return v, strings
}

func benchRequest(key string) Request { return Request{Key: key, Caller: benchCaller} }

var benchCaller = from("10.1.2.3")

// stride walks through the keys so that the next one is never near.
const stride = 7919

// hmacs are what the baseline computes with: made once, reset for each use.
var hmacs = sync.Pool{New: func() any { return &hmacState{mac: hmac.New(sha256.New, []byte("a pepper for tests"))} }}

type hmacState struct {
	mac     hash.Hash
	in, out []byte
}

// baseline is one HMAC-SHA-256 of a key string: what nobody can do without.
func baseline(key string) byte {
	s := hmacs.Get().(*hmacState)
	s.mac.Reset()
	s.in = append(s.in[:0], key...)
	_, _ = s.mac.Write(s.in)
	s.out = s.mac.Sum(s.out[:0])
	first := s.out[0]
	hmacs.Put(s)
	return first
}

// BenchmarkVerify compares a whole decision at 100,000 keys, every one of
// them out of the cache, with the HMAC in it. Both are measured in short
// turns, so that noise meets both, and the medians are reported; "ratio" is
// their quotient.
func BenchmarkVerify(b *testing.B) {
	v, keys := stocked(b)
	for _, c := range []struct {
		name  string
		scope keystore.Scope
	}{{"address rules", ""}, {"address rules and scope", "chat:read"}} {
		b.Run(c.name, func(b *testing.B) {
			for _, k := range keys { // the first demand of a day is written down
				v.Verify(Request{Key: k, Caller: benchCaller, Scope: c.scope})
			}
			paired(b, v, keys, c.scope)
		})
	}
	b.Run("one key", func(b *testing.B) { paired(b, v, keys[:1], "") })
	b.Run("malformed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			v.Verify(Request{Key: keys[0][:60], Caller: benchCaller})
		}
	})
}

// paired walks through keys, deciding on some and hashing some in turns.
func paired(b *testing.B, v *Verifier, keys []string, scope keystore.Scope) {
	b.ReportAllocs()
	var verifying, hashing []time.Duration
	const batch = 100
	n := 0
	next := func() string { n += stride; return keys[n%len(keys)] }
	for b.Loop() {
		began := time.Now()
		for range batch {
			if d := v.Verify(Request{Key: next(), Caller: benchCaller, Scope: scope}); !d.OK() {
				b.Fatal(d.Outcome)
			}
		}
		middle := time.Now()
		for range batch {
			baseline(next())
		}
		verifying = append(verifying, middle.Sub(began))
		hashing = append(hashing, time.Since(middle))
	}
	one, other := median(verifying), median(hashing)
	b.ReportMetric(one/batch, "ns/verify")
	b.ReportMetric(other/batch, "ns/hmac")
	b.ReportMetric(one/other, "ratio")
}

func median(list []time.Duration) float64 {
	slices.Sort(list)
	return float64(list[len(list)/2])
}

// BenchmarkParallel decides on all cores at once: on many keys, and on one
// key whose counters all of them share.
func BenchmarkParallel(b *testing.B) {
	v, keys := stocked(b)
	for _, c := range []struct {
		name string
		step int
	}{{"many keys", stride}, {"one key", 0}} {
		b.Run(c.name, func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for n := 0; pb.Next(); n += c.step {
					v.Verify(benchRequest(keys[n%benchKeys]))
				}
			})
		})
	}
}

// BenchmarkCounting compares a decision that is counted with one that is not,
// in short turns in one run, each of them first in every other round;
// "throughput" is how many of the one are made in the time of the other.
func BenchmarkCounting(b *testing.B) {
	counting, keys := stocked(b)
	quiet := &Verifier{prefix: counting.prefix, index: counting.index, opt: counting.opt}
	quiet.anchor.Store(counting.anchor.Load())
	quiet.synced.Store(counting.synced.Load())
	quiet.opt.Uncounted = true
	for _, c := range []struct {
		name    string
		keys    []string
		callers int
	}{{"many keys", keys, 1}, {"one key", keys[:1], 1}, {"8 callers of a key", keys[1:2], 8}, {"50 callers of a key", keys[2:3], 50}, {"1000 callers of a key", keys[3:4], 1000}} {
		b.Run(c.name, func(b *testing.B) {
			callers := someCallers(c.callers)
			with, without := walker{v: counting, keys: c.keys, callers: callers}, walker{v: quiet, keys: c.keys, callers: callers}
			for first := true; b.Loop(); first = !first {
				if first {
					with.walk(b)
				}
				without.walk(b)
				if !first {
					with.walk(b)
				}
			}
			on, off := median(with.took), median(without.took)
			b.ReportMetric(on/walked, "ns/counted")
			b.ReportMetric(off/walked, "ns/uncounted")
			b.ReportMetric(off/on, "throughput")
		})
	}
}

func someCallers(n int) []keystore.Caller {
	list := make([]keystore.Caller, n)
	for i := range list {
		list[i] = benchCaller
		if i > 0 {
			list[i] = from(fmt.Sprintf("10.%d.%d.4", i>>8, i&255))
		}
	}
	return list
}

const walked = 200

// walker decides on keys and remembers how long each walk took.
type walker struct {
	v       *Verifier
	keys    []string
	callers []keystore.Caller
	n       int
	took    []time.Duration
}

// walk decides on so many keys, none of them near the one before.
func (w *walker) walk(b *testing.B) {
	began := time.Now()
	for range walked {
		w.n += stride
		d := w.v.Verify(Request{Key: w.keys[w.n%len(w.keys)], Caller: w.callers[w.n%len(w.callers)]})
		if !d.OK() {
			b.Fatal(d.Outcome)
		}
	}
	w.took = append(w.took, time.Since(began))
}
