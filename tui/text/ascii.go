package text

import (
	"strings"
	"unicode/utf8"
)

// asciiForms are the width-1 glyphs that the dashboard draws, in ASCII.
var asciiForms = map[rune]byte{
	'…': '~', '•': '*', '●': '*', '○': 'o', '✓': 'x', '·': '.', '–': '-', '—': '-',
	'─': '-', '│': '|', '┌': '+', '┐': '+', '└': '+', '┘': '+', '├': '+', '┤': '+', '┬': '+', '┴': '+', '┼': '+',
	'▁': '_', '▂': '.', '▃': ':', '▄': '-', '▅': '=', '▆': '+', '▇': '*', '█': '#',
	'░': '.', '▒': ':', '▓': '+',
	'↑': '^', '↓': 'v', '←': '<', '→': '>', '▲': '^', '▼': 'v',
}

// Locale returns the variable of an environment that decides which characters a
// terminal shows, its value, and whether that is UTF-8: the first of these that is
// set decides, as in POSIX. Without one it is ASCII.
func Locale(getenv func(string) string) (variable, value string, utf8 bool) {
	for _, variable := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := getenv(variable); value != "" {
			v := strings.ToLower(value)
			return variable, value, strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return "", "", false
}

// ASCII replaces whatever is not ASCII by something of the same width: what
// the dashboard draws by its ASCII form, other characters by a question mark
// for each cell. Bytes below 0x80 stay, so styled text keeps its sequences.
// It is for terminals that cannot show UTF-8.
func ASCII(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		form, known := asciiForms[r]
		switch {
		case r < utf8.RuneSelf:
			b.WriteByte(s[i])
		case known:
			b.WriteByte(form)
		case r == utf8.RuneError && n == 1:
			b.WriteByte('?')
		default:
			b.WriteString(strings.Repeat("?", Width(s[i:i+n])))
		}
		i += n
	}
	return b.String()
}
