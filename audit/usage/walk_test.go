package usage

import (
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

func TestAWalkShowsWhatTheReportsSay(t *testing.T) {
	f := newFixture(t)
	h := epoch.Truncate(time.Hour)
	f.record(use{one, "192.0.2.1", keystore.OK, h, 7}, use{one, "192.0.2.2", keystore.IPDenied, h, 2},
		use{two, "192.0.2.1", keystore.OK, h.Add(-48 * time.Hour), 5}, use{two, "192.0.2.1", keystore.OK, h.Add(-9 * 24 * time.Hour), 1000})
	hours, callers := map[token.ID]uint64{}, map[token.ID]uint64{}
	err := Walk(t.Context(), f.Store, keystore.Span{From: h.Add(-72 * time.Hour), To: h.Add(time.Hour)}, Visitor{
		Hour: func(id token.ID, hour int64, whole bool, _ keystore.Outcome, n uint64) {
			if whole || hour > keystore.HourOf(h) {
				t.Errorf("an hour %v, whole %v", hour, whole)
			}
			hours[id] += n
		},
		Caller: func(id token.ID, c *Caller) { callers[id] += c.Total() },
	})
	must(t, err)
	for _, id := range []token.ID{one, two} {
		want := f.load(OfSecret(id), h.Add(-72*time.Hour), h.Add(time.Hour)).Sum().Total()
		if hours[id] != want || callers[id] != want || want == 0 {
			t.Errorf("%s: %d by hour, %d by caller, reported %d", id, hours[id], callers[id], want)
		}
	}
	if len(hours) != 2 || len(callers) != 2 {
		t.Errorf("%d secrets, want 2: the whole store is none", len(hours))
	}
}
