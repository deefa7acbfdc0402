package text

import (
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// Ago writes a duration in at most seven cells for a column: "now" (under a
// second), "12s", "3m", "9h", "2d 4h" (hours only below a week), "94d", and
// years of 365 days from 1000 days on: "3y". It rounds towards zero; a
// negative duration has a minus sign.
func Ago(d time.Duration) string {
	if d < 0 {
		// -d would overflow for the smallest duration.
		if s := Ago(-max(d, -1<<63+1)); s != "now" {
			return "-" + s
		}
		return "now"
	}
	days := int(d / day)
	hours := int(d % day / time.Hour)
	switch {
	case d < time.Second:
		return "now"
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + "s"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	case days == 0:
		return strconv.Itoa(hours) + "h"
	case days < 7 && hours > 0:
		return strconv.Itoa(days) + "d " + strconv.Itoa(hours) + "h"
	case days < 1000:
		return strconv.Itoa(days) + "d"
	default:
		return strconv.Itoa(days/365) + "y"
	}
}

// number is what is counted in.
type number interface {
	~int | ~int32 | ~int64 | ~uint64
}

// Count writes n, of at most 63 bits, with a space between groups of three digits:
// "41 208".
func Count[N number](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	sign, digits := "", s
	if n < 0 {
		sign, digits = "-", s[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Plural returns "1 key", "2 keys", "41 208 keys" for the noun "key".
func Plural[N number](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Count(n) + " " + noun + "s"
}
