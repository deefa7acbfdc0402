// Package trail reads the journal for people: newest first, filtered, a page
// at a time, so that a journal of millions of records opens as fast as one of
// ten.
package trail

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// Filter selects journal records. The zero value selects all.
type Filter struct {
	terms []term
	Since time.Time // zero: no bound; records before it end a search
	Until time.Time // zero: no bound; exclusive
	text  string
}

type term struct {
	field, value string
	prefix       netip.Prefix // of ip
	negate       bool
}

// Fields are the names before the colon of a filter word, with what they mean.
var Fields = [...]struct{ Name, Help string }{
	{"key", "id, secret id, user/name or a part of it"},
	{"user", "name of a user, or of the owner of a key"},
	{"operator", "who made the change"},
	{"event", "key.create, or one half: key, create, use"},
	{"outcome", "ok, ip_denied, expired, ..."},
	{"ip", "address or prefix the request came from"},
	{"agent", "a part of the user agent"},
	{"route", "a part of the route"},
	{"via", "cli, tui, serve"},
	{"since", "7d, 12h, 2026-11-23"},
	{"until", "7d, 12h, 2026-11-23"},
}

// Parse reads a filter: words joined by blanks, all of which must hold. A
// word is field:value (see [Fields]) or a bare text that is looked for in the
// names; a leading "!" negates it. Times count back from now.
func Parse(text string, now time.Time) (Filter, error) {
	f := Filter{text: strings.Join(strings.Fields(text), " ")}
	for word := range strings.FieldsSeq(text) {
		if err := f.add(word, now); err != nil {
			return Filter{}, err
		}
	}
	return f, nil
}

// String returns the text of the filter.
func (f Filter) String() string { return f.text }

// Empty reports whether the filter selects everything.
func (f Filter) Empty() bool { return len(f.terms) == 0 && f.Since.IsZero() && f.Until.IsZero() }

func (f *Filter) add(word string, now time.Time) error {
	rest, negate := strings.CutPrefix(word, "!")
	field, value, ok := strings.Cut(rest, ":")
	if !ok {
		field, value = "", rest
	}
	field = strings.ToLower(field)
	switch {
	case value == "":
		return fmt.Errorf("filter word %q has no value", word)
	case field == "since" || field == "until":
		return f.addTime(field, value, negate, now)
	case ok && !slices.ContainsFunc(Fields[:], func(x struct{ Name, Help string }) bool { return x.Name == field }):
		return fmt.Errorf("filter word %q: unknown field; use %s", word, fieldNames())
	}
	t := term{field: field, value: strings.ToLower(value), negate: negate}
	if field == "ip" {
		p, err := parsePrefix(value)
		if err != nil {
			return fmt.Errorf("filter word %q: write an address or a prefix, such as ip:203.0.113.0/24", word)
		}
		t.prefix = p
	}
	f.terms = append(f.terms, t)
	return nil
}

func fieldNames() string {
	names := make([]string, len(Fields))
	for i, x := range Fields {
		names[i] = x.Name + ":"
	}
	return strings.Join(names, " ")
}

func parsePrefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}

func (f *Filter) addTime(field, value string, negate bool, now time.Time) error {
	at, err := parseTime(value, now)
	if err != nil || negate {
		return fmt.Errorf("filter word %q: write %s:7d, %s:12h or %s:2026-11-23", field+":"+value, field, field, field)
	}
	if field == "since" {
		f.Since = at
	} else {
		f.Until = at
	}
	return nil
}

// parseTime reads "7d", "12h", "30m", "2w", a date or an RFC 3339 instant.
func parseTime(s string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	unit := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}[s[len(s)-1]]
	n, err := strconv.Atoi(s[:len(s)-1])
	if err != nil || unit == 0 || n < 0 || n > 1e6 {
		return time.Time{}, fmt.Errorf("not a time: %q", s)
	}
	return now.Add(-time.Duration(n) * unit).UTC(), nil
}

// Match reports whether the filter selects a record.
func (f Filter) Match(r journal.Record) bool {
	if r.Time.Before(f.Since) || (!f.Until.IsZero() && !r.Time.Before(f.Until)) {
		return false
	}
	for _, t := range f.terms {
		if t.match(r) == t.negate {
			return false
		}
	}
	return true
}

func (t term) match(r journal.Record) bool {
	switch t.field {
	case "key":
		return r.Object.Kind == "key" && (has(r.Object.Name, t.value) || r.Object.ID == t.value || strings.EqualFold(r.Source.Secret, t.value))
	case "user":
		return t.matchUser(r)
	case "operator":
		return has(r.Actor.User, t.value) || has(r.Actor.Claims.SudoUser, t.value)
	case "event":
		return r.Event == t.value || strings.HasPrefix(r.Event, t.value+".") || strings.HasSuffix(r.Event, "."+t.value)
	case "outcome":
		return strings.EqualFold(r.Outcome, t.value)
	case "ip":
		a, err := netip.ParseAddr(r.Source.IP)
		return err == nil && t.prefix.Contains(a)
	case "agent":
		return has(r.Source.Agent, t.value)
	case "route":
		return has(r.Source.Route, t.value)
	case "via":
		return strings.EqualFold(r.Actor.Via, t.value)
	}
	return has(r.Object.Name, t.value) || has(r.Event, t.value) || has(r.Actor.User, t.value) || has(r.Reason, t.value)
}

func (t term) matchUser(r journal.Record) bool {
	switch r.Object.Kind {
	case "user":
		return strings.EqualFold(r.Object.Name, t.value) || r.Object.ID == t.value
	case "key":
		owner, _, _ := strings.Cut(r.Object.Name, "/")
		return strings.EqualFold(owner, t.value)
	}
	return false
}

// has reports whether s holds part, which is in lower case.
func has(s, part string) bool { return strings.Contains(strings.ToLower(s), part) }
