package expiry

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// monday is a Monday afternoon in November, not on a whole second.
var monday = time.Date(2026, 11, 23, 14, 32, 10, 500, time.UTC)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestParseAccepts(t *testing.T) {
	for in, want := range map[string]string{
		"never": "never", " NEVER ": "never",

		"90d": "2027-02-21 09:00", "+6w": "2027-01-04 09:00", "3m": "2027-02-23 09:00", "1y": "2027-11-23 09:00",
		"1d": "2026-11-24 09:00", "001d": "2026-11-24 09:00", "in 90d": "2027-02-21 09:00", "in 90 days": "2027-02-21 09:00",
		"In  90  Days": "2027-02-21 09:00", "90 d": "2027-02-21 09:00", "1 year": "2027-11-23 09:00", "3 months": "2027-02-23 09:00",
		"2 weeks": "2026-12-07 09:00", "2wks": "2026-12-07 09:00", "+1 mo": "2026-12-23 09:00", "100y": "2126-11-23 09:00", "1200m": "2126-11-23 09:00",
		"90d 18:00": "2027-02-21 18:00", "in 90 days at 18:00": "2027-02-21 18:00", "1w 0:05": "2026-11-30 00:05",

		"12h": "2026-11-24 02:32:10", "in 12 hours": "2026-11-24 02:32:10", "90min": "2026-11-23 16:02:10", "1 minute": "2026-11-23 14:33:10", "1hr": "2026-11-23 15:32:10",

		"2027-02-21": "2027-02-21 09:00", "2027-2-1": "2027-02-01 09:00", "2027/02/21": "2027-02-21 09:00", "2028-02-29": "2028-02-29 09:00",
		"2027-02-21 09:30": "2027-02-21 09:30", "2027-02-21T09:00": "2027-02-21 09:00", "2027-02-21t9:00:30": "2027-02-21 09:00:30", "2027-02-21 at 7:05": "2027-02-21 07:05",
		"21 Feb 2027": "2027-02-21 09:00", "Feb 21 2027": "2027-02-21 09:00", "feb 21, 2027": "2027-02-21 09:00", "1 SEPT 2027 18:00": "2027-09-01 18:00", "21 february 2027": "2027-02-21 09:00",
		"Sun 2027-02-21": "2027-02-21 09:00", "sunday 21 Feb 2027 10:00": "2027-02-21 10:00",

		"2027-02-21T09:00:00Z": "2027-02-21 09:00", "2027-02-21T09:00:00.999Z": "2027-02-21 09:00", "2027-02-21T09:00+01:00": "2027-02-21 08:00",
		"2027-02-21T00:00:00+14:00": "2027-02-20 10:00", "2027-02-21 09:00:00-03:30": "2027-02-21 12:30", "2027-02-21 09:00 +01:00": "2027-02-21 08:00", "2026-11-23T14:32:11Z": "2026-11-23 14:32:11",

		"today 18:00": "2026-11-23 18:00", "today 14:33": "2026-11-23 14:33", "tomorrow": "2026-11-24 09:00", "Tomorrow 18:00": "2026-11-24 18:00",
		"mon": "2026-11-30 09:00", "tue": "2026-11-24 09:00", "tues": "2026-11-24 09:00", "fri": "2026-11-27 09:00", "Friday": "2026-11-27 09:00", "sun": "2026-11-29 09:00", "fri 18:00": "2026-11-27 18:00",
		"next mon": "2026-11-30 09:00", "next fri": "2026-12-04 09:00", "next friday": "2026-12-04 09:00", "next sun": "2026-12-06 09:00",
		"eom": "2026-11-30 09:00", "EOQ": "2026-12-31 09:00", "eoy 17:00": "2026-12-31 17:00", "end of month": "2026-11-30 09:00", "end of quarter": "2026-12-31 09:00", "end of year": "2026-12-31 09:00",

		"90d UTC": "2027-02-21 09:00", "2027-02-21 09:00 Europe/Berlin": "2027-02-21 08:00", "2027-07-01 09:00 europe/berlin": "2027-07-01 07:00",
		"tomorrow 18:00 AMERICA/NEW_YORK": "2026-11-24 23:00", "2027-02-21 09:00 z": "2027-02-21 09:00", "fri gmt": "2026-11-27 09:00", "12h Asia/Tokyo": "2026-11-24 02:32:10",
		"tomorrow Pacific/Kiritimati": "2026-11-24 19:00", "eom America/Argentina/Buenos_Aires": "2026-11-30 12:00", "1d america/port_of_spain": "2026-11-24 13:00", "1d Etc/GMT+5": "2026-11-24 14:00",
	} {
		e, err := Parse(in, monday, time.UTC)
		got := strings.TrimSuffix(e.At.Format(time.DateTime), ":00")
		if e.Never() {
			got = never
		}
		if err != nil || got != want || e.Note != "" {
			t.Errorf("Parse(%q) = %s, %q, %v; want %s", in, got, e.Note, err, want)
		}
	}
}

