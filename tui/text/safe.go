package text

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks may stand on one character. Written
// languages need up to four; more only smear over neighbouring lines.
const maxMarks = 4

// Safe returns s as one line that does nothing to a terminal but print. These
// become visible escapes in Go's notation (\x1b, \u202e, \U000e0041, and \xff
// for a byte that is not UTF-8):
//
//   - control characters (C0, DEL, C1), line and paragraph separators;
//   - format characters: bidirectional controls, zero-width joiners and
//     spaces, the byte order mark, tags; and whatever else Unicode lists as
//     default-ignorable (fillers, variation selectors);
//   - private, unassigned and surrogate code points;
//   - runes on whose width terminals disagree: regional indicators, emoji
//     skin tones, enclosing marks;
//   - combining marks that have no character to stand on, or are the fifth
//     or later on one.
//
// Safe text comes back as it is, so Safe(Safe(s)) == Safe(s).
func Safe(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	marks := maxMarks
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch c := s[i : i+n]; {
		case r == utf8.RuneError && n == 1, risky(r):
			b.WriteString(escape(c))
			marks = maxMarks
		case unicode.Is(unicode.M, r) && marks == maxMarks:
			b.WriteString(escape(c))
		case unicode.Is(unicode.M, r):
			b.WriteString(c)
			marks++
		default:
			b.WriteString(c)
			marks = 0
		}
		i += n
	}
	return b.String()
}

// Unsafe returns the first character of s that [Safe] would escape, in its
// escaped form, and false if there is none.
func Unsafe(s string) (escaped string, found bool) {
	marks := maxMarks
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		mark := unicode.Is(unicode.M, r)
		if (r == utf8.RuneError && n == 1) || risky(r) || mark && marks == maxMarks {
			return escape(s[i : i+n]), true
		}
		marks++
		if !mark {
			marks = 0
		}
		i += n
	}
	return "", false
}

// plain reports whether s is printable ASCII, for which bytes are cells.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func risky(r rune) bool {
	if r >= ' ' && r <= '~' {
		return false
	}
	const (
		flagA, flagZ      = 0x1f1e6, 0x1f1ff
		lightest, darkest = 0x1f3fb, 0x1f3ff
	)
	return !unicode.IsGraphic(r) ||
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Me) ||
		r >= flagA && r <= flagZ || r >= lightest && r <= darkest
}

func escape(c string) string {
	q := strconv.QuoteToASCII(c)
	return q[1 : len(q)-1]
}

// maxQuoted bounds what an error repeats of its input, in runes.
const maxQuoted = 60

// Quote returns s in double quotes, escaped as by [strconv.Quote] and cut after
// 60 runes, for errors and messages.
func Quote(s string) string {
	n := 0
	for i := range s {
		if n == maxQuoted {
			return strconv.Quote(s[:i] + Ellipsis)
		}
		n++
	}
	return strconv.Quote(s)
}
