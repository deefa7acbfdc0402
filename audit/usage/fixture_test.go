package usage

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// epoch is a Monday.
var epoch = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

var (
	one = token.ID([]byte("secret000001"))
	two = token.ID([]byte("secret000002"))
)

type fixture struct {
	*keystore.Store
	*Recorder
	*storetest.Clock
	t testing.TB
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	clock := storetest.At(epoch)
	st := storetest.New(t, keystore.WithClock(clock.Now))
	return &fixture{st, NewRecorder(st), clock, t}
}

// use is n uses of a secret by a caller.
type use struct {
	secret token.ID
	from   string
	o      keystore.Outcome
	at     time.Time
	n      uint64
}

func batch(uses ...use) keystore.UseBatch {
	b := keystore.UseBatch{Uses: map[token.ID]keystore.Uses{}, Tallies: map[keystore.Tally]keystore.Count{}}
	for _, u := range uses {
		k := keystore.Tally{Secret: u.secret, Hour: keystore.HourOf(u.at), Outcome: u.o, Caller: caller(u.from)}
		b.Tallies[k] = b.Tallies[k].Add(keystore.Count{N: u.n, First: u.at, Last: u.at})
		if u.o == keystore.OK {
			s := keystore.Sighting{Time: u.at, Caller: caller(u.from)}
			b.Uses[u.secret] = b.Uses[u.secret].Add(keystore.Uses{First: s, Last: s, OK: u.n})
		}
	}
	return b
}

// caller is one by address; "" is nobody in particular.
func caller(ip string) keystore.Caller {
	if ip == "" {
		return keystore.Caller{}
	}
	return keystore.Caller{IP: netip.MustParseAddr(ip), Agent: "curl", Route: "GET /"}
}

// nth is the n-th of many addresses.
func nth(n int) string { return fmt.Sprintf("10.%d.%d.%d", n>>16, n>>8&255, n&255) }

func (f *fixture) record(uses ...use) {
	f.t.Helper()
	must(f.t, f.Record(f.t.Context(), batch(uses...)))
}

func (f *fixture) watch(from, to time.Time) {
	f.t.Helper()
	for at := from; at.Before(to); at = at.Add(time.Minute) {
		must(f.t, f.Record(f.t.Context(), keystore.UseBatch{Watched: keystore.Span{From: at, To: at.Add(time.Minute - 1)}}))
	}
}

func (f *fixture) load(s Selection, from, to time.Time) *Report {
	f.t.Helper()
	r, err := Load(f.t.Context(), f.Store, s, keystore.Span{From: from, To: to})
	must(f.t, err)
	return r
}

// lastDay is the report of the 24 hours that end with the hour of the clock.
func (f *fixture) lastDay(s Selection) *Report {
	f.t.Helper()
	w := Window(f.Clock.Now(), 24*time.Hour)
	return f.load(s, w.From, w.To)
}

// rows returns the number and size of the rows of a table.
func (f *fixture) rows(table byte) (n, size int) {
	f.t.Helper()
	must(f.t, annex.View(f.t.Context(), f.Store, func(r kv.Reader) error {
		n, size = 0, 0
		return r.Scan(kv.Prefix([]byte{table}), func(key, value []byte) error {
			n++
			size += len(key) + len(value)
			return nil
		})
	}))
	return n, size
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