func TestParseReadsDaysInTheCallersLocation(t *testing.T) {
	tokyo := zone(t, "Asia/Tokyo")
	late := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC) // Tuesday 01:00 in Tokyo
	for in, want := range map[string]string{
		"1d": "2026-11-25 00:00", "mon": "2026-11-30 00:00", "tue": "2026-12-01 00:00", "today": "2026-11-24 00:00",
		"1d UTC": "2026-11-24 09:00", "2027-02-21": "2027-02-21 00:00", "2027-02-21T09:00Z": "2027-02-21 09:00",
	} {
		e, err := Parse(in, late, tokyo)
		if got := face(e.At); err != nil || got != want {
			t.Errorf("Parse(%q) = %s, %v; want %s", in, got, err, want)
		}
	}
	if e, err := Parse("1d", monday, nil); err != nil || face(e.At) != "2026-11-24 09:00" {
		t.Errorf("without a location: %v, %v", e, err)
	}
}

func TestParseRefuses(t *testing.T) {
	const usual = "; try 90d, 2027-02-21 or eom"
	for in, want := range map[string]string{
		"":                                `"" is empty` + usual,
		" \t":                             `"" is empty` + usual,
		"soon":                            `"soon" is no expiry` + usual,
		"30x":                             `"30x" has an unknown unit: d, w, m (months), y, h and min are known` + usual,
		"30":                              `"30" is a number without a unit` + usual,
		"-5d":                             `"-5d" is in the past` + usual,
		"in -5 days":                      `"in -5 days" is in the past` + usual,
		"0d":                              `"0d" is no time at all: the least is 1` + usual,
		"000h":                            `"000h" is no time at all: the least is 1` + usual,
		"1.5d":                            `"1.5d" is no expiry` + usual,
		"1y6m":                            `"1y6m" is no expiry` + usual,
		"5 ago":                           `"5 ago" has an unknown unit: d, w, m (months), y, h and min are known` + usual,
		"101y":                            `"101y" is more than 100 years away` + usual,
		"36526d":                          `"36526d" is more than 100 years away` + usual,
		"99999999h":                       `"99999999h" is more than 100 years away` + usual,
		"99999999y":                       `"99999999y" is more than 100 years away` + usual,
		"123456789d":                      `"123456789d" is more than 100 years away` + usual,
		"2126-11-24":                      `"2126-11-24" is more than 100 years away` + usual,
		"9999-12-31T23:59:59Z":            `"9999-12-31T23:59:59Z" is more than 100 years away` + usual,
		"12h 18:00":                       `"12h 18:00" counts from now and has a time of day` + usual,
		"in fri":                          `"in fri" is no expiry` + usual,
		"next":                            `"next" is no expiry` + usual,
		"next week":                       `"next week" names no day of next week, as "next fri" does` + usual,
		"fr":                              `"fr" is no expiry` + usual,
		"never 18:00":                     `"never 18:00" is no expiry` + usual,
		"never UTC":                       `"never UTC" needs no time zone` + usual,
		"UTC":                             `"UTC" is a time zone and no time` + usual,
		"Europe/Berlin":                   `"Europe/Berlin" is a time zone and no time` + usual,
		"18:00":                           `"18:00" lacks the day` + usual,
		"tomorrow 24:00":                  `"tomorrow 24:00" has no valid time of day: they go from 00:00 to 23:59` + usual,
		"tomorrow 9:60":                   `"tomorrow 9:60" has no valid time of day: they go from 00:00 to 23:59` + usual,
		"tomorrow 9:00:60":                `"tomorrow 9:00:60" has no valid time of day: they go from 00:00 to 23:59` + usual,
		"2027-02-21T24:00Z":               `"2027-02-21T24:00Z" has no valid time of day: they go from 00:00 to 23:59` + usual,
		"2027-02-21T09:00+24:00":          `"2027-02-21T09:00+24:00" has no valid time of day: they go from 00:00 to 23:59` + usual,
		"2027-02-21T09:00 10:00":          `"2027-02-21T09:00 10:00" has a time of day that cannot be read` + usual,
		"2027-02-21T09:00:00.5":           `"2027-02-21T09:00:00.5" has a time of day that cannot be read` + usual,
		"tomorrow 09:00pm":                `"tomorrow 09:00pm" has a time of day that cannot be read` + usual,
		"2027-02-21T09:00Z Europe/Berlin": `"2027-02-21T09:00Z Europe/Berlin" has both an offset from UTC and a time zone` + usual,
		"2027-02-30T09:00Z":               `"2027-02-30T09:00Z" has no valid day: February 2027 has 28; try 2027-02-28, 90d or 2027-02-21`,
		"90d PST":                         `"90d PST" is no expiry` + usual,
		"90d Europe/Atlantis":             `"90d Europe/Atlantis" names no known time zone` + usual,
		"90d right/UTC":                   `"90d right/UTC" names no known time zone` + usual,
		"90d Etc/../UTC":                  `"90d Etc/../UTC" names no known time zone` + usual,
		"02/03/2027":                      `"02/03/2027" could be 2027-03-02 or 2027-02-03: write YYYY-MM-DD; try 2027-03-02, 2027-02-03 or 90d`,
		"21/02/2027":                      `"21/02/2027" does not begin with the year: write YYYY-MM-DD; try 2027-02-21, 90d or eom`,
		"03.03.2027":                      `"03.03.2027" does not begin with the year: write YYYY-MM-DD; try 2027-03-03, 90d or 2027-02-21`,
		"31-31-2027":                      `"31-31-2027" does not begin with the year: write YYYY-MM-DD` + usual,
		"02/03/2020":                      `"02/03/2020" could be 2020-03-02 or 2020-02-03: write YYYY-MM-DD` + usual,
		"2027-02-29":                      `"2027-02-29" has no valid day: February 2027 has 28; try 2027-02-28, 90d or 2027-02-21`,
		"2027-02-00":                      `"2027-02-00" has no valid day: February 2027 has 28; try 2027-02-28, 90d or 2027-02-21`,
		"2100-02-29":                      `"2100-02-29" has no valid day: February 2100 has 28; try 2100-02-28, 90d or 2027-02-21`,
		"2027-13-01":                      `"2027-13-01" has no valid month: they go from 01 to 12` + usual,
		"2027-00-01":                      `"2027-00-01" has no valid month: they go from 01 to 12` + usual,
		"2027-02/21":                      `"2027-02/21" is no expiry` + usual,
		"20270221":                        `"20270221" is a number without a unit` + usual,
		"30 Feb 2027":                     `"30 Feb 2027" has no valid day: February 2027 has 28; try 2027-02-28, 90d or 2027-02-21`,
		"21 Feb":                          `"21 Feb" lacks the year; try 2027-02-21, 90d or eom`,
		"Dec 24":                          `"Dec 24" lacks the year; try 2026-12-24, 2027-12-24 or 90d`,
		"21 Feb 27":                       `"21 Feb 27" has no year of four digits` + usual,
		"21 Fxx 2027":                     `"21 Fxx 2027" is no expiry` + usual,
		"2027 Feb 21":                     `"2027 Feb 21" is no expiry` + usual,
		"21 Feb 2027 now":                 `"21 Feb 2027 now" is no expiry` + usual,
		"Mon 2027-02-21":                  `"Mon 2027-02-21" does not fit: 2027-02-21 is a Sunday; try 2027-02-21, 90d or eom`,
		"a\x1b[0m":                        `"a\x1b[0m" is no expiry` + usual,
		strings.Repeat("1-", 45):          `"` + strings.Repeat("1-", 30) + `…" is no expiry` + usual,
		strings.Repeat("1-", 51):          `"` + strings.Repeat("1-", 30) + `…" is too long for an expiry` + usual,

		"today":                "\"today\" was 2026-11-23 09:00 UTC, 5 h ago" + usual,
		"today 14:32":          "\"today 14:32\" was 2026-11-23 14:32 UTC, just now" + usual,
		"2020-01-01":           "\"2020-01-01\" was 2020-01-01 09:00 UTC, 2518 days ago" + usual,
		"2026-11-23T14:32:10Z": "\"2026-11-23T14:32:10Z\" was 2026-11-23 14:32 UTC, just now" + usual,
		"yesterday":            `"yesterday" is no expiry` + usual,
	} {
		e, err := Parse(in, monday, time.UTC)
		if err == nil || err.Error() != want {
			t.Errorf("Parse(%q): got  %v, %v\n\twant %s", in, e, err, want)
		}
		if e != (Expiry{}) {
			t.Errorf("Parse(%q) returns %v with its error", in, e)
		}
	}
}

