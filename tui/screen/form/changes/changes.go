// Package changes lists the changes that can be made to several keys at once, each
// with how it is typed: the list that the screen and plain mode choose from. It
// reads and refuses; it changes nothing.
package changes

import (
	"errors"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/screen/form"
)

// Kind is one kind of change.
type Kind struct {
	Name, Example string
	None          bool // takes no value
	read          reader
}

// Read reads what was typed behind the name of the kind.
func (k Kind) Read(typed string, now time.Time, loc *time.Location) (bulk.Change, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" && !k.None && k.Name != description {
		return bulk.Change{}, errNothing
	}
	return k.read(typed, now, loc)
}

// description may be made empty.
const description = "description"

// Kinds are all of them, in the order in which they are offered.
var Kinds = [...]Kind{
	{"extend by", "90d", false, func(s string, _ time.Time, _ *time.Location) (c bulk.Change, err error) {
		c.Extend, err = expiry.ParseSpan(s)
		return c, err
	}},
	{"expire on", "2027-02-21, eom, never", false, func(s string, now time.Time, loc *time.Location) (bulk.Change, error) {
		e, err := expiry.Parse(s, now, loc)
		return bulk.Change{Expires: &e.At}, err
	}},
	{"add scope", "deploy:write", false, scopes(func(c *bulk.Change, l []keystore.Scope) { c.Scopes.Add = l })},
	{"remove scope", "deploy:write", false, scopes(func(c *bulk.Change, l []keystore.Scope) { c.Scopes.Remove = l })},
	{"set scopes", "deploy:write files:read, or owner", false, whole("owner", scopes(func(c *bulk.Change, l []keystore.Scope) { c.Scopes = bulk.List[keystore.Scope]{Set: true, New: l} }))},
	{"add allow", "203.0.113.0/24 # office", false, entries(func(c *bulk.Change, l []iprule.Entry) { c.Allow.Add = l })},
	{"remove allow", "203.0.113.0/24", false, entries(func(c *bulk.Change, l []iprule.Entry) { c.Allow.Remove = l })},
	{"set allow", "203.0.113.0/24, 10.0.0.0/8, or any", false, whole("any", entries(func(c *bulk.Change, l []iprule.Entry) { c.Allow = bulk.List[iprule.Entry]{Set: true, New: l} }))},
	{"add deny", "203.0.113.64/26 # scanner", false, entries(func(c *bulk.Change, l []iprule.Entry) { c.Deny.Add = l })},
	{"remove deny", "203.0.113.64/26", false, entries(func(c *bulk.Change, l []iprule.Entry) { c.Deny.Remove = l })},
	{"set deny", "203.0.113.64/26, or none", false, whole("none", entries(func(c *bulk.Change, l []iprule.Entry) { c.Deny = bulk.List[iprule.Entry]{Set: true, New: l} }))},
	{description, "what the keys are for", false, func(s string, _ time.Time, _ *time.Location) (bulk.Change, error) {
		return bulk.Change{Description: &s}, keystore.CheckDescription(s)
	}},
	{"rotate every", "90d, or policy", false, func(s string, _ time.Time, _ *time.Location) (bulk.Change, error) {
		every, err := form.Interval(s)
		return bulk.Change{RotateEvery: &every}, err
	}},
	{"warn before", "30d, or policy", false, func(s string, _ time.Time, _ *time.Location) (bulk.Change, error) {
		warn, err := form.Warning(s)
		return bulk.Change{WarnBefore: &warn}, err
	}},
	{"disable", "takes no value", true, func(string, time.Time, *time.Location) (bulk.Change, error) {
		return bulk.Change{Disable: true}, nil
	}},
	{"enable", "takes no value", true, func(string, time.Time, *time.Location) (bulk.Change, error) {
		return bulk.Change{Enable: true}, nil
	}},
}

type reader = func(value string, now time.Time, loc *time.Location) (bulk.Change, error)

// whole returns the reader of a list that takes the place of another; a word
// stands for the empty one, which permits the most, so that nobody gets it by
// leaving the line empty.
func whole(word string, read reader) reader {
	return func(s string, now time.Time, loc *time.Location) (bulk.Change, error) {
		c, err := read(s, now, loc)
		if s == word {
			c, _ = read("", now, loc)
			err = nil
		}
		return c, err
	}
}

var errNothing = errors.New("say what; the example shows how")

// scopes returns the reader of a list of scopes.
func scopes(set func(*bulk.Change, []keystore.Scope)) reader {
	return func(s string, _ time.Time, _ *time.Location) (c bulk.Change, err error) {
		list, err := keystore.ParseScopes(strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }))
		if err == nil && len(list) == 0 {
			err = errNothing
		}
		set(&c, list)
		return c, err
	}
}

// entries returns the reader of a list of address rules.
func entries(set func(*bulk.Change, []iprule.Entry)) reader {
	return func(s string, _ time.Time, _ *time.Location) (c bulk.Change, err error) {
		list, bad := iprule.ParseList(s)
		for _, b := range bad {
			err = errors.Join(err, b.Err)
		}
		if err == nil && len(list) == 0 {
			err = errNothing
		}
		set(&c, list)
		return c, err
	}
}
