package main

import (
	"strings"

	"github.com/pakdeck/pakdeck/tui/text"
)

// count returns "1 key" or "3 keys".
func count(n int, noun string) string { return text.Plural(int64(n), noun) }

// joined returns words as "a, b and c".
func joined(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}
