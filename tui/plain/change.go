package plain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/text"
)

// changeable returns the key that was named if it can be changed.
func (t *talk) changeable(ref string) (keystore.KeyView, error) {
	v, err := t.pickKey(ref)
	if err == nil && !v.Revoked.IsZero() {
		err = fmt.Errorf("%s is revoked and cannot be changed", v.Ref())
	}
	return v, err
}

func (t *talk) disableKey(ref string) error {
	v, err := t.changeable(ref)
	if err != nil {
		return err
	}
	if err := t.agree(fmt.Sprintf("%s was %s. It will be refused until it is enabled again.", v.Ref(), lastUse(v.Uses.Last, t.st.Now()))); err != nil {
		return err
	}
	after, err := t.st.DisableKey(t.ctx, v.ID, v.Version)
	if err != nil {
		return err
	}
	t.say("Disabled %s.", v.Ref())
	t.undoable("the disabling of "+v.Ref(), func() error {
		_, err := t.st.EnableKey(t.ctx, v.ID, after.Version)
		return err
	})
	return nil
}

func (t *talk) enableKey(ref string) error {
	v, err := t.changeable(ref)
	if err != nil {
		return err
	}
	after, err := t.st.EnableKey(t.ctx, v.ID, v.Version)
	if err != nil {
		return err
	}
	t.say("Enabled %s.", v.Ref())
	t.undoable("the enabling of "+v.Ref(), func() error {
		_, err := t.st.DisableKey(t.ctx, v.ID, after.Version)
		return err
	})
	return nil
}

func (t *talk) revokeKey(ref string) error {
	v, err := t.changeable(ref)
	if err != nil {
		return err
	}
	t.say("%s was %s. It will stop working at once.", v.Ref(), lastUse(v.Uses.Last, t.st.Now()))
	reason, err := t.ask("Why, for the journal", "", keystore.CheckReason)
	if err != nil {
		return err
	}
	if err := t.typeName(v); err != nil {
		return err
	}
	after, err := t.st.RevokeKey(t.ctx, v.ID, v.Version, reason)
	if err != nil {
		return err
	}
	if keystore.SoundsCompromised(reason) {
		t.say("Revoked %s.", v.Ref())
		return nil
	}
	t.say("Revoked %s. It can be restored within %s.", v.Ref(), text.Ago(keystore.RestoreWithin))
	t.undoable("the revocation of "+v.Ref(), func() error {
		_, err := t.st.RestoreKey(t.ctx, v.ID, after.Version)
		return err
	})
	return nil
}

// restoreKey takes a revocation back that was a slip.
func (t *talk) restoreKey(ref string) error {
	v, err := t.pickKey(ref)
	if err != nil {
		return err
	}
	if err := t.agree(fmt.Sprintf("%s will work again as it did before it was revoked.", v.Ref())); err != nil {
		return err
	}
	if _, err := t.st.RestoreKey(t.ctx, v.ID, v.Version); err != nil {
		return err
	}
	t.say("Restored %s.", v.Ref())
	return nil
}

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
	return t.apply(v, e)
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

// apply makes a change after it was shown.
func (t *talk) apply(v keystore.KeyView, e keystore.KeyEdit) error {
	var parts []string
	if e.Name != nil {
		parts = append(parts, "name "+*e.Name)
	}
	if e.Description != nil {
		parts = append(parts, "description "+*e.Description)
	}
	if e.Scopes != nil {
		parts = append(parts, "may do "+scopeWords(*e.Scopes, "all that its owner may"))
	}
	if e.Expires != nil {
		parts = append(parts, "expires "+t.when(*e.Expires))
	}
	if e.RotateEvery != nil {
		parts = append(parts, "rotate every "+spanWords(*e.RotateEvery))
	}
	if e.WarnBefore != nil {
		parts = append(parts, "warn before "+spanWords(*e.WarnBefore))
	}
	if e.Rules != nil {
		parts = append(parts, fmt.Sprintf("%d allowed and %d denied prefixes", len(e.Rules.Allow), len(e.Rules.Deny)))
	}
	if len(parts) == 0 {
		return errBack
	}
	if err := t.agree("Changes of " + v.Ref() + ": " + strings.Join(parts, "; ") + "."); err != nil {
		return err
	}
	after, err := t.st.EditKey(t.ctx, v.ID, v.Version, e)
	if err != nil {
		return err
	}
	t.say("Changed %s.", after.Ref())
	return nil
}
