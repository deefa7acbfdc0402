package pak

import (
	"fmt"
	"strings"
)

// SyntaxError says what is wrong with a plain .pak. Value is empty for
// PAK_API_KEY and for whatever might be a key string in the wrong place.
type SyntaxError struct {
	Line  int    // from 1; 0 if the field is missing
	Field string // such as "PAK_NAME"; "" if the line has none
	Value string // bounded
	Text  string // what is wrong or what would be right
}

// Error names the line and the field and says what would be right.
func (e *SyntaxError) Error() string {
	var b strings.Builder
	b.WriteString(".pak file")
	if e.Line > 0 {
		fmt.Fprintf(&b, " line %d", e.Line)
	}
	if e.Field != "" {
		b.WriteString(": " + e.Field)
	}
	if e.Value != "" {
		fmt.Fprintf(&b, " %q", e.Value)
	}
	return b.String() + ": " + e.Text
}

// field is one line NAME=VALUE, its value decoded.
type field struct {
	line  int
	value string
}

// readFields splits a dotenv text into its fields.
func readFields(text string) (map[string]field, error) {
	fields := make(map[string]field)
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, err := splitLine(line)
		if err == nil {
			if first, ok := fields[name]; ok {
				err = &SyntaxError{Field: name, Text: fmt.Sprintf("it is there already, in line %d", first.line)}
			}
		}
		if err != nil {
			err.Line = n
			return nil, err
		}
		fields[name] = field{line: n, value: value}
	}
	return fields, nil
}

func splitLine(line string) (name, value string, err *SyntaxError) {
	if strings.HasSuffix(line, "\r") {
		return "", "", &SyntaxError{Text: "it ends in a carriage return, which would be taken for part of the value: save it with Unix line ends"}
	}
	name, raw, ok := strings.Cut(line, "=")
	if !ok || !isFieldName(name) {
		return "", "", &SyntaxError{Text: "want PAK_...=value, a comment or nothing"}
	}
	value, bad := unescape(raw)
	if bad != nil {
		return "", "", &SyntaxError{Field: name, Value: shown(name, raw), Text: bad.Error()}
	}
	return name, value, nil
}

// maxFieldName keeps a key string out of an error that quotes a name.
const maxFieldName = 32

func isFieldName(s string) bool {
	outside := func(c rune) bool { return (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' }
	return strings.HasPrefix(s, "PAK_") && len(s) <= maxFieldName && !strings.ContainsFunc(s, outside)
}

// Bounds of a value in an error. The tail of a key string is one word of 49
// letters and digits, so a text with a long word is not shown. What may slip
// through of a mangled one leaves 160 bits to guess.
const (
	maxShown = 60
	maxWord  = 16
)

// shown returns as much of a value as an error may hold.
func shown(name, value string) string {
	if name == fieldKey || hasLongWord(value) {
		return ""
	}
	return abridge(value)
}

func hasLongWord(s string) bool {
	between := func(c rune) bool { return c == ' ' || strings.ContainsRune(plainMarks, c) }
	for word := range strings.FieldsFuncSeq(s, between) {
		if len(word) > maxWord {
			return true
		}
	}
	return false
}

func abridge(s string) string {
	if r := []rune(s); len(r) > maxShown {
		return string(r[:maxShown]) + "..."
	}
	return s
}
