package filter

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Word is one term, taken apart but not understood.
type Word struct {
	Raw      string // as typed
	Not      bool   // there is a "!" before it
	HasField bool
	Field    string   // as typed
	Values   []string // one at least, which may be empty
}

// Words takes an expression apart. It is the grammar that the filters of keys and
// of journal records share; what fields there are is theirs. The error is a
// [*SyntaxError].
func Words(expr string) ([]Word, error) {
	if len(expr) > MaxLength {
		return nil, &SyntaxError{Text: fmt.Sprintf("has %d bytes, at most %d are possible", len(expr), MaxLength)}
	}
	words, err := split(expr)
	if err == nil && len(words) > MaxTerms {
		err = &SyntaxError{Text: fmt.Sprintf("has %d terms, at most %d are possible", len(words), MaxTerms)}
	}
	return words, err
}

// String writes the term in its shortest form, which [Words] reads back.
func (w Word) String() string {
	var b strings.Builder
	if w.Not {
		b.WriteByte('!')
	}
	if w.Field != "" {
		b.WriteString(w.Field + ":")
	}
	for i, value := range w.Values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(written(value, w.Field == ""))
	}
	return b.String()
}

// split takes an expression apart.
func split(expr string) ([]Word, error) {
	var words []Word
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
	word   Word
}

// run reads up to a blank or the end. It is false if a quote stays open.
func (s *splitter) run() bool {
	if s.text[0] == '!' {
		s.word.Not, s.pos = true, 1
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
	s.word.Raw = s.text[:s.pos]
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
	case !s.quoted && c == ':' && !s.word.HasField:
		s.word.HasField, s.word.Field = true, s.value.String()
		s.value.Reset()
	case !s.quoted && c == ',' && s.word.HasField:
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
	s.word.Values = append(s.word.Values, s.value.String())
	s.value.Reset()
}

// written writes a value so that it is read back, in quotes if it needs them. A
// bare word needs them in more cases than a value behind a field.
func written(s string, bare bool) string {
	special := "\","
	if bare {
		special = "\":"
	}
	if s != "" && !strings.ContainsAny(s, special) && !strings.ContainsFunc(s, unicode.IsSpace) && !(bare && s[0] == '!') {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
