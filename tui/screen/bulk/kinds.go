package bulk

import (
	"errors"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// kinds are the changes that can be made to several keys.
var kinds = [...]struct {
	name, example string
	none          bool // takes no value
	read          func(value string, now time.Time, loc *time.Location) (bulk.Change, error)
}{
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
	{"add allow", "203.0.113.0/24 # office", false, entries(func(c *bulk.Change, l []iprule.Entry) { c.Allow.Add = l })},
	{"remove allow", "203.0.113.0/24", false, entries(func(c *bulk.Change, l []iprule.Entry) { c.Allow.Remove = l })},
	{"add deny", "203.0.113.64/26 # scanner", false, entries(func(c *bulk.Change, l []iprule.Entry) { c.Deny.Add = l })},
	{"remove deny", "203.0.113.64/26", false, entries(func(c *bulk.Change, l []iprule.Entry) { c.Deny.Remove = l })},
	{"description", "what the keys are for", false, func(s string, _ time.Time, _ *time.Location) (bulk.Change, error) {
		return bulk.Change{Description: &s}, keystore.CheckDescription(s)
	}},
	{"rotate every", "90d, or policy", false, func(s string, _ time.Time, _ *time.Location) (bulk.Change, error) {
		var every time.Duration
		if s == "policy" {
			return bulk.Change{RotateEvery: &every}, nil
		}
		every, err := expiry.ParseSpan(s)
		return bulk.Change{RotateEvery: &every}, err
	}},
	{"disable", "takes no value", true, func(string, time.Time, *time.Location) (bulk.Change, error) {
		return bulk.Change{Disable: true}, nil
	}},
	{"enable", "takes no value", true, func(string, time.Time, *time.Location) (bulk.Change, error) {
		return bulk.Change{Enable: true}, nil
	}},
}

var errNothing = errors.New("say what; the example shows how")

// scopes returns the reader of a list of scopes.
func scopes(set func(*bulk.Change, []keystore.Scope)) func(string, time.Time, *time.Location) (bulk.Change, error) {
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
func entries(set func(*bulk.Change, []iprule.Entry)) func(string, time.Time, *time.Location) (bulk.Change, error) {
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

// change reads what was typed.
func (m Model) change() (bulk.Change, error) {
	value := strings.TrimSpace(m.value.Value())
	if value == "" && !kinds[m.kind].none && kinds[m.kind].name != "description" {
		return bulk.Change{}, errNothing
	}
	return kinds[m.kind].read(value, m.env.Board.Now, m.env.Local)
}
