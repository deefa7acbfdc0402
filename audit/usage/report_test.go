package usage

import (
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/pakdeck/pakdeck/keystore"
)

func TestAGapIsNotAZero(t *testing.T) {
	f := newFixture(t)
	h := epoch.Truncate(time.Hour)
	f.watch(h.Add(-2*time.Hour), h.Add(-time.Hour)) // one quiet hour
	f.record(use{one, "192.0.2.1", keystore.OK, h, 1})
	all := f.load(OfSecret(one), h.Add(-3*time.Hour), h.Add(time.Hour)).Hours()
	if len(all) != 4 {
		t.Fatalf("%d hours", len(all))
	}
	for i, want := range []struct {
		gap     bool
		n       uint64
		watched time.Duration
	}{{true, 0, 0}, {false, 0, time.Hour}, {true, 0, 0}, {false, 1, 0}} {
		if got := all[i]; got.Gap() != want.gap || got.Total() != want.n || got.Watched != want.watched {
			t.Errorf("hour %d: gap %v, %d uses, watched %v", i, got.Gap(), got.Total(), got.Watched)
		}
	}
}

func TestALongSpanIsNotBelieved(t *testing.T) {
	f := newFixture(t)
	must(t, f.Record(t.Context(), keystore.UseBatch{Watched: keystore.Span{From: epoch.Add(-3 * time.Hour), To: epoch}}))
	must(t, f.Record(t.Context(), keystore.UseBatch{Watched: keystore.Span{From: epoch.Add(time.Hour), To: epoch}}))
	var sum time.Duration
	for _, b := range f.lastDay(Everything()).Hours() {
		sum += b.Watched
	}
	if sum != time.Minute {
		t.Errorf("watched %v, want the minute in which it was reported", sum)
	}
}

func TestOnlyTheSpanIsCounted(t *testing.T) {
	f := newFixture(t)
	h := epoch.Truncate(time.Hour)
	f.record(use{one, "192.0.2.1", keystore.OK, h.Add(-time.Second), 1}, use{one, "192.0.2.1", keystore.OK, h, 10},
		use{one, "192.0.2.1", keystore.OK, h.Add(time.Hour - 1), 100}, use{one, "192.0.2.1", keystore.OK, h.Add(time.Hour), 1000})
	r := f.load(OfSecret(one), h, h.Add(time.Hour))
	c := r.Callers()[0]
	if r.Sum().OK() != 110 || c.OK() != 110 || c.First.Before(h) || !c.Last.Before(h.Add(time.Hour)) {
		t.Errorf("%d uses, %d by the caller from %v to %v", r.Sum().OK(), c.OK(), c.First, c.Last)
	}
	if r = f.load(OfSecret(one), h.Add(time.Minute), h.Add(61*time.Minute)); r.Sum().OK() != 1110 {
		t.Errorf("widened to whole hours: %d", r.Sum().OK())
	}
	if r = f.load(OfSecret(one), h, h); r.Sum().OK() != 0 || len(r.Hours()) != 0 || len(r.Callers()) != 0 {
		t.Errorf("an empty span: %d", r.Sum().OK())
	}
}

func TestDaysFollowTheZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	must(t, err)
	f := newFixture(t)
	for _, c := range []struct {
		month time.Month
		day   int
		hours time.Duration
	}{{3, 29, 23}, {10, 25, 25}, {11, 1, 24}} {
		midnight := time.Date(2026, c.month, c.day, 0, 0, 0, 0, berlin)
		next := time.Date(2026, c.month, c.day+1, 0, 0, 0, 0, berlin)
		for at := midnight; at.Before(next); at = at.Add(time.Hour) {
			f.record(use{one, "192.0.2.1", keystore.OK, at, 1})
		}
		days := f.load(OfSecret(one), midnight, next).Days(berlin)
		if len(days) != 1 || days[0].End.Sub(days[0].Start) != c.hours*time.Hour || days[0].OK() != uint64(c.hours) {
			t.Errorf("%v: %v", midnight, days)
		}
		heat := f.load(OfSecret(one), midnight, next).Heat(berlin)
		var sum uint64
		for _, cell := range heat[(int(midnight.Weekday())+6)%7] {
			sum += cell.OK()
		}
		if sum != uint64(c.hours) {
			t.Errorf("%v: %d in the heatmap", midnight, sum)
		}
	}
}

