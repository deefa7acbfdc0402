package expiry

import (
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// ParseSpan reads a length of time: "24h", "30min", "7d", "2w". A day has 24
// hours. Months and years are refused, because they have no fixed length. The
// error is a [*FormatError].
func ParseSpan(s string) (time.Duration, error) {
	p := parser{input: strings.TrimSpace(s)}
	refuse := func(reason string) (time.Duration, error) {
		return 0, &FormatError{quote.Input(p.input), reason, []string{"24h", "30min", "7d"}}
	}
	m := spanForm.FindStringSubmatch(strings.ToLower(p.input))
	if m == nil || m[1] == "-" {
		return refuse("is no length of time")
	}
	digits := strings.TrimLeft(m[2], "0")
	u, known := findUnit(m[3])
	switch {
	case m[3] == "":
		return refuse("is a number without a unit")
	case !known:
		return refuse("has an unknown unit: min, h, d and w are known")
	case u.months > 0:
		return refuse("has no fixed length: give it in days")
	case digits == "":
		return refuse("is no time at all: the least is 1")
	case len(digits) > maxDigits:
		return refuse("is more than 100 years")
	}
	each := max(u.exact, time.Duration(u.days)*oneDay)
	if number(digits) > int(maxExact/each) {
		return refuse("is more than 100 years")
	}
	return time.Duration(number(digits)) * each, nil
}
