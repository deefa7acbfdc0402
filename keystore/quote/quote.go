// Package quote puts texts into messages: on one line, with escapes visible,
// and bounded. What somebody gave is not put in at all if it may be a key that
// was pasted into the wrong place, because messages end in logs.
package quote

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	most = 60 // characters of a text that are shown
	// secretRun is how many letters and digits in a row make a text look like
	// a key string, whose tail has 49. No word of a date, an address or a
	// scope has so many, and a host name rarely.
	secretRun = 20
)

// Text returns s in double quotes, escaped as by [strconv.Quote] and cut after
// 60 characters. It is for names and other texts that are no secrets.
func Text(s string) string { return strconv.Quote(Cut(s)) }

// Cut returns s if it has at most 60 characters, else the first 60 and "…".
func Cut(s string) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// Input returns what [Text] does, or only how long s is if it has 20 letters or
// digits in a row.
func Input(s string) string {
	if mayBeSecret(s) {
		return fmt.Sprintf("(%d characters, not shown)", len([]rune(s)))
	}
	return Text(s)
}

// Shell returns s as one word of a POSIX shell, for a command that can be copied.
func Shell(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._@+/:,=%-", r)
	}
	if s != "" && s[0] != '-' && strings.TrimFunc(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func mayBeSecret(s string) bool {
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