func TestPastErrorTellsTheInstantInItsZone(t *testing.T) {
	_, err := Parse("2026-11-23 15:00 Europe/Berlin", monday, time.UTC)
	past := (*PastError)(nil)
	if !errors.As(err, &past) || !past.At.Equal(time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)) || !past.Now.Equal(monday) {
		t.Fatalf("got %#v", err)
	}
	const want = `"2026-11-23 15:00 Europe/Berlin" was 2026-11-23 15:00 CET, 32 min ago; try 90d, 2027-02-21 or eom`
	if err.Error() != want {
		t.Errorf("got %s, want %s", err, want)
	}
}

func TestErrorsListThreeFormsThatAreRight(t *testing.T) {
	for _, in := range []string{"", "30x", "today", "02/03/2027", "Dec 24", "21 Feb", "2027-02-29", "200y", "2126-13-31", "31 nov"} {
		_, err := Parse(in, monday, time.UTC)
		var try []string
		switch e := err.(type) {
		case *FormatError:
			try = e.Try
		case *PastError:
			try = e.Try
		}
		if len(try) != 3 {
			t.Errorf("Parse(%q) suggests %q", in, try)
		}
		for i, s := range try {
			if _, err := Parse(s, monday, time.UTC); err != nil {
				t.Errorf("Parse(%q) suggests %q: %v", in, s, err)
			}
			if slices.Contains(try[:i], s) {
				t.Errorf("Parse(%q) suggests %q twice", in, s)
			}
		}
	}
}

