package main

import (
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/records"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/text"
)

// fieldText is one field of a user or key as an operator reads it: a text or
// a list.
type fieldText struct {
	name  string
	value string
	list  []string
}

// changeJSON is one field before and after.
type changeJSON struct {
	Field  string `json:"field"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// noteChanges says what changed, or would.
func (a *app) noteChanges(verb, what string, before, after []fieldText) {
	lines := changeLines(before, after)
	if len(lines) == 0 {
		a.note("%s: nothing to change", what)
		return
	}
	a.note("%s", strings.Join(append([]string{verb + " " + what}, lines...), "\n  "))
}

// changeLines returns the differences, one line each.
func changeLines(before, after []fieldText) []string {
	var lines []string
	for i, f := range after {
		b := before[i]
		if f.value != b.value {
			lines = append(lines, f.name+" "+text.Quote(b.value)+" -> "+text.Quote(f.value))
		}
		for _, item := range b.list {
			if !slices.Contains(f.list, item) {
				lines = append(lines, f.name+" -"+item)
			}
		}
		for _, item := range f.list {
			if !slices.Contains(b.list, item) {
				lines = append(lines, f.name+" +"+item)
			}
		}
	}
	return lines
}

// changesJSON returns the differences for --json.
func changesJSON(before, after []fieldText) []changeJSON {
	out := []changeJSON{}
	for i, f := range after {
		b := before[i]
		switch {
		case f.value != b.value:
			out = append(out, changeJSON{f.name, b.value, f.value})
		case !slices.Equal(f.list, b.list):
			out = append(out, changeJSON{f.name, list(b.list), list(f.list)})
		}
	}
	return out
}

// keyFields are the fields of a key that an edit may change.
func keyFields(k keystore.Key) []fieldText {
	return []fieldText{
		{name: "name", value: k.Name},
		{name: "description", value: k.Description},
		{name: "not_before", value: instant(k.NotBefore).Or(atOnce)},
		{name: "expires", value: instant(k.Expires).Or("never")},
		{name: "rotate_every", value: intervalText(k.RotateEvery)},
		{name: "warn_before", value: intervalText(k.WarnBefore)},
		{name: "scopes", list: scopeStrings(k.Scopes)},
		{name: "allow", list: entryTexts(k.Rules.Allow)},
		{name: "deny", list: entryTexts(k.Rules.Deny)},
	}
}

// intervalText returns an interval as --rotate-every and --warn-before take it.
func intervalText(d time.Duration) string {
	if d == 0 {
		return asPolicy
	}
	return records.Span(d)
}

func entryTexts(entries []iprule.Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.String()
	}
	return out
}
