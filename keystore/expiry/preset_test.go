package expiry

import (
	"strings"
	"testing"
	"time"
)

func TestPresets(t *testing.T) {
	var lines []string
	for _, p := range Presets(monday, time.UTC) {
		lines = append(lines, p.Label+" "+p.String())
	}
	const want = `7 days 2026-11-30T09:00:00Z
30 days 2026-12-23T09:00:00Z
60 days 2027-01-22T09:00:00Z
90 days 2027-02-21T09:00:00Z
6 months 2027-05-23T09:00:00Z
1 year 2027-11-23T09:00:00Z
never never`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPresetsAreWhatParseReads(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Berlin", "Pacific/Apia"} {
		loc := zone(t, name)
		// Seven days later, Apia skips the day.
		for _, now := range []time.Time{monday, time.Date(2011, 12, 23, 22, 0, 0, 0, time.UTC), time.Date(2028, 8, 31, 3, 0, 0, 0, time.UTC)} {
			for _, p := range Presets(now, loc) {
				e, err := Parse(p.Input, now, loc)
				if err != nil || e != p.Expiry {
					t.Errorf("%s at %v: %q is read as %v, %v; offered is %v", name, now, p.Input, e, err, p.Expiry)
				}
			}
		}
	}
}
