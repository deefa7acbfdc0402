package expiry

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestParseSpan(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"24h": 24 * time.Hour, "30min": 30 * time.Minute, " 7d ": 168 * time.Hour, "2 weeks": 336 * time.Hour,
		"+1H": time.Hour, "in 3 days": 72 * time.Hour, "007d": 168 * time.Hour,
	} {
		if got, err := ParseSpan(in); err != nil || got != want {
			t.Errorf("ParseSpan(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
}

func TestParseSpanSaysWhatIsWrong(t *testing.T) {
	for in, want := range map[string]string{
		"":              "is no length of time",
		"soon":          "is no length of time",
		"-1h":           "is no length of time",
		"90":            "is a number without a unit",
		"3 fortnights":  "has an unknown unit",
		"1 month":       "has no fixed length",
		"1y":            "has no fixed length",
		"0h":            "is no time at all",
		"99999999d":     "is more than 100 years",
		"999999999999h": "is more than 100 years",
		"2027-02-21":    "is no length of time",
		"pak_4kTMd9zqW8aB_0000000000000000000000000": "characters, not shown",
	} {
		_, err := ParseSpan(in)
		var bad *FormatError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseSpan(%q) = %v, want a *FormatError with %q", in, err, want)
		}
	}
}

func FuzzParseSpan(f *testing.F) {
	for _, s := range []string{"24h", "30min", "7d", "2 weeks", "in 3 days", "-1h", "1m", "99999999d", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseSpan(s); err == nil && (d < time.Minute || d > maxExact) {
			t.Errorf("ParseSpan(%q) = %v", s, d)
		}
	})
}
