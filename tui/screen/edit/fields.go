package edit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
)

// touched reports whether anything differs from the key. Text that is half
// typed counts.
func (m Model) touched() bool {
	problems := m.problems()
	return len(m.changes(m.before)) > 0 || problems[form.Expiry] != "" && m.typed(form.Expiry) || problems[form.NotBefore] != "" && m.typed(form.NotBefore)
}

// typed reports whether an instant was edited.
func (m Model) typed(row string) bool {
	was := clock(m.before.Expires)
	if row == form.NotBefore {
		if was = clock(m.before.NotBefore); m.before.NotBefore.IsZero() {
			was = ""
		}
	}
	return m.form.Value(row) != was
}

// instant returns the instant in a row. One that was not edited stays as it
// is, even if it has passed.
func (m Model) instant(row string) (at time.Time, note string, err error) {
	was := m.before.Expires
	if row == form.NotBefore {
		was = m.before.NotBefore
	}
	if !m.typed(row) {
		return was, "", nil
	}
	if row == form.NotBefore {
		return form.Instant(m.form.Value(row), m.env.Board.Now, m.env.Zone)
	}
	e, err := expiry.Parse(m.form.Value(row), m.env.Board.Now, m.env.Zone)
	return e.At, e.Note, err
}

func (m Model) scopes() form.Scopes {
	x, _ := m.form.Item(form.ScopeList).(form.Scopes)
	return x
}

// draft returns the key as it is filled in.
func (m Model) draft() keystore.Key {
	k := m.before.Key
	k.Name, k.Description = m.form.Value(form.Name), m.form.Value(form.Description)
	k.Expires, _, _ = m.instant(form.Expiry)
	k.NotBefore, _, _ = m.instant(form.NotBefore)
	k.RotateEvery, _ = form.Interval(m.form.Value(form.Rotate))
	k.WarnBefore, _ = form.Warning(m.form.Value(form.Warn))
	k.Scopes = m.scopes().Chosen()
	return k
}

// changes returns what differs from a key.
func (m Model) changes(from keystore.KeyView) []form.Change {
	return form.Changes(m.values(from.Key), m.values(m.draft()))
}

// values are the fields of a key that the form has.
func (m Model) values(k keystore.Key) []form.Value {
	return []form.Value{
		{Field: "name", Words: k.Name},
		{Field: "description", Words: k.Description},
		{Field: "expires", Words: m.env.Clock(k.Expires)},
		{Field: "not before", Words: m.begin(k.NotBefore)},
		{Field: "rotate", Words: form.IntervalText(k.RotateEvery)},
		{Field: "warn", Words: form.IntervalText(k.WarnBefore)},
		{Field: "scopes", Words: scopeWords(k.Scopes)},
	}
}

func (m Model) begin(at time.Time) string {
	if at.IsZero() {
		return "at once"
	}
	return m.env.Clock(at)
}

func scopeWords(list []keystore.Scope) string {
	if len(list) == 0 {
		return "all that the owner may do"
	}
	return form.ScopeWords(slices.Sorted(slices.Values(list)))
}

// problems says what is wrong with the rows.
func (m Model) problems() map[string]string {
	out := map[string]string{}
	set := func(row string, err error) {
		if err != nil && out[row] == "" {
			out[row] = err.Error()
		}
	}
	k := m.draft()
	set(form.Name, keystore.CheckKeyName(k.Name))
	set(form.Name, m.taken(k.Name))
	set(form.Description, keystore.CheckDescription(k.Description))
	m.checkTimes(k, set)
	_, err := form.Interval(m.form.Value(form.Rotate))
	set(form.Rotate, err)
	_, err = form.Warning(m.form.Value(form.Warn))
	set(form.Warn, err)
	if left := m.scopes().Unfinished(); left != "" {
		set(form.ScopeList, errors.New(left))
	}
	if scopeWords(k.Scopes) != scopeWords(m.before.Scopes) {
		set(form.ScopeList, form.Outside(k.Scopes, m.before.Owner))
	}
	m.checkPolicy(k, out)
	for row, told := range m.told {
		set(row, errors.New(told))
	}
	return out
}

func (m Model) taken(name string) error {
	for v := range m.env.Board.Namesakes(m.before.User, name) {
		if v.ID != m.before.ID && v.Revoked.IsZero() {
			return fmt.Errorf("%s has another key %s already; choose another name", v.Owner.Name, text.Quote(name))
		}
	}
	return nil
}

func (m Model) checkTimes(k keystore.Key, set func(string, error)) {
	_, _, err := m.instant(form.Expiry)
	set(form.Expiry, err)
	_, _, fromErr := m.instant(form.NotBefore)
	set(form.NotBefore, fromErr)
	typed := m.form.Value(form.NotBefore)
	switch {
	case err != nil || fromErr != nil:
	case strings.EqualFold(strings.TrimSpace(typed), "never"):
		set(form.NotBefore, fmt.Errorf("%s would never begin to work; leave it empty, or write a date such as tomorrow", text.Quote(typed)))
	case !k.Expires.IsZero() && !k.NotBefore.Before(k.Expires):
		set(form.NotBefore, fmt.Errorf("%s is not before the key ends, %s", text.Quote(typed), m.env.Clock(k.Expires)))
	}
}

// checkPolicy holds only what was changed against the policy: an old key that
// breaks a new rule can still be described.
func (m Model) checkPolicy(k keystore.Key, out map[string]string) {
	changed := map[string]bool{}
	for _, c := range m.changes(m.before) {
		changed[c.Field] = true
	}
	for _, v := range m.env.Board.Policy.Check(k, m.before.Owner) {
		if changed[form.RowOf(v.Field)] && out[form.RowOf(v.Field)] == "" {
			form.Violate(out, []keystore.Violation{v})
		}
	}
}
