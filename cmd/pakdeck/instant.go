package main

import (
	"errors"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/records"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/text"
)

// instant is a time in the output.
type instant = records.Instant

// expiryText returns an expiry for people: "2027-02-21T09:00:00Z (in 90 days)".
func expiryText(at, now time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return instant(at).String() + " (" + expiry.In(at, now) + ")"
}

// ago returns a past time for a column: "3m", or "-" for none.
func ago(at, now time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return text.Ago(now.Sub(at))
}

// parseExpiry reads --expires. What the operator should know is noted.
func (a *app) parseExpiry(s string) (time.Time, error) {
	e, err := expiry.Parse(s, a.now(), a.loc)
	if err != nil {
		return time.Time{}, err
	}
	if e.Note != "" {
		a.note("%s", e.Note)
	}
	return e.At, nil
}

// atOnce is the word for a key without a first day.
const atOnce = "now"

// parseNotBefore reads --not-before.
func (a *app) parseNotBefore(s string) (time.Time, error) {
	if strings.TrimSpace(s) == atOnce {
		return time.Time{}, nil
	}
	e, err := expiry.Parse(s, a.now(), a.loc)
	if past, ok := errors.AsType[*expiry.PastError](err); ok {
		return time.Time{}, usagef("--not-before %s is in the past (%s): write now, or a later date", text.Quote(s), instant(past.At))
	}
	switch {
	case err != nil:
		return time.Time{}, err
	case e.Never():
		return time.Time{}, usagef("--not-before %s: a key that never begins is of no use; write now, or a date", text.Quote(s))
	}
	if e.Note != "" {
		a.note("%s", e.Note)
	}
	return e.At, nil
}