func TestErrorsDoNotQuoteWhatLooksLikeASecret(t *testing.T) {
	const secret = "q7Rt2Vb9Xc4Mn8Lk3Jh6Gf1Ds5Ap0Zo"
	for _, in := range []string{secret, "pak_4kTMd9zqW8aB_" + secret, "90d " + secret, "2027-02-21 " + secret, "90d x/" + secret, strings.Repeat(secret, 9)} {
		_, err := Parse(in, monday, time.UTC)
		if err == nil || strings.Contains(err.Error(), secret[:8]) {
			t.Errorf("Parse(%q): %v", in, err)
		}
	}
}

func TestEndsOfPeriodsOnTheirLastDay(t *testing.T) {
	for _, c := range []struct{ now, in, want string }{
		{"2026-11-30 08:59", "eom", "2026-11-30 09:00"},
		{"2026-11-30 09:00", "eom", "2026-12-31 09:00"},
		{"2026-11-30 09:01", "eom 18:00", "2026-11-30 18:00"},
		{"2026-11-30 18:00", "eom 18:00", "2026-12-31 18:00"},
		{"2026-12-31 09:00", "eom", "2027-01-31 09:00"},
		{"2026-12-31 08:00", "eoq", "2026-12-31 09:00"},
		{"2026-12-31 09:00", "eoq", "2027-03-31 09:00"},
		{"2026-04-01 00:00", "eoq", "2026-06-30 09:00"},
		{"2026-12-31 09:00", "eoy", "2027-12-31 09:00"},
		{"2027-01-01 00:00", "eoy", "2027-12-31 09:00"},
		{"2028-02-01 00:00", "eom", "2028-02-29 09:00"},
	} {
		now, err := time.Parse("2006-01-02 15:04", c.now)
		if err != nil {
			t.Fatal(err)
		}
		e, err := Parse(c.in, now, time.UTC)
		if got := face(e.At); err != nil || got != c.want {
			t.Errorf("at %s: Parse(%q) = %s, %v; want %s", c.now, c.in, got, err, c.want)
		}
	}
}

