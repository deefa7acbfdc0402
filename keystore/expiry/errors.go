package expiry

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// FormatError says why an input is no expiry.
type FormatError struct {
	Input  string   // at most 60 characters of it; not shown at all if it could be a secret that was pasted into the wrong field
	Reason string   // continues the input: "is a number without a unit"
	Try    []string // three forms that would be right
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%q %s; %s", e.Input, e.Reason, advice(e.Try))
}

// PastError refuses an instant that is not in the future.
type PastError struct {
	Input string    // as in [FormatError]
	At    time.Time // what the input means, in the zone it was meant in
	Now   time.Time
	Try   []string // three forms that would be right
}

func (e *PastError) Error() string {
	return fmt.Sprintf("%q was %s, %s; %s", e.Input, Local(e.At, e.At.Location()), In(e.At, e.Now), advice(e.Try))
}

func advice(try []string) string {
	last := len(try) - 1
	return "try " + strings.Join(try[:last], ", ") + " or " + try[last]
}

// suggest returns three forms that would be right: the days that are in the
// future, then forms that always are.
func (p *parser) suggest(days ...Date) []string {
	const want = 3
	var try []string
	for _, d := range days {
		if p.today.Before(d) && !p.lastDay().Before(d) {
			try = append(try, d.String())
		}
	}
	for _, s := range []string{"90d", p.today.AddDays(90).String(), "eom"} {
		if !slices.Contains(try, s) {
			try = append(try, s)
		}
	}
	return try[:want]
}

func (p *parser) refuse(format string, args ...any) error {
	return p.refuseFor(nil, format, args...)
}

// refuseFor refuses the input and suggests days in place of it.
func (p *parser) refuseFor(days []Date, format string, args ...any) error {
	return &FormatError{showable(p.input), fmt.Sprintf(format, args...), p.suggest(days...)}
}

const (
	shownRunes = 60
	// secretRun is how many letters and digits in a row make an input look
	// like a key. No word of a date has so many.
	secretRun = 20
)

func showable(s string) string {
	n := utf8.RuneCountInString(s)
	switch {
	case looksSecret(s):
		return fmt.Sprintf("(%d characters, not shown)", n)
	case n > shownRunes:
		return string([]rune(s)[:shownRunes-1]) + "…"
	default:
		return s
	}
}

func looksSecret(s string) bool {
	run := 0
	for i := range len(s) {
		if !isWordByte(s[i]) {
			run = 0
			continue
		}
		if run++; run >= secretRun {
			return true
		}
	}
	return false
}

func isWordByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
