package usage

import (
	"fmt"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// BenchmarkRecord writes the batch of a second in which so many secrets were
// used, each by two callers, on top of what the day holds already.
func BenchmarkRecord(b *testing.B) {
	for _, secrets := range []int{10, 1000, 10_000} {
		b.Run(fmt.Sprint(secrets), func(b *testing.B) {
			f := newFixture(b)
			batch := busy(secrets)
			for b.Loop() {
				must(b, f.Record(b.Context(), batch))
			}
			_, hours := f.rows(tableHours)
			_, callers := f.rows(tableCallers)
			b.ReportMetric(float64(hours+callers)/float64(secrets), "bytes/secret")
		})
	}
}

func busy(secrets int) keystore.UseBatch {
	b := keystore.UseBatch{Uses: map[token.ID]keystore.Uses{}, Tallies: map[keystore.Tally]keystore.Count{}}
	for n := range secrets {
		id := one
		copy(id[:], fmt.Sprintf("%012d", n*7919))
		for c := range 2 {
			k := keystore.Tally{Secret: id, Hour: keystore.HourOf(epoch), Outcome: keystore.OK, Caller: caller(nth(2*n + c))}
			b.Tallies[k] = keystore.Count{N: 3, First: epoch, Last: epoch}
		}
		seen := keystore.Sighting{Time: epoch, Caller: caller(nth(n))}
		b.Uses[id] = keystore.Uses{OK: 6, First: seen, Last: seen}
	}
	return b
}

// BenchmarkLoad reads what the screen shows of a quarter of a busy secret, and
// of the whole store.
func BenchmarkLoad(b *testing.B) {
	f := newFixture(b)
	const days = 90
	for d := range days {
		var uses []use
		for h := range 24 {
			for c := range 20 {
				uses = append(uses, use{one, nth(c), keystore.OK, epoch.Add(-time.Duration(24*d+h) * time.Hour), 5})
			}
		}
		f.record(uses...)
	}
	for name, of := range map[string]Selection{"secret": OfSecret(one), "store": Everything()} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f.load(of, epoch.Add(-days*24*time.Hour), epoch)
			}
		})
	}
}