func TestHeat(t *testing.T) {
	f := newFixture(t)
	h := epoch.Truncate(time.Hour)
	f.watch(h.Add(-7*24*time.Hour), h.Add(-7*24*time.Hour+time.Minute))
	f.record(use{one, "192.0.2.1", keystore.OK, h, 6})
	heat := f.load(OfSecret(one), h.Add(-14*24*time.Hour), h.Add(time.Hour)).Heat(time.UTC)
	c := heat[0][14] // Monday
	if c.OK() != 6 || c.Hours != 3 || c.Watched != 2 || c.Mean() != 3 || heat.Max() != 6 {
		t.Errorf("%+v, mean %v, max %d", c, c.Mean(), heat.Max())
	}
	if x := heat[0][15]; !x.Gap() || x.Hours != 2 || x.Mean() != 0 {
		t.Errorf("%+v", x)
	}
}

func TestRhythm(t *testing.T) {
	f := newFixture(t)
	h := epoch.Truncate(time.Hour)
	for _, ago := range []time.Duration{30, 24, 18, 12, 2} {
		f.record(use{one, "192.0.2.1", keystore.OK, h.Add(-ago * time.Hour), 5})
	}
	f.record(use{one, "192.0.2.2", keystore.IPDenied, h, 1})
	r := f.load(OfSecret(one), h.Add(-48*time.Hour), h.Add(time.Hour))
	want := Rhythm{Hours: 5, Usual: 6 * time.Hour, Longest: 10 * time.Hour}
	if got := r.Rhythm(); got != want {
		t.Errorf("%+v", got)
	}
	if got := r.Callers()[0].Rhythm(); got != want {
		t.Errorf("of the caller: %+v", got)
	}
	if got := r.Callers()[1].Rhythm(); got != (Rhythm{Hours: 1}) {
		t.Errorf("of one use: %+v", got)
	}
	f.watch(h.Add(-time.Hour), h)
	r = f.load(OfSecret(one), h.Add(-48*time.Hour), h.Add(time.Hour))
	if quiet, watched := r.Quiet(h); quiet != 2*time.Hour || watched != time.Hour {
		t.Errorf("quiet for %v, watched %v of it", quiet, watched)
	}
	if quiet, _ := r.Quiet(h.Add(-3 * time.Hour)); quiet != 0 {
		t.Errorf("quiet for %v before the last use", quiet)
	}
}

func TestSumsTellWhatReportsTell(t *testing.T) {
	f := newFixture(t)
	f.record(use{one, "192.0.2.1", keystore.OK, epoch, 3}, use{one, "192.0.2.1", keystore.IPDenied, epoch, 2}, use{one, "192.0.2.1", keystore.OK, epoch.Add(-23 * time.Hour), 40},
		use{one, "192.0.2.1", keystore.OK, epoch.Add(-24 * time.Hour), 100}, use{two, "192.0.2.2", keystore.OK, epoch.Add(-40 * 24 * time.Hour), 10}, use{store, "192.0.2.9", keystore.Unknown, epoch, 5})
	all, err := Sums(t.Context(), f.Store, Window(f.Clock.Now(), 24*time.Hour))
	must(t, err)
	if want := f.lastDay(OfSecret(one)).Sum(); len(all) != 1 || all[one] != want || want.OK() != 43 || want.Denied() != 2 {
		t.Errorf("%v, want %v", all, want)
	}
}

func TestLastDaysAreCalendarDays(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	now := time.Date(2026, 11, 23, 22, 30, 0, 0, time.UTC) // the 24th in Tokyo
	got := LastDays(now, 2, tokyo)
	if want := time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC); !got.From.Equal(want) || !got.To.Equal(now.Truncate(time.Hour).Add(time.Hour)) {
		t.Errorf("%v", got)
	}
	f := newFixture(t)
	if days := f.load(OfSecret(one), got.From, got.To).Days(tokyo); len(days) != 2 || days[1].Start.Day() != 24 {
		t.Errorf("%v", days)
	}
}

func TestSumsTellWhatLoadTells(t *testing.T) {
	f := newFixture(t)
	f.record(use{one, "192.0.2.1", keystore.OK, epoch, 3}, use{one, "192.0.2.1", keystore.OK, epoch.Add(-2 * time.Hour), 5},
		use{two, "192.0.2.2", keystore.IPDenied, epoch, 10}, use{store, "192.0.2.9", keystore.Unknown, epoch, 5})
	h := epoch.Truncate(time.Hour)
	in := keystore.Span{From: h, To: h.Add(time.Hour)}
	all, err := Sums(t.Context(), f.Store, in)
	must(t, err)
	if len(all) != 2 || all[one].OK() != 3 || all[two].Denied() != 10 {
		t.Errorf("%v", all)
	}
}
