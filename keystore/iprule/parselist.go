package iprule

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// MaxText is the largest text that [ParseList] reads, in bytes.
const MaxText = 64 << 10

// LineError is an item of a list that could not be read.
type LineError struct {
	Line int // counted from 1; 0 if it is the text as a whole
	Err  error
}

func (e LineError) Error() string {
	if e.Line == 0 {
		return e.Err.Error()
	}
	return fmt.Sprintf("line %d: %v", e.Line, e.Err)
}

// Unwrap returns e.Err.
func (e LineError) Unwrap() error { return e.Err }

// ParseList reads a pasted list. Items are separated by line ends, commas,
// semicolons, blanks or quotation marks; blanks around the hyphen of a range
// do not separate. A "#" begins a note that reaches to the end of the line and
// belongs to the item before it on that line, or to nothing if there is none.
//
// A bad item, or an item with a bad note, is reported and left out, and reading
// goes on; entries and errors are in the order of the text. Duplicates and more
// than [MaxEntries] entries are not errors here: see [Rules.Problems].
func ParseList(text string) (entries []Entry, errs []LineError) {
	if len(text) > MaxText {
		return nil, []LineError{{0, fmt.Errorf("the list has %d bytes, at most %d are possible", len(text), MaxText)}}
	}
	text = strings.TrimPrefix(text, "\ufeff")
	for i, line := range strings.Split(lineEnds.Replace(text), "\n") {
		found, bad := parseLine(line)
		entries = append(entries, found...)
		for _, err := range bad {
			errs = append(errs, LineError{i + 1, err})
		}
	}
	return entries, errs
}

var (
	lineEnds   = strings.NewReplacer("\r\n", "\n", "\r", "\n")
	rangeSigns = regexp.MustCompile(`[\s\p{Z}]*[-–][\s\p{Z}]*`)
)

func parseLine(line string) (entries []Entry, errs []error) {
	text, note, _ := strings.Cut(line, "#")
	items := splitItems(text)
	for i, item := range items {
		own := ""
		if i == len(items)-1 {
			own = strings.TrimSpace(note)
		}
		found, err := parseItem(item, own)
		if err != nil {
			errs = append(errs, err)
		}
		entries = append(entries, found...)
	}
	return entries, errs
}

func parseItem(item, note string) ([]Entry, error) {
	prefixes, _, err := Parse(item)
	if err != nil {
		return nil, err
	}
	if err := CheckNote(note); err != nil {
		return nil, fmt.Errorf("%s: %w", prefixes[0], err)
	}
	entries := make([]Entry, len(prefixes))
	for i, p := range prefixes {
		entries[i] = Entry{p, note}
	}
	return entries, nil
}

// splitItems keeps an address and the mask behind it together: on its own the
// mask would be read as an address.
func splitItems(text string) (items []string) {
	for chunk := range strings.FieldsFuncSeq(text, isSeparator) {
		fields := strings.Fields(rangeSigns.ReplaceAllString(chunk, "-"))
		for i := 0; i < len(fields); i++ {
			item := fields[i]
			if i+1 < len(fields) && isAddr(item) && isMask(fields[i+1]) {
				i++
				item += " " + fields[i]
			}
			items = append(items, item)
		}
	}
	return items
}

func isSeparator(c rune) bool {
	return strings.ContainsRune(",;\"'`", c) || unicode.Is(unicode.Quotation_Mark, c)
}

func isMask(s string) bool {
	_, ok := maskBits(s)
	return ok
}
