package lint

import (
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// Line is one field that a change makes different: what goes and what comes.
// Of a list only the entries that differ are there.
type Line struct {
	Field string   `json:"field"`
	Gone  []string `json:"gone"`
	Comes []string `json:"comes"`
}

// Preview returns what the change makes different. A secret that goes is not
// shown.
func (c *Change) Preview(now time.Time) []Line {
	switch c.Do {
	case DropWaiver:
		return []Line{{"waiver", []string{c.Waiver.Rule + " until " + instant(c.Waiver.Until)}, []string{}}}
	case KeepWaiver:
		return []Line{{"waiver", []string{}, []string{c.Waiver.Rule + " until " + instant(c.Waiver.Until)}}}
	case CloseFile:
		return []Line{{"mode", []string{octal(c.File.Mode)}, []string{octal(c.Mode)}}}
	}
	lines := differences(fieldsOf(*c.Key), fieldsOf(c.After(now)))
	for i := range lines {
		for j, text := range lines[i].Gone {
			if redact(c.prefix, text) != text {
				lines[i].Gone[j] = "(holds what looks like a secret)"
			}
		}
	}
	return lines
}

// fieldTexts is a field of a key as an operator reads it.
type fieldTexts struct {
	name   string
	values []string
}

func fieldsOf(k keystore.KeyView) []fieldTexts {
	return []fieldTexts{
		{"name", []string{k.Name}},
		{"description", []string{k.Description}},
		{"scopes", texts(k.Scopes, func(s keystore.Scope) string { return string(s) })},
		{"not_before", []string{whenSet(k.NotBefore, "at once")}},
		{"expires", []string{whenSet(k.Expires, "never")}},
		{"allow", texts(k.Rules.Allow, iprule.Entry.String)},
		{"deny", texts(k.Rules.Deny, iprule.Entry.String)},
		{"disabled", []string{whenSet(k.DisabledAt, "no")}},
		{"revoked", []string{whenSet(k.Revoked, "no")}},
		{"secrets", texts(k.Secrets, func(s keystore.Secret) string { return s.ID.String() + " " + string(s.State) })},
	}
}

func whenSet(t time.Time, word string) string {
	if t.IsZero() {
		return word
	}
	return instant(t)
}

func texts[T any](list []T, text func(T) string) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = text(x)
	}
	return out
}

func differences(before, after []fieldTexts) (lines []Line) {
	for i, a := range after {
		b := before[i]
		if slices.Equal(a.values, b.values) {
			continue
		}
		l := Line{Field: a.name, Gone: []string{}, Comes: []string{}}
		for _, x := range b.values {
			if !slices.Contains(a.values, x) {
				l.Gone = append(l.Gone, x)
			}
		}
		for _, x := range a.values {
			if !slices.Contains(b.values, x) {
				l.Comes = append(l.Comes, x)
			}
		}
		lines = append(lines, l)
	}
	return lines
}
