package filter

import (
	"strings"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/keystore/filter/haystack"
)

// pattern is a text to be found in another, which is in lower case.
type pattern struct {
	parts []string // in lower case; what stands between the "*"
	whole bool     // there was a "*": the parts must cover the whole text
	loose string   // in lower case: its characters must follow each other somehow
}

func newPattern(s string) pattern {
	if loose, ok := strings.CutPrefix(s, "~"); ok {
		return pattern{loose: strings.ToLower(loose)}
	}
	parts := strings.Split(strings.ToLower(s), "*")
	return pattern{parts: parts, whole: len(parts) > 1}
}

// letters returns those that every text that meets the pattern holds.
func (p pattern) letters() haystack.Letters {
	return haystack.LettersOf(p.loose) | haystack.LettersOf(p.parts...)
}

// in reports whether the pattern is met by s, which is in lower case.
func (p pattern) in(s string) bool {
	switch {
	case p.loose != "":
		return follows(s, p.loose)
	case !p.whole:
		return strings.Contains(s, p.parts[0])
	}
	first, last := p.parts[0], p.parts[len(p.parts)-1]
	s, ok := strings.CutPrefix(s, first)
	if !ok {
		return false
	}
	for _, part := range p.parts[1 : len(p.parts)-1] {
		if _, s, ok = strings.Cut(s, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(s, last)
}

// follows reports whether all characters of lower are in s, in this order.
func follows(s, lower string) bool {
	for _, want := range lower {
		i := strings.IndexRune(s, want)
		if i < 0 {
			return false
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		s = s[i+size:]
	}
	return true
}
