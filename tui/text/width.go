package text

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Ellipsis stands for what was cut off. It is one cell wide.
const Ellipsis = "…"

// Width returns the cells that s takes. ANSI sequences take none.
func Width(s string) int {
	if plain(s) {
		return len(s)
	}
	return ansi.StringWidthWc(s)
}

// Truncate returns s, made safe, in at most w cells; if something had to be
// cut off, it ends in an [Ellipsis]. A wide character is never split.
func Truncate(s string, w int) string {
	s = Safe(s)
	if w <= 0 {
		return ""
	}
	if Width(s) <= w {
		return s
	}
	return s[:prefix(s, w-1)] + Ellipsis
}

// TruncateMiddle is like [Truncate] but cuts in the middle and keeps a quarter
// of the room for the end: "01JZK7…W3". It suits ids and paths.
func TruncateMiddle(s string, w int) string {
	s = Safe(s)
	if w <= 0 {
		return ""
	}
	if Width(s) <= w {
		return s
	}
	tail := (w - 1) / 4
	return s[:prefix(s, w-1-tail)] + Ellipsis + s[suffix(s, tail):]
}

// Pad returns s with spaces added on the right up to w cells. It does not cut.
func Pad(s string, w int) string {
	return s + Spaces(w-Width(s))
}

// PadLeft returns s with spaces added on the left up to w cells.
func PadLeft(s string, w int) string {
	return Spaces(w-Width(s)) + s
}

// Fit returns s, made safe, in exactly w cells: cut like [Truncate] or padded
// on the right. A negative w counts as zero.
func Fit(s string, w int) string {
	if len(s) <= w && plain(s) {
		return s + Spaces(w-len(s))
	}
	return Pad(Truncate(s, w), w)
}

// FitLeft is [Fit] with the padding on the left, for numbers.
func FitLeft(s string, w int) string {
	return PadLeft(Truncate(s, w), w)
}

// FitStyled returns one line of styled text in exactly w cells. Its ANSI
// sequences are kept, so s must come from this program, not from outside.
func FitStyled(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if Width(s) > w {
		s = ansi.TruncateWc(s, w, Ellipsis)
	}
	return Pad(s, w)
}

const blanks = "                                                                                                                                "

// Spaces returns n spaces, and none for a negative n.
func Spaces(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(blanks) {
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

// prefix returns how many bytes of s fit in w cells.
func prefix(s string, w int) int {
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		w -= Width(s[i : i+n])
		if w < 0 {
			return i
		}
		i += n
	}
	return len(s)
}

// suffix returns where the last w cells of s begin, without the marks of a
// character that was cut off.
func suffix(s string, w int) int {
	start := len(s)
	for i := len(s); i > 0; {
		_, n := utf8.DecodeLastRuneInString(s[:i])
		i -= n
		cells := Width(s[i : i+n])
		w -= cells
		if w < 0 {
			break
		}
		if cells > 0 {
			start = i
		}
	}
	return start
}
