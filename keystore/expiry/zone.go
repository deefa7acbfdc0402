package expiry

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// zoneShape is what names of the IANA database with a slash look like. It
// keeps paths and the database's own other trees (posix/, right/) out.
var zoneShape = regexp.MustCompile(`^[A-Z][A-Za-z_+-]*(/[A-Za-z0-9_+-]+){1,2}$`)

// takeZone removes a zone from the end of the input and makes it the parser's.
func (p *parser) takeZone() error {
	last := len(p.words) - 1
	name := p.words[last]
	switch strings.ToUpper(name) {
	case "UTC", "GMT", "Z":
		p.loc = time.UTC
	default:
		if !strings.Contains(name, "/") || !unicode.IsLetter(rune(name[0])) {
			return nil
		}
		loc, ok := findZone(name)
		if !ok {
			return p.refuse("names no known time zone")
		}
		p.loc = loc
	}
	p.words, p.zoned = p.words[:last], true
	if last == 0 {
		return p.refuse("is a time zone and no time")
	}
	return nil
}

// Zone returns the time zone of a name as [Parse] takes it at the end of an
// input: UTC, or one of the IANA database with a slash in it. The case does not
// matter.
func Zone(name string) (*time.Location, error) {
	switch strings.ToUpper(name) {
	case "UTC", "GMT", "Z":
		return time.UTC, nil
	}
	if loc, ok := findZone(name); ok {
		return loc, nil
	}
	return nil, fmt.Errorf("%s names no known time zone; write UTC or a name such as Europe/Berlin", quote.Input(name))
}

// findZone looks a name up as it is written, then as it is usually written.
func findZone(name string) (*time.Location, bool) {
	for _, n := range []string{name, usualCase(name)} {
		if !zoneShape.MatchString(n) {
			continue
		}
		if loc, err := time.LoadLocation(n); err == nil {
			return loc, true
		}
	}
	return nil, false
}

// usualCase writes a zone name as most are written: America/Port_of_Spain.
func usualCase(name string) string {
	b := []byte(strings.ToLower(name))
	start := 0
	for i := range b {
		if i > 0 && strings.IndexByte("/_-", b[i-1]) >= 0 {
			start = i
		}
		if i == start && !hasSmallWord(string(b[i:])) {
			b[i] = byte(unicode.ToUpper(rune(b[i])))
		}
	}
	return string(b)
}

// hasSmallWord reports whether s begins with a word inside a name that is not
// capitalised: Isle_of_Man, Dar_es_Salaam, Port-au-Prince.
func hasSmallWord(s string) bool {
	for _, w := range []string{"of_", "es_", "au-"} {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}
