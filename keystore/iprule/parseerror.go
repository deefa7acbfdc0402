package iprule

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// ParseError says why an input is no address rule.
type ParseError struct {
	Input  string // at most 60 characters of it; not shown at all if it could be a secret that was pasted into the wrong field
	Reason string // continues the input: "has a port"
	Fix    string // what would be right: "write 192.0.2.1"
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("%q %s: %s", e.Input, e.Reason, e.Fix)
}

func refuse(input, reason, fix string) *ParseError {
	return &ParseError{showable(strings.TrimSpace(input)), reason, fix}
}

const (
	shownRunes = 60
	// secretRun is how many letters and digits in a row make an input look
	// like a key. An address has four at most, a host name rarely so many.
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
