package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

// value is a field of something, as the operator saw it and as it is now.
type value struct{ name, seen, now string }

// conflictLines tells what somebody else changed, both values of each field.
func (m Model) conflictLines(msg screen.Failed, e *keystore.ConflictError) []confirm.Line {
	var values []value
	changed := time.Time{}
	switch now := e.Theirs.(type) {
	case keystore.KeyView:
		values, changed = m.keyValues(msg.Keys, now), now.Updated
	case keystore.User:
		values, changed = userValues(msg.User, now), now.Updated
	}
	var lines []confirm.Line
	for _, v := range values {
		if v.seen != v.now {
			lines = append(lines, confirm.Line{Text: fmt.Sprintf("%s: you saw %s, it is now %s", v.name, orNone(v.seen), orNone(v.now)), Tone: theme.Warn})
		}
	}
	if !changed.IsZero() {
		lines = append(lines, confirm.Line{Text: "It was last changed " + m.env.Clock(changed) + "."})
	}
	return append(lines, confirm.Line{Text: "Nothing was changed by you."})
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func (m Model) keyValues(all []keystore.KeyView, now keystore.KeyView) []value {
	at := slices.IndexFunc(all, func(v keystore.KeyView) bool { return v.ID == now.ID })
	if at < 0 {
		return nil
	}
	seen, b := all[at], m.env.Board
	state := func(v keystore.KeyView) string { return string(v.StateAt(b.Now, b.Policy.WarnBefore)) }
	rules := func(v keystore.KeyView) string {
		return fmt.Sprintf("%d allowed, %d denied prefixes, version %d", len(v.Rules.Allow), len(v.Rules.Deny), v.Version)
	}
	values := []value{
		{"name", seen.Name, now.Name},
		{"state", state(seen), state(now)},
		{"expires", m.env.Clock(seen.Expires), m.env.Clock(now.Expires)},
		{"may do", joined(seen.Scopes), joined(now.Scopes)},
		{"description", seen.Description, now.Description},
	}
	if fmt.Sprint(seen.Rules) != fmt.Sprint(now.Rules) {
		values = append(values, value{"network", rules(seen), rules(now)})
	}
	return values
}

func userValues(seen, now keystore.User) []value {
	if seen.ID != now.ID {
		return nil
	}
	onOff := func(off bool) string {
		if off {
			return "disabled"
		}
		return "active"
	}
	return []value{
		{"name", seen.Name, now.Name},
		{"state", onOff(seen.Disabled), onOff(now.Disabled)},
		{"kind", string(seen.Kind), string(now.Kind)},
		{"admin", fmt.Sprint(seen.Admin), fmt.Sprint(now.Admin)},
		{"may do", joined(seen.Permissions), joined(now.Permissions)},
		{"contact", seen.Contact, now.Contact},
	}
}

func joined(scopes []keystore.Scope) string {
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = string(s)
	}
	return strings.Join(words, " ")
}
