package form

import (
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore/expiry"
)

// When writes an instant in words: "Sun 2027-02-21 09:00 UTC, in 90 days". If
// zone is another one than UTC, its clock follows.
func When(at, now time.Time, zone *time.Location) string {
	if at.IsZero() {
		return "never"
	}
	words := at.UTC().Format("Mon 2006-01-02 15:04 MST") + ", " + expiry.In(at, now.In(orUTC(zone)))
	if local := expiry.Local(at, zone); local != expiry.Local(at, nil) {
		words += ", " + local
	}
	return words
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

// Instant reads what was typed as an instant: nothing, "now" and the words of
// an empty value are the zero time. note tells what an operator should know.
func Instant(typed string, now time.Time, zone *time.Location) (at time.Time, note string, err error) {
	if s := strings.ToLower(strings.TrimSpace(typed)); s == "" || s == "now" || s == "at once" {
		return time.Time{}, "", nil
	}
	e, err := expiry.Parse(typed, now, orUTC(zone))
	return e.At, e.Note, err
}
