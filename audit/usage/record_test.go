package usage

import (
	"fmt"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

func TestUsesCountForTheirSecretAndTheStore(t *testing.T) {
	f := newFixture(t)
	hour := epoch.Add(-time.Hour)
	f.record(use{one, "192.0.2.1", keystore.OK, epoch, 3}, use{one, "192.0.2.1", keystore.OK, hour, 2}, use{two, "192.0.2.2", keystore.OK, epoch, 10})
	f.record(use{one, "192.0.2.1", keystore.IPDenied, epoch, 1}, use{one, "192.0.2.9", keystore.WrongSecret, epoch, 4}, use{store, "192.0.2.9", keystore.Unknown, epoch, 5})
	for _, c := range []struct {
		name                 string
		of                   Selection
		ok, denied, unproven uint64
		callers              int
	}{
		{"a secret", OfSecret(one), 5, 1, 4, 2},
		{"another secret", OfSecret(two), 10, 0, 0, 1},
		{"both", OfKeys(keystore.Key{Secrets: []keystore.Secret{{ID: one}}}, keystore.Key{Secrets: []keystore.Secret{{ID: two}}}), 15, 1, 4, 3},
		{"everything", Everything(), 15, 1, 9, 3},
	} {
		r := f.lastDay(c.of)
		sum := r.Sum()
		if sum.OK() != c.ok || sum.Denied() != c.denied || sum.Unproven() != c.unproven || sum.Total() != c.ok+c.denied+c.unproven {
			t.Errorf("%s: %v", c.name, sum)
		}
		if r.Total.OK != c.ok || r.NeverUsed() {
			t.Errorf("%s: %d in all", c.name, r.Total.OK)
		}
		if got := r.Callers(); len(got) != c.callers {
			t.Errorf("%s: %d callers: %v", c.name, len(got), got)
		}
	}
	if r := f.lastDay(OfSecret([12]byte([]byte("nobodys00000")))); !r.NeverUsed() || r.Sum() != (Counts{}) {
		t.Errorf("a secret that was never used: %v, %v", r.Total, r.Sum())
	}
}

func TestWhatIsBeyondTheBoundsIsCountedAllTheSame(t *testing.T) {
	f := newFixture(t)
	strangers := 1000
	if testing.Short() {
		strangers = MostAddresses + 50
	}
	f.record(use{one, "192.0.2.1", keystore.OK, epoch, 7}, use{one, "", keystore.OK, epoch, 2})
	for n := range strangers {
		f.record(use{one, nth(n), keystore.IPDenied, epoch, 1})
	}
	r := f.lastDay(OfSecret(one))
	if got := r.Sum(); got.OK() != 9 || got.Denied() != uint64(strangers) {
		t.Fatalf("counted %v", got)
	}
	if got := r.Beyond(); got.OK() != 2 || got.Denied() != uint64(strangers-MostAddresses) {
		t.Errorf("beyond the bounds are %v", got)
	}
	if n := len(r.Addresses()); n != MostAddresses+1 {
		t.Errorf("%d addresses", n)
	}
	full := 0
	for _, c := range r.Callers() {
		if c.Agent == "curl" {
			full++
		}
	}
	if full != MostLines+1 {
		t.Errorf("%d callers in full, want %d refused ones and the one who is let in", full, MostLines)
	}
}

func TestWhoComesMoreOftenTakesTheLineOfWhoCameLeast(t *testing.T) {
	f := newFixture(t)
	for n := range MostAddresses {
		f.record(use{one, nth(n), keystore.OK, epoch, 2})
	}
	f.record(use{one, "192.0.2.1", keystore.OK, epoch, 2}) // no more than the others
	f.record(use{one, "192.0.2.2", keystore.OK, epoch, 3})
	r := f.lastDay(OfSecret(one))
	if got := r.Top(1)[0]; got.IP.String() != "192.0.2.2" || got.OK() != 3 {
		t.Errorf("the most frequent is %v with %d", got.IP, got.OK())
	}
	if got := r.Beyond().OK(); got != 4 {
		t.Errorf("%d uses are beyond, want those of two callers", got)
	}
	if got := r.Sum().OK(); got != 2*MostAddresses+5 {
		t.Errorf("%d in all", got)
	}
}

// A program that calls many routes shall not hide the addresses it calls from.
func TestManyRoutesDoNotHideAddresses(t *testing.T) {
	f := newFixture(t)
	b := keystore.UseBatch{Tallies: map[keystore.Tally]keystore.Count{}}
	for ip := range 20 {
		for route := range 50 {
			c := caller(nth(ip))
			c.Route = fmt.Sprintf("GET /%d", route)
			b.Tallies[keystore.Tally{Secret: one, Hour: keystore.HourOf(epoch), Outcome: keystore.OK, Caller: c}] = keystore.Count{N: 1, First: epoch, Last: epoch}
		}
	}
	must(t, f.Record(t.Context(), b))
	r := f.lastDay(OfSecret(one))
	all := r.Addresses()
	if len(all) != 20 || r.Beyond() != (Counts{}) {
		t.Fatalf("%d addresses, %v beyond", len(all), r.Beyond())
	}
	for _, a := range all {
		if a.OK() != 50 {
			t.Errorf("%d uses from %v", a.OK(), a.IP)
		}
	}
}

// A transaction may run its function twice; the first run must leave no trace
// in the batch.
func TestABatchMayBeWrittenTwiceByOneTransaction(t *testing.T) {
	b := keystore.UseBatch{Tallies: map[keystore.Tally]keystore.Count{}}
	for route := range 3 * MostLines {
		c := caller("192.0.2.1")
		c.Route = fmt.Sprintf("GET /%d", route)
		b.Tallies[keystore.Tally{Secret: one, Hour: keystore.HourOf(epoch), Outcome: keystore.OK, Caller: c}] = keystore.Count{N: 2, First: epoch, Last: epoch}
	}
	pages := daysOf(b.Tallies)
	for _, f := range []*fixture{newFixture(t), newFixture(t)} {
		must(t, annex.Change(t.Context(), f.Store, func(w kv.Writer, _ time.Time) ([]journal.Record, error) {
			for _, p := range pages {
				must(t, p.writeHours(w))
				must(t, p.writeCallers(w))
			}
			return nil, nil
		}))
		r := f.lastDay(OfSecret(one))
		if all := r.Addresses(); len(all) != 1 || all[0].OK() != 6*MostLines || r.Sum().OK() != 6*MostLines {
			t.Errorf("%v, %d in all", all, r.Sum().OK())
		}
	}
}

func TestCountsAndJournalAreOneTransaction(t *testing.T) {
	f := newFixture(t)
	b := batch(use{one, "192.0.2.1", keystore.OK, epoch, 3})
	b.Notable = []keystore.Use{{Sighting: keystore.Sighting{Time: epoch, Caller: caller("192.0.2.1")}, Outcome: keystore.OK, Secret: one}}
	before, err := f.Head(t.Context())
	must(t, err)
	must(t, f.Record(t.Context(), b))
	after, err := f.Head(t.Context())
	must(t, err)
	if after.Size != before.Size+1 || f.lastDay(OfSecret(one)).Sum().OK() != 3 {
		t.Errorf("%d records, %v", after.Size-before.Size, f.lastDay(OfSecret(one)).Sum())
	}
	ro, err := keystore.Open(t.Context(), f.Path(), keystore.WithReadOnly())
	must(t, err)
	defer ro.Close()
	if err := NewRecorder(ro).Record(t.Context(), b); err == nil {
		t.Error("a read-only store took uses")
	}
}
