package lint_test

import (
	"flag"
	"fmt"
	"net/netip"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// fleet returns a snapshot of n keys of which every owner has a share.
func fleet(n, share int) lint.Snapshot {
	w := newWorld()
	owner := w.Users[0]
	w.Users = w.Users[:0]
	for i := range n / share {
		u := owner
		u.ID = keystore.UserID(fmt.Sprintf("u%015d", i))
		u.Name = "team-" + strconv.Itoa(i)
		w.Users = append(w.Users, u)
	}
	key := w.Keys[0]
	w.Keys = w.Keys[:0]
	for i := range n {
		k := key
		k.Owner = w.Users[i%len(w.Users)]
		k.User = k.Owner.ID
		k.ID = keystore.KeyID(fmt.Sprintf("k%015d", i))
		k.Name = fmt.Sprintf("service-%x-deploy", uint32(i)*2654435761)
		k.Description = "deploys " + k.Name
		if i%10 == 0 {
			k.Rules.Allow = nil
		}
		w.Keys = append(w.Keys, k)
	}
	return w.Snapshot
}

func BenchmarkRun(b *testing.B) {
	for _, c := range []struct{ keys, share int }{{1000, 10}, {10_000, 10}, {100_000, 10}, {10_000, 10_000}, {100_000, 100_000}} {
		b.Run(fmt.Sprintf("%d_keys_%d_an_owner", c.keys, c.share), func(b *testing.B) {
			s := fleet(c.keys, c.share)
			for b.Loop() {
				lint.Run(s)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.keys), "ns/key")
		})
	}
}

var million = flag.Bool("million", false, "also judge a million keys")

// used gives every key of a snapshot callers and a rhythm.
func used(s lint.Snapshot) lint.Snapshot {
	s.Activity = make(map[token.ID]*lint.Activity, len(s.Keys))
	for i := range s.Keys {
		k := &s.Keys[i]
		id := token.ID(fmt.Appendf(nil, "s%011d", i))
		k.Secrets = []keystore.Secret{{ID: id, State: keystore.Current, Created: k.Created}}
		a := new(lint.Activity)
		for j := range 4 {
			var c usage.Counts
			c[keystore.OK.Index()] = 300
			a.Seen = append(a.Seen, lint.Seen{
				IP: netip.AddrFrom4([4]byte{10, 4, byte(7 + j/2), byte(i + 9*j)}), Agent: "curl", Counts: c,
				First: now.Add(-20 * day), Last: now.Add(-time.Hour),
			})
		}
		for h := range 24 {
			a.Hours[h], a.Today[h], a.Days[h%15] = uint64(40+h), 2, 60
		}
		s.Activity[id] = a
	}
	return s
}

// BenchmarkRunWithUsage prints what a key costs in time and in memory, neither of
// which must grow with the number of keys: the snapshot is what is held, and a run
// allocates beside it.
func BenchmarkRunWithUsage(b *testing.B) {
	sizes := []int{1000, 10_000, 100_000}
	if *million {
		sizes = append(sizes, 1_000_000)
	}
	for _, n := range sizes {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			before := allocated()
			s := used(fleet(n, 10))
			held := float64(allocated() - before)
			before = allocated()
			began := spent()
			for b.Loop() {
				lint.Run(s)
			}
			run := float64(allocated()-before) / float64(b.N)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/key")
			b.ReportMetric(float64(spent()-began)/float64(b.N)/float64(n), "cpu-ns/key")
			b.ReportMetric(held/float64(n), "snapshot-B/key")
			b.ReportMetric(run/float64(n), "run-B/key")
			b.ReportMetric((held+run)/1e6, "MB")
		})
	}
}

// spent returns the time of all processors that this process has used, which other
// processes make no longer.
func spent() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// allocated returns the bytes that were allocated so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// TestTheCostGrowsWithTheKeysAlone counts allocations instead of time, which is
// noisy: ten times the keys may cost ten times as much, and a fifth more.
func TestTheCostGrowsWithTheKeysAlone(t *testing.T) {
	cost := func(n int) float64 {
		s := used(fleet(n, 10))
		return testing.AllocsPerRun(2, func() { lint.Run(s) })
	}
	if few, many := cost(500), cost(5000); many > 12*few {
		t.Errorf("500 keys cost %.0f allocations, 5000 cost %.0f", few, many)
	}
}
