package main

import (
	"strings"

	"github.com/pakdeck/pakdeck/tui/text"
)

// quote quotes what somebody typed for a message: escapes are visible and the
// length is bounded.
func quote(s string) string { return text.Quote(s) }

// count returns "1 key" or "3 keys".
func count(n int, noun string) string { return text.Plural(int64(n), noun) }

// joined returns words as "a, b and c".
func joined(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}
