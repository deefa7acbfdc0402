package trail

import (
	"encoding/json"
	"slices"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// Delta is one field of a change for people: what went, what came, and how many
// entries of a list stayed.
type Delta struct {
	Field          string
	Removed, Added []string
	Kept           int
}

// DeltaOf compares the two values of a change. Lists are compared entry by entry;
// everything else is one text, null and the empty text being none.
func DeltaOf(c journal.Change) Delta {
	before, after := valueTexts(c.Before), valueTexts(c.After)
	d := Delta{Field: c.Field}
	for _, s := range before {
		if !slices.Contains(after, s) {
			d.Removed = append(d.Removed, s)
		}
	}
	for _, s := range after {
		if slices.Contains(before, s) {
			d.Kept++
		} else {
			d.Added = append(d.Added, s)
		}
	}
	return d
}

// valueTexts returns a value of the journal as texts: those of a list, or one, or
// none.
func valueTexts(v any) []string {
	raw, ok := v.(json.RawMessage)
	if !ok {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || list == nil {
		list = []json.RawMessage{raw}
	}
	out := []string{}
	for _, item := range list {
		if text := valueText(item); text != "" {
			out = append(out, text)
		}
	}
	return out
}

func valueText(raw json.RawMessage) string {
	var s *string
	switch err := json.Unmarshal(raw, &s); {
	case err != nil:
		return string(raw)
	case s == nil:
		return ""
	}
	return *s
}
