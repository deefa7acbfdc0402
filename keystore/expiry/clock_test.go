package expiry

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAtAroundClockChanges(t *testing.T) {
	for _, c := range []struct {
		zone         string
		day          Date
		hour, minute int
		want         string // RFC 3339 in the zone
		note         string
	}{
		{"Europe/Berlin", Date{2027, 3, 28}, 1, 59, "2027-03-28T01:59:00+01:00", ""},
		{"Europe/Berlin", Date{2027, 3, 28}, 2, 0, "2027-03-28T03:00:00+02:00", "2027-03-28 02:00 does not exist in Europe/Berlin (clocks go forward): 03:00 is meant"},
		{"Europe/Berlin", Date{2027, 3, 28}, 2, 30, "2027-03-28T03:30:00+02:00", "2027-03-28 02:30 does not exist in Europe/Berlin (clocks go forward): 03:30 is meant"},
		{"Europe/Berlin", Date{2027, 3, 28}, 3, 0, "2027-03-28T03:00:00+02:00", ""},
		{"Europe/Berlin", Date{2027, 10, 31}, 1, 59, "2027-10-31T01:59:00+02:00", ""},
		{"Europe/Berlin", Date{2027, 10, 31}, 2, 0, "2027-10-31T02:00:00+02:00", "2027-10-31 02:00 happens twice in Europe/Berlin (clocks go back): the first is meant, 02:00 CEST"},
		{"Europe/Berlin", Date{2027, 10, 31}, 2, 59, "2027-10-31T02:59:00+02:00", "2027-10-31 02:59 happens twice in Europe/Berlin (clocks go back): the first is meant, 02:59 CEST"},
		{"Europe/Berlin", Date{2027, 10, 31}, 3, 0, "2027-10-31T03:00:00+01:00", ""},
		{"America/New_York", Date{2027, 3, 14}, 2, 15, "2027-03-14T03:15:00-04:00", "2027-03-14 02:15 does not exist in America/New_York (clocks go forward): 03:15 is meant"},
		{"America/New_York", Date{2027, 11, 7}, 1, 15, "2027-11-07T01:15:00-04:00", "2027-11-07 01:15 happens twice in America/New_York (clocks go back): the first is meant, 01:15 EDT"},
		{"America/New_York", Date{2027, 11, 7}, 2, 0, "2027-11-07T02:00:00-05:00", ""},
		{"Australia/Lord_Howe", Date{2027, 10, 3}, 2, 15, "2027-10-03T02:45:00+11:00", "2027-10-03 02:15 does not exist in Australia/Lord_Howe (clocks go forward): 02:45 is meant"},
		{"Australia/Lord_Howe", Date{2027, 10, 3}, 2, 30, "2027-10-03T02:30:00+11:00", ""},
		{"Australia/Lord_Howe", Date{2027, 4, 4}, 1, 45, "2027-04-04T01:45:00+11:00", "2027-04-04 01:45 happens twice in Australia/Lord_Howe (clocks go back): the first is meant, 01:45 +11"},
		{"Australia/Lord_Howe", Date{2027, 4, 4}, 1, 15, "2027-04-04T01:15:00+11:00", ""},
		{"Pacific/Apia", Date{2011, 12, 29}, 23, 59, "2011-12-29T23:59:00-10:00", ""},
		{"Pacific/Apia", Date{2011, 12, 30}, 9, 0, "2011-12-31T09:00:00+14:00", "2011-12-30 09:00 does not exist in Pacific/Apia (clocks go forward): 2011-12-31 09:00 is meant"},
		{"Pacific/Apia", Date{2011, 12, 31}, 0, 0, "2011-12-31T00:00:00+14:00", ""},
		{"America/Sao_Paulo", Date{2018, 11, 4}, 0, 30, "2018-11-04T01:30:00-02:00", "2018-11-04 00:30 does not exist in America/Sao_Paulo (clocks go forward): 01:30 is meant"},
		{"America/Sao_Paulo", Date{2018, 2, 17}, 23, 30, "2018-02-17T23:30:00-02:00", "2018-02-17 23:30 happens twice in America/Sao_Paulo (clocks go back): the first is meant, 23:30 -02"},
		{"Asia/Tokyo", Date{2027, 3, 28}, 2, 30, "2027-03-28T02:30:00+09:00", ""},
		{"UTC", Date{2028, 2, 29}, 9, 0, "2028-02-29T09:00:00Z", ""},
	} {
		loc := zone(t, c.zone)
		at, note := c.day.At(c.hour, c.minute, loc)
		if got := at.Format(time.RFC3339); got != c.want || note != c.note || at.Location() != loc {
			t.Errorf("%s %v %02d:%02d: got %s, %q\n\twant %s, %q", c.zone, c.day, c.hour, c.minute, got, note, c.want, c.note)
		}
	}
}

// Go's own account of when an offset begins and ends is wrong on these days.
func TestAtOnTheLastDayOfLeapYears(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"} {
		loc := zone(t, name)
		for year := 2028; year <= 2128; year += 4 {
			for hour := range 24 {
				at, note := Date{year, time.December, 31}.At(hour, 30, loc)
				if at.Hour() != hour || at.Minute() != 30 || DateOf(at, loc) != (Date{year, time.December, 31}) || note != "" {
					t.Fatalf("%s %d: %d:30 is %v, %q", name, year, hour, at, note)
				}
			}
		}
	}
}

func TestAtWithoutALocationIsUTC(t *testing.T) {
	at, note := Date{2027, 2, 21}.At(9, 0, nil)
	if at.Format(time.RFC3339) != "2027-02-21T09:00:00Z" || note != "" {
		t.Errorf("got %v, %q", at, note)
	}
}

func TestZoneNameOfTheMachine(t *testing.T) {
	if got := zoneName(time.Local); got != "local time" {
		t.Errorf("got %s", got)
	}
}

func TestAtIsWhatClocksShowAndTheFirstSuchInstant(t *testing.T) {
	names := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(names).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		// Most instants are drawn near a change of the clocks.
		near := anyDate.Draw(t, "day").midnight().In(loc)
		if _, change := near.ZoneBounds(); change.After(near) {
			near = change
		}
		wall := near.Add(time.Duration(rapid.IntRange(-300, 300).Draw(t, "minutes")) * time.Minute)
		c := clock{wall.Hour(), wall.Minute(), wall.Second()}
		at, note := resolve(DateOf(wall, loc), c, loc)
		if at.Format(time.DateTime) != wall.Format(time.DateTime) || at.After(wall) {
			t.Fatalf("%v: got %v", wall, at)
		}
		if (note != "") != twice(wall) || !at.Equal(wall) && note == "" {
			t.Fatalf("%v: got %v, %q", wall, at, note)
		}
	})
}

// twice reports whether clocks show the same, to the second, at another time,
// under the offset from UTC of the day before or after.
func twice(t time.Time) bool {
	_, here := t.Zone()
	for _, away := range []time.Duration{-26 * time.Hour, 26 * time.Hour} {
		_, there := t.Add(away).Zone()
		other := t.Add(time.Duration(here-there) * time.Second)
		if here != there && other.Format(time.DateTime) == t.Format(time.DateTime) {
			return true
		}
	}
	return false
}