func TestMonthsAreClamped(t *testing.T) {
	for _, c := range []struct{ now, in, want string }{
		{"2027-01-31", "1m", "2027-02-28"},
		{"2028-01-31", "1m", "2028-02-29"},
		{"2027-08-31", "1m", "2027-09-30"},
		{"2028-02-29", "1y", "2029-02-28"},
		{"2028-02-29", "4y", "2032-02-29"},
		{"2026-12-31", "2m", "2027-02-28"},
		{"2026-12-31", "14m", "2028-02-29"},
	} {
		now, err := time.Parse(time.DateOnly, c.now)
		if err != nil {
			t.Fatal(err)
		}
		e, err := Parse(c.in, now, time.UTC)
		if got := DateOf(e.At, time.UTC).String(); err != nil || got != c.want {
			t.Errorf("on %s: Parse(%q) = %s, %v; want %s", c.now, c.in, got, err, c.want)
		}
	}
}

func TestWeekdaysOnEveryDayOfAWeek(t *testing.T) {
	names := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	for today := range names {
		now := time.Date(2026, 11, 23+today, 8, 0, 0, 0, time.UTC)
		for i, name := range names {
			in := i - today
			if in <= 0 {
				in += 7
			}
			e, err := Parse(name, now, time.UTC)
			if want := DateOf(now, nil).AddDays(in); err != nil || DateOf(e.At, nil) != want {
				t.Errorf("on %s: %s is %v, %v; want %v", names[today], name, e, err, want)
			}
			e, err = Parse("next "+name, now, time.UTC)
			if want := (Date{2026, 11, 30}).AddDays(i); err != nil || DateOf(e.At, nil) != want {
				t.Errorf("on %s: next %s is %v, %v; want %v", names[today], name, e, err, want)
			}
		}
	}
}

func TestParseTellsOfClockChanges(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	e, err := Parse("2027-03-28 02:30 Europe/Berlin", now, time.UTC)
	const want = "2027-03-28 02:30 does not exist in Europe/Berlin (clocks go forward): 03:30 is meant"
	if err != nil || e.Note != want || e.String() != "2027-03-28T01:30:00Z" {
		t.Errorf("got %v, %q, %v", e, e.Note, err)
	}
	e, err = Parse("2027-10-31 02:30", now, zone(t, "Europe/Berlin"))
	const twice = "2027-10-31 02:30 happens twice in Europe/Berlin (clocks go back): the first is meant, 02:30 CEST"
	if err != nil || e.Note != twice || e.String() != "2027-10-31T00:30:00Z" {
		t.Errorf("got %v, %q, %v", e, e.Note, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"never", "90d", "+6w", "in 90 days", "1 year", "12h", "30min", "2027-02-21", "2027-02-21 09:00", "2027-02-21T09:00:00+01:00", "eom", "eoq 18:00", "eoy",
		"fri", "next fri", "today 18:00", "tomorrow", "21 Feb 2027", "Feb 21, 2027", "02/03/2027", "90d Europe/Berlin", "2027-03-28 02:30 Europe/Berlin",
		"30x", "-5d", "0d", "99999999y", "at 18:00", "Sun 2027-02-21 09:00 UTC", "2027-02-21 09:00 +01:00", "\xff", "1d /", "1d A/", "eom 23:59:59 z", "2126-11-23",
		"2040-12-31 09:00 Europe/Berlin",
	} {
		f.Add(s, monday.Unix(), uint8(0))
		f.Add(s, int64(1_330_000_000), uint8(3))
	}
	zones := []*time.Location{
		time.UTC, zone(f, "Europe/Berlin"), zone(f, "America/New_York"), zone(f, "Australia/Lord_Howe"), zone(f, "Pacific/Apia"), nil,
	}
	f.Fuzz(func(t *testing.T, s string, unix int64, z uint8) {
		const year3000 = 32_503_680_000
		now := time.Unix(unix%year3000, 999_999_999)
		e, err := Parse(s, now, zones[int(z)%len(zones)])
		if err != nil {
			if e != (Expiry{}) || !strings.Contains(err.Error(), "; try ") {
				t.Fatalf("Parse(%q) = %v, %v", s, e, err)
			}
			return
		}
		again, err := Parse(e.String(), now, nil)
		if err != nil || !again.At.Equal(e.At) || again.Never() != e.Never() {
			t.Fatalf("Parse(%q) = %v, which is read as %v, %v", s, e, again, err)
		}
		if e.Never() {
			return
		}
		if !e.At.After(now) || e.At.After(now.AddDate(MaxYears, 0, 2)) || e.At.Nanosecond() != 0 || e.At.Location() != time.UTC {
			t.Fatalf("at %v: Parse(%q) = %v", now, s, e.At)
		}
	})
}
