package pak

import (
	"encoding/hex"
	"errors"
	"strings"
)

// plainMarks are the bytes besides letters and digits that stand for
// themselves in a value.
const plainMarks = "_.,:/@+=-"

func isPlain(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte(plainMarks, c) >= 0
}

// escape percent-encodes what may not stand in a value, "%" itself too.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		// zsh takes =name at the start of a value or after a colon for the
		// path of a command.
		expands := c == '=' && (i == 0 || s[i-1] == ':')
		if isPlain(c) && !expands {
			b.WriteByte(c)
			continue
		}
		const digits = "0123456789ABCDEF"
		b.WriteByte('%')
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&0xf])
	}
	return b.String()
}

var (
	errNotPlain = errors.New("want A-Z, a-z, 0-9, " + plainMarks + " and the rest as %XX")
	errPercent  = errors.New(`"%" needs two hexadecimal digits after it`)
)

// unescape reverses escape.
func unescape(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isPlain(c):
			b.WriteByte(c)
		case c != '%':
			return "", errNotPlain
		case len(s)-i < 3:
			return "", errPercent
		default:
			octet, err := hex.DecodeString(s[i+1 : i+3])
			if err != nil {
				return "", errPercent
			}
			b.Write(octet)
			i += 2
		}
	}
	return b.String(), nil
}
