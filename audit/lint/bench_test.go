package lint_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
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
