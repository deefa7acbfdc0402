package keystore

import (
	"reflect"
	"time"

	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// diffUser returns what differs between two users, as the journal holds it;
// before is nil for a new one. Fields that are and were empty are left out.
func diffUser(before *User, after User) []Change {
	var old User
	if before != nil {
		old = *before
	}
	d := differ{}
	d.add("name", old.Name, after.Name)
	d.add("kind", string(old.Kind), string(after.Kind))
	d.add("admin", old.Admin, after.Admin)
	d.add("disabled", old.Disabled, after.Disabled)
	d.add("permissions", scopeStrings(old.Permissions), scopeStrings(after.Permissions))
	d.add("contact", old.Contact, after.Contact)
	d.add("recipient", old.Recipient, after.Recipient)
	return d.done(before == nil)
}

// diffKey returns what differs between two keys, as the journal holds it;
// before is nil for a new one. Of secrets only the public ids appear.
func diffKey(before *Key, after Key) []Change {
	var old Key
	if before != nil {
		old = *before
	}
	d := differ{}
	d.add("name", old.Name, after.Name)
	d.add("description", old.Description, after.Description)
	d.add("scopes", scopeStrings(old.Scopes), scopeStrings(after.Scopes))
	d.add("not_before", timeText(old.NotBefore), timeText(after.NotBefore))
	d.add("expires", timeText(old.Expires), timeText(after.Expires))
	d.add("allow", entryTexts(old.Rules.Allow), entryTexts(after.Rules.Allow))
	d.add("deny", entryTexts(old.Rules.Deny), entryTexts(after.Rules.Deny))
	d.add("disabled", timeText(old.DisabledAt), timeText(after.DisabledAt))
	d.add("revoked", timeText(old.Revoked), timeText(after.Revoked))
	d.add("revoke_reason", old.RevokeReason, after.RevokeReason)
	d.add("compromised", old.Compromised, after.Compromised)
	d.add("rotate_every", durationText(old.RotateEvery), durationText(after.RotateEvery))
	d.add("warn_before", durationText(old.WarnBefore), durationText(after.WarnBefore))
	d.add("secrets", secretTexts(old.Secrets), secretTexts(after.Secrets))
	return d.done(before == nil)
}

type differ struct{ changes []Change }

func (d *differ) add(field string, before, after any) {
	if !reflect.DeepEqual(before, after) {
		d.changes = append(d.changes, Change{Field: field, Before: before, After: after})
	}
}

// done returns the changes; for something new the "before" is null.
func (d *differ) done(isNew bool) []Change {
	if isNew {
		for i := range d.changes {
			d.changes[i].Before = nil
		}
	}
	return d.changes
}

// timeText returns an instant as text, and null for "never" or "not".
func timeText(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

// entryTexts returns address rules as "prefix" or "prefix # note".
func entryTexts(list []iprule.Entry) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.Prefix.String()
		if e.Note != "" {
			out[i] += " # " + e.Note
		}
	}
	return out
}

// durationText returns an interval as text, and null for "as the policy says".
func durationText(d time.Duration) any {
	if d == 0 {
		return nil
	}
	return lifetime(d)
}

// secretTexts returns secrets as "id state until when".
func secretTexts(list []Secret) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s.ID.String() + " " + string(s.State)
		switch {
		case s.State == Retired && !s.Retires.IsZero():
			out[i] += " at " + s.Retires.UTC().Format(time.RFC3339)
		case !s.Retires.IsZero():
			out[i] += " until " + s.Retires.UTC().Format(time.RFC3339)
		case s.Grace > 0:
			out[i] += " until " + lifetime(s.Grace) + " after the first use of the new one"
		}
	}
	return out
}

// scopeList returns scopes for a sentence.
func scopeList(list []Scope) string {
	if len(list) == 0 {
		return "none"
	}
	text := string(list[0])
	for _, s := range list[1:] {
		text += ", " + string(s)
	}
	return text
}
