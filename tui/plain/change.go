package plain

import (
	"fmt"

	"github.com/pakdeck/pakdeck/keystore"
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
