package filter

import (
	"strconv"
	"strings"
	"time"
)

const never = "never"

// ageForms says how ages are written.
const ageForms = "write an age such as <7d or >30d, in min, h, d, w, m (30 days) or y (365 days)"

const day = 24 * time.Hour

var ageUnits = map[string]time.Duration{
	"min": time.Minute, "h": time.Hour, "d": day, "w": 7 * day, "m": 30 * day, "y": 365 * day,
}

// maxAge keeps ages within what a time.Duration holds.
const maxAge = 100 * 365 * day

// parseAge reads "<7d", ">30d" or "7d", which means "<7d".
func parseAge(value string) (age time.Duration, more, ok bool) {
	value = strings.ToLower(value)
	rest, more := strings.CutPrefix(value, ">")
	if !more {
		rest = strings.TrimPrefix(value, "<")
	}
	digits := strings.TrimRight(rest, "minhdwy")
	unit := ageUnits[rest[len(digits):]]
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || unit == 0 || n > uint64(maxAge/unit) {
		return 0, false, false
	}
	return time.Duration(n) * unit, more, true
}

func compileSeen(value string) (matcher, string) {
	if strings.EqualFold(value, never) {
		return matcher{in: func(r *run) test { return func(i int) bool { return r.index.seen[i] == 0 } }}, ""
	}
	age, more, ok := parseAge(value)
	if !ok {
		return matcher{}, ageForms + ", or never"
	}
	return matcher{in: func(r *run) test {
		from := r.now.Add(-age).UnixMilli()
		return func(i int) bool {
			seen := r.index.seen[i]
			return (seen != 0 && seen >= from) != more
		}
	}}, ""
}

func compileExpires(value string) (matcher, string) {
	if strings.EqualFold(value, never) {
		return matcher{in: func(r *run) test {
			return func(i int) bool { _, expires := r.index.lives[i].Ends(); return !expires }
		}}, ""
	}
	ahead, more, ok := parseAge(value)
	if !ok {
		return matcher{}, ageForms + ", or never"
	}
	return matcher{in: func(r *run) test {
		now, until := r.now.UnixMilli(), r.now.Add(ahead).UnixMilli()
		return func(i int) bool {
			ends, expires := r.index.lives[i].Ends()
			if !expires || ends > until {
				return more
			}
			return !more && ends > now
		}
	}}, ""
}

func compileCreated(value string) (matcher, string) {
	age, more, ok := parseAge(value)
	if !ok {
		return matcher{}, ageForms
	}
	return matcher{in: func(r *run) test {
		from := r.now.Add(-age).UnixMilli()
		return func(i int) bool { return (r.index.created[i] < from) == more }
	}}, ""
}
