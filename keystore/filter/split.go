package filter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one term, taken apart but not understood.
type word struct {
	raw      string // as typed
	not      bool
	hasField bool
	field    string
	values   []string
}

// split takes an expression apart.
func split(expr string) ([]word, error) {
	var words []word
	for rest := skipBlanks(expr); rest != ""; {
		s := splitter{text: rest}
		if !s.run() {
			return nil, &SyntaxError{Term: rest, Text: "the closing quote is missing"}
		}
		words = append(words, s.word)
		rest = skipBlanks(rest[s.pos:])
	}
	return words, nil
}

func skipBlanks(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }

// splitter reads the term that text begins with.
type splitter struct {
	text   string
	pos    int // bytes read
	quoted bool
	value  strings.Builder // of the value being read
	word   word
}

// run reads up to a blank or the end. It is false if a quote stays open.
func (s *splitter) run() bool {
	if s.text[0] == '!' {
		s.word.not, s.pos = true, 1
	}
	for s.pos < len(s.text) {
		c, size := utf8.DecodeRuneInString(s.text[s.pos:])
		if unicode.IsSpace(c) && !s.quoted {
			break
		}
		s.take(c, s.text[s.pos:s.pos+size])
		s.pos += size
	}
	s.endValue()
	s.word.raw = s.text[:s.pos]
	return !s.quoted
}

// take reads one character, which is c and stands in the text as raw.
func (s *splitter) take(c rune, raw string) {
	switch {
	case c == '"':
		s.quoted = !s.quoted
	case s.quoted && c == '\\' && s.escapes():
		s.pos++
		s.value.WriteByte(s.text[s.pos])
	case !s.quoted && c == ':' && !s.word.hasField:
		s.word.hasField, s.word.field = true, s.value.String()
		s.value.Reset()
	case !s.quoted && c == ',' && s.word.hasField:
		s.endValue()
	default:
		s.value.WriteString(raw)
	}
}

// escapes reports whether the backslash at pos stands before a character that
// needs one.
func (s *splitter) escapes() bool {
	next := s.pos + 1
	return next < len(s.text) && (s.text[next] == '"' || s.text[next] == '\\')
}

func (s *splitter) endValue() {
	s.word.values = append(s.word.values, s.value.String())
	s.value.Reset()
}

// quote writes a value so that it is read back, in quotes if it needs them. A
// bare word needs them in more cases than a value behind a field.
func quote(s string, bare bool) string {
	special := "\","
	if bare {
		special = "\":"
	}
	if s != "" && !strings.ContainsAny(s, special) && !strings.ContainsFunc(s, unicode.IsSpace) && !(bare && s[0] == '!') {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
