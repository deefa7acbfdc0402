package plain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/screen/form"
)

// editKey changes what a key is called, what it may do and until when.
func (t *talk) editKey(ref string) error {
	v, err := t.changeable(ref)
	if err != nil {
		return err
	}
	var e keystore.KeyEdit
	name, err := t.ask("Name", v.Name, keystore.CheckKeyName)
	if err != nil {
		return err
	}
	about, err := t.orEmpty("Description, - is none", v.Description, keystore.CheckDescription)
	if err != nil {
		return err
	}
	scopes, err := t.scopes("Scopes, - is all that "+v.Owner.Name+" may", v.Scopes)
	if err != nil {
		return err
	}
	if err := t.askBegin(v, &e); err != nil {
		return err
	}
	if err := t.askEnd(v, &e); err != nil {
		return err
	}
	if e.RotateEvery, err = t.askSpan("Rotate the secret every, such as 90d; policy is what the policy says", v.RotateEvery, keystore.CheckInterval); err != nil {
		return err
	}
	if e.WarnBefore, err = t.askSpan("Warn before its end, such as 30d; policy is what the policy says", v.WarnBefore, keystore.CheckWarning); err != nil {
		return err
	}
	if name != v.Name {
		e.Name = &name
	}
	if about != v.Description {
		e.Description = &about
	}
	if !slices.Equal(scopes, v.Scopes) {
		e.Scopes = &scopes
	}
	seen, err := whatif.Load(t.ctx, t.st, v.Key, t.st.Now())
	if err != nil {
		return err
	}
	after := (&lint.Change{Do: lint.EditKey, Key: &v, Edit: e}).After(t.st.Now())
	for _, l := range form.Effect(whatif.Of(v, after, t.st.Now(), seen)) {
		t.say("Had it been so: %s.", l.Text)
	}
	return t.apply(v, e)
}

// askBegin asks from when on the key works; an empty answer keeps what is.
func (t *talk) askBegin(v keystore.KeyView, e *keystore.KeyEdit) error {
	_, err := t.ask("Works from "+t.begins(v.NotBefore)+"; another time, - is at once, or empty to keep it", "", func(s string) error {
		e.NotBefore = nil
		switch s {
		case "":
			return nil
		case "-":
			e.NotBefore = new(time.Time)
			return nil
		}
		begin, err := expiry.Parse(s, t.st.Now(), t.zone)
		if err == nil && begin.Never() {
			err = fmt.Errorf("%s: it has to begin; write a date, or - for at once", quoted(s))
		}
		e.NotBefore = &begin.At
		return err
	})
	return err
}

// askEnd asks for another end; an empty answer keeps the one there is.
func (t *talk) askEnd(v keystore.KeyView, e *keystore.KeyEdit) error {
	_, err := t.ask("Expires "+t.when(v.Expires)+"; another end, or empty to keep it", "", func(s string) error {
		e.Expires = nil
		if s == "" {
			return nil
		}
		end, err := expiry.Parse(s, t.st.Now(), t.zone)
		e.Expires = &end.At
		return err
	})
	return err
}

// byPolicy is the answer for a length of time that the policy sets.
const byPolicy = "policy"

// askSpan asks for a length of time of a key, and returns one that is not what
// it is now.
func (t *talk) askSpan(what string, now time.Duration, check func(time.Duration) error) (changed *time.Duration, err error) {
	_, err = t.ask(what, spanWords(now), func(s string) error {
		var d time.Duration
		if s != byPolicy {
			var err error
			if d, err = expiry.ParseSpan(s); err != nil {
				return err
			}
		}
		if changed = nil; d != now {
			changed = &d
		}
		return check(d)
	})
	return changed, err
}

// spanWords is a length of time as it can be typed.
func spanWords(d time.Duration) string {
	if d == 0 {
		return byPolicy
	}
	return fmt.Sprintf("%dh", d/time.Hour)
}

// apply makes a change after it was told.
func (t *talk) apply(v keystore.KeyView, e keystore.KeyEdit) error {
	told := t.tellEdit(v, e)
	if !told {
		return errBack
	}
	if err := t.agree("These are the changes of " + v.Ref() + "."); err != nil {
		return err
	}
	after, err := t.st.EditKey(t.ctx, v.ID, v.Version, e)
	if err != nil {
		return err
	}
	t.say("Changed %s.", after.Ref())
	return nil
}

// tellEdit tells each field that differs before and after, and whether there is one.
func (t *talk) tellEdit(v keystore.KeyView, e keystore.KeyEdit) (told bool) {
	tell := func(field, before, after string) {
		if before != after {
			told = true
			t.say("%s: %s -> %s", field, orNone(before), orNone(after))
		}
	}
	if e.Name != nil {
		tell("Name", v.Name, *e.Name)
	}
	if e.Description != nil {
		tell("Description", v.Description, *e.Description)
	}
	if e.Scopes != nil {
		all := "all that its owner may"
		tell("May do", scopeWords(v.Scopes, all), scopeWords(*e.Scopes, all))
	}
	if e.NotBefore != nil {
		tell("Works from", t.begins(v.NotBefore), t.begins(*e.NotBefore))
	}
	if e.Expires != nil {
		tell("Expires", t.when(v.Expires), t.when(*e.Expires))
	}
	if e.RotateEvery != nil {
		tell("Rotate every", spanWords(v.RotateEvery), spanWords(*e.RotateEvery))
	}
	if e.WarnBefore != nil {
		tell("Warn before", spanWords(v.WarnBefore), spanWords(*e.WarnBefore))
	}
	if e.Rules != nil {
		tell("Allow", notedWords(v.Rules.Allow), notedWords(e.Rules.Allow))
		tell("Deny", notedWords(v.Rules.Deny), notedWords(e.Rules.Deny))
	}
	return told
}

func (t *talk) begins(at time.Time) string {
	if at.IsZero() {
		return "at once"
	}
	return t.when(at)
}

// entryWords are the prefixes of a list as they can be typed.
func entryWords(list []iprule.Entry) string {
	words := make([]string, len(list))
	for i, e := range list {
		words[i] = e.Prefix.String()
	}
	return strings.Join(words, " ")
}

func notedWords(list []iprule.Entry) string {
	words := make([]string, len(list))
	for i, e := range list {
		words[i] = e.String()
	}
	return strings.Join(words, ", ")
}
