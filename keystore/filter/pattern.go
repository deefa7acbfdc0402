package filter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// pattern is a text to be found in another, whatever the case.
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

// in reports whether the pattern is met by s.
func (p pattern) in(s string) bool {
	switch {
	case p.loose != "":
		return follows(s, p.loose)
	case !p.whole:
		return containsFold(s, p.parts[0])
	}
	s = strings.ToLower(s)
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
	for _, c := range s {
		want, size := utf8.DecodeRuneInString(lower)
		if unicode.ToLower(c) == want {
			lower = lower[size:]
		}
		if lower == "" {
			return true
		}
	}
	return false
}

// containsFold reports whether s holds lower, whatever the case of s. Plain
// ASCII, which is nearly all there is, is compared without a copy.
func containsFold(s, lower string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return strings.Contains(strings.ToLower(s), lower)
		}
	}
	for i := 0; i+len(lower) <= len(s); i++ {
		if hasPrefixFold(s[i:], lower) {
			return true
		}
	}
	return false
}

// hasPrefixFold is strings.HasPrefix for an ASCII s and a lower-case prefix.
func hasPrefixFold(s, lower string) bool {
	for i := range len(lower) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
