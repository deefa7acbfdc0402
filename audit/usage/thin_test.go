package usage

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

const day = 24 * time.Hour

// live lets days pass with a use of a secret in each.
func (f *fixture) live(days int) {
	f.t.Helper()
	for range days {
		f.Set(f.Clock.Now().Add(day))
		f.record(use{one, "192.0.2.1", keystore.OK, f.Clock.Now(), 1})
	}
	for range 5 {
		f.record(use{two, "192.0.2.1", keystore.OK, f.Clock.Now(), 1})
	}
}

func TestOldRowsBecomeCoarseAndThenGo(t *testing.T) {
	f := newFixture(t)
	must(t, os.WriteFile(f.PolicyPath(), []byte("[usage]\nhours = \"10d\"\ndays = \"40d\"\ncallers = \"20d\"\ncaller_hours = \"5d\"\n"), 0o600))
	f.live(60)
	r := f.load(OfSecret(one), epoch, f.Clock.Now().Add(day))
	// Ages count from yesterday, and a row goes when it is older.
	if got := r.Sum().OK(); got != 42 {
		t.Errorf("%d days are kept, want 42", got)
	}
	if got := r.Coarse().OK(); got != 30 {
		t.Errorf("%d days are coarse, want 30", got)
	}
	if c := r.Callers()[0]; c.OK() != 22 || c.Rhythm().Hours != 7 {
		t.Errorf("callers are kept for %d days, their hours for %d", c.OK(), c.Rhythm().Hours)
	}
	var sum uint64
	for _, b := range r.Days(time.UTC) {
		if b.OK() > 1 {
			t.Errorf("%v holds %d", b.Start, b.OK())
		}
		sum += b.OK()
	}
	if sum != 42 {
		t.Errorf("the days hold %d", sum)
	}
	if r.Total.OK != 60 {
		t.Errorf("in all %d", r.Total.OK)
	}
}

func TestAClockThatIsWrongForAWhileThrowsNothingAway(t *testing.T) {
	f := newFixture(t)
	f.live(3)
	good := f.Clock.Now()
	for _, wrong := range []time.Time{good.AddDate(20, 0, 0), {}, time.Unix(0, 0), good.Add(-400 * day)} {
		f.Set(wrong)
		f.record(use{two, "192.0.2.1", keystore.OK, f.Clock.Now(), 1})
		f.Set(good)
		f.live(1)
		good = f.Clock.Now()
		if got := f.load(OfSecret(one), epoch, good.Add(day)).Sum().OK(); got < 4 {
			t.Fatalf("%v: %d days are left", wrong, got)
		}
	}
	if got := f.load(OfSecret(one), epoch, good.Add(day)).Sum().OK(); got != 7 {
		t.Errorf("%d of 7 days are left", got)
	}
}

func TestThinningOutIsDoneInParts(t *testing.T) {
	f := newFixture(t)
	must(t, os.WriteFile(f.PolicyPath(), []byte("[usage]\nhours = \"1d\"\ndays = \"3d\"\n"), 0o600))
	b := keystore.UseBatch{Tallies: map[keystore.Tally]keystore.Count{}}
	const secrets = 3 * mostThinned
	for n := range secrets {
		id := one
		copy(id[:], nth(n)+"............")
		b.Tallies[keystore.Tally{Secret: id, Hour: keystore.HourOf(epoch), Outcome: keystore.OK}] = keystore.Count{N: 1, First: epoch, Last: epoch}
	}
	must(t, f.Record(t.Context(), b))
	f.Set(epoch.Add(6 * day))
	f.live(2)
	before, _ := f.rows(tableHours)
	if before < secrets-6*mostThinned || before == 3 {
		t.Errorf("%d rows at once", before)
	}
	for range 10 {
		f.live(0)
	}
	if after, _ := f.rows(tableHours); after != 5 { // of two days, two secrets and the store
		t.Errorf("%d rows are left", after)
	}
}

func TestAPolicyThatCannotBeReadThrowsNothingAway(t *testing.T) {
	f := newFixture(t)
	must(t, os.WriteFile(f.PolicyPath(), []byte("[usage]\ndays = \"3d\"\nhours = \"soon\"\n"), 0o600))
	f.live(9)
	if got := f.load(OfSecret(one), epoch, f.Clock.Now().Add(day)).Sum().OK(); got != 9 {
		t.Errorf("%d days are left", got)
	}
}

func TestParseRetention(t *testing.T) {
	d := DefaultRetention()
	for text, want := range map[string]Retention{
		"":                                   d,
		"[key]\nmax_lifetime = \"1d\"":       d,
		"[usage]\nhours = \"7d\"":            {7, d.Days, d.Callers, d.CallerHours},
		"[usage]\ncaller_hours = \"36500d\"": {d.Hours, d.Days, d.Callers, 36500},
	} {
		if got, err := ParseRetention(text); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"[usage]\nhours = \"7h\"":    `usage.hours = "7h": write a number of days`,
		"[usage]\ndays = \"0d\"":     `usage.days = "0d"`,
		"[usage]\ncallers = \"-1d\"": `usage.callers = "-1d"`,
		"[usage]\ncallers = \"d\"":   `usage.callers = "d"`,
		"[usage]\nweeks = \"7d\"":    `unknown setting "usage.weeks"`,
		"[usage]\ndays = \"36501d\"": `"36501d"`,
		"[usage":                     "policy:",
	} {
		if _, err := ParseRetention(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzParseRetention(f *testing.F) {
	f.Add("[usage]\nhours = \"7d\"")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRetention(text)
		if err != nil {
			return
		}
		for _, n := range []int64{r.Hours, r.Days, r.Callers, r.CallerHours} {
			if n < 1 || n > mostDays {
				t.Errorf("%q: %d days", text, n)
			}
		}
	})
}
