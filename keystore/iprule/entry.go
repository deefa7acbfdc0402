package iprule

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a list.
const (
	MaxEntries = 100 // entries of one list
	MaxNote    = 80  // runes of a note
)

// Entry is one line of a list: which addresses, and why.
//
// Its JSON form is {"prefix":"10.0.0.0/8","note":"vpn"}, its text form
// "10.0.0.0/8 # vpn". Decoding normalises the prefix but judges nothing: see
// [Rules.Validate].
type Entry struct {
	Prefix netip.Prefix
	Note   string
}

// List names one of the two lists of [Rules].
type List string

// The lists.
const (
	Allow List = "allow"
	Deny  List = "deny"
)

// Label names an entry of the list for an operator, by its index counted from
// 0: "a1" is the first allow entry, "d2" the second deny entry.
func (l List) Label(index int) string {
	if l == Deny {
		return "d" + strconv.Itoa(index+1)
	}
	return "a" + strconv.Itoa(index+1)
}

// Rules are the address rules of a key. The zero value restricts nothing.
type Rules struct {
	Allow []Entry `json:"allow,omitempty"`
	Deny  []Entry `json:"deny,omitempty"`
}

// IsZero reports whether the rules restrict nothing.
func (r Rules) IsZero() bool { return len(r.Allow) == 0 && len(r.Deny) == 0 }

// Entries returns the entries of one list.
func (r Rules) Entries(l List) []Entry {
	if l == Deny {
		return r.Deny
	}
	return r.Allow
}

// String returns the text form of e: the prefix, and the note if there is one
// behind " # ".
func (e Entry) String() string {
	if e.Note == "" {
		return e.Prefix.String()
	}
	return e.Prefix.String() + " # " + e.Note
}

// MarshalText returns the form of [Entry.String]. An entry without a valid
// prefix is an error.
func (e Entry) MarshalText() ([]byte, error) {
	if !e.Prefix.IsValid() {
		return nil, errNoPrefix
	}
	return []byte(e.String()), nil
}

// UnmarshalText reads the form that MarshalText writes, the prefix in any
// spelling that [Parse] takes and that stands for one prefix.
func (e *Entry) UnmarshalText(text []byte) error {
	item, note, _ := strings.Cut(string(text), "#")
	return e.set(item, strings.TrimSpace(note))
}

type entryJSON struct {
	Prefix string `json:"prefix"`
	Note   string `json:"note,omitempty"`
}

// MarshalJSON writes the prefix and, unless it is empty, the note. An entry
// without a valid prefix is an error.
func (e Entry) MarshalJSON() ([]byte, error) {
	if !e.Prefix.IsValid() {
		return nil, errNoPrefix
	}
	return json.Marshal(entryJSON{e.Prefix.String(), e.Note})
}

// UnmarshalJSON reads what MarshalJSON writes, the prefix in any spelling that
// [Parse] takes and that stands for one prefix. Unknown fields are ignored.
func (e *Entry) UnmarshalJSON(b []byte) error {
	var j entryJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return fmt.Errorf("address rule: %w", err)
	}
	return e.set(j.Prefix, j.Note)
}

func (e *Entry) set(item, note string) error {
	prefixes, _, err := parse(item)
	if err != nil {
		return err
	}
	if len(prefixes) != 1 {
		return refuse(item, fmt.Sprintf("is %d prefixes", len(prefixes)), "make one entry of each")
	}
	*e = Entry{prefixes[0], note}
	return nil
}

// CheckNote reports what is wrong with a note: more than [MaxNote] runes, a
// line break, another control or format character (which includes those that
// change the direction of text), or bytes that are not UTF-8.
func CheckNote(note string) error {
	if !utf8.ValidString(note) {
		return errors.New("note is not UTF-8 text")
	}
	if n := utf8.RuneCountInString(note); n > MaxNote {
		return fmt.Errorf("note has %d characters, at most %d are possible", n, MaxNote)
	}
	for _, c := range note {
		if unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return fmt.Errorf("note contains the control character %U: use plain text on one line", c)
		}
	}
	return nil
}

var errNoPrefix = errors.New("address rule without a prefix")
