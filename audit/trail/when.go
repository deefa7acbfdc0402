package trail

import (
	"fmt"
	"strconv"
	"time"

	"github.com/pakdeck/pakdeck/keystore/filter"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// timeForms says how times are written.
const timeForms = "30m, 12h, 7d, 4w, 2026-11-23 or 2026-11-23T09:00:00Z"

func (f *Filter) addTime(w filter.Word, now time.Time) error {
	at, err := ParseTime(w.Values[0], now)
	if err != nil || w.Not || len(w.Values) > 1 {
		return &filter.SyntaxError{Term: w.Raw, Text: "write " + w.Field + ": and one of " + timeForms}
	}
	if w.Field == "since" {
		f.Since, f.since = at, journal.Stamp(at)
	} else {
		f.Until, f.until = at, journal.Stamp(at)
	}
	return nil
}

var timeUnits = map[byte]time.Duration{
	's': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour,
}

// ParseTime reads an age that counts back from now (30m, 12h, 7d, 4w), a date, the
// beginning of which is meant in UTC, or an RFC 3339 instant.
func ParseTime(s string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return t.UTC(), nil
		}
	}
	if s != "" {
		unit := timeUnits[s[len(s)-1]]
		n, err := strconv.ParseUint(s[:len(s)-1], 10, 32)
		if err == nil && unit != 0 && n <= uint64(100*365*24*time.Hour/unit) {
			return now.Add(-time.Duration(n) * unit).UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time; write one such as %s", s, timeForms)
}
