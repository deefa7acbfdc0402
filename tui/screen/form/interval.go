package form

import (
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
)

// Interval reads how old a secret may grow; nothing, and "policy", is what the
// policy says.
func Interval(typed string) (time.Duration, error) { return span(typed, keystore.CheckInterval) }

// Warning reads how long before its end a key is expiring, likewise.
func Warning(typed string) (time.Duration, error) { return span(typed, keystore.CheckWarning) }

func span(typed string, check func(time.Duration) error) (time.Duration, error) {
	switch strings.ToLower(strings.TrimSpace(typed)) {
	case "", "policy":
		return 0, nil
	}
	d, err := expiry.ParseSpan(typed)
	if err != nil {
		return 0, err
	}
	return d, check(d)
}

// IntervalText writes an interval as it can be typed; that of the policy is
// empty.
func IntervalText(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == 0:
		return ""
	case d%day == 0:
		return fmt.Sprintf("%dd", d/day)
	}
	return fmt.Sprintf("%dh", d/time.Hour)
}

// IntervalWords tells what an interval means under a policy.
func IntervalWords(d time.Duration, p keystore.Policy) string {
	switch {
	case d > 0:
		return "due to be rotated every " + IntervalText(d)
	case p.RotateEvery > 0:
		return "as the policy says, every " + IntervalText(p.RotateEvery)
	}
	return "as the policy says, which asks for no rotation"
}

// WarningWords tells what a warning time means under a policy.
func WarningWords(d time.Duration, p keystore.Policy) string {
	if d > 0 {
		return "expiring in its last " + IntervalText(d)
	}
	return "as the policy says, in its last " + IntervalText(p.WarnBefore)
}
