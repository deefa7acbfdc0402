package lint

import (
	"context"
	"errors"
	"slices"

	"github.com/pakdeck/pakdeck/keystore"
)

// Undo returns the change that takes this one back, made from the key as it is
// afterwards; nil if that cannot be: a retired secret stays retired, rights
// that were taken stay taken, and a waiver that was dropped has to be given
// anew.
func (c *Change) Undo(after keystore.KeyView) *Change {
	u := &Change{Key: &after, prefix: c.prefix}
	switch c.Do {
	case DisableKey:
		u.Do = EnableKey
	case EnableKey:
		u.Do = DisableKey
	case RevokeKey:
		u.Do = RestoreKey
	case EditKey:
		u.Do, u.Edit = EditKey, c.reversed()
	default:
		return nil
	}
	return u
}

// reversed returns the edit that brings the old values back.
func (c *Change) reversed() (e keystore.KeyEdit) {
	k := *c.Key
	if c.Edit.Name != nil {
		e.Name = &k.Name
	}
	if c.Edit.Description != nil {
		e.Description = &k.Description
	}
	if c.Edit.Scopes != nil {
		e.Scopes = &k.Scopes
	}
	if c.Edit.NotBefore != nil {
		e.NotBefore = &k.NotBefore
	}
	if c.Edit.Expires != nil {
		e.Expires = &k.Expires
	}
	if c.Edit.Rules != nil {
		e.Rules = &k.Rules
	}
	return e
}

// ApplyAll makes changes one after the other and goes on after a failure: the
// others were meant too. It returns how many were made, and what takes all of
// them back, the last first; nil if one of them cannot be taken back.
func ApplyAll(ctx context.Context, st *keystore.Store, changes []*Change) (made int, undo []*Change, err error) {
	var errs []error
	versions := map[keystore.KeyID]uint64{} // that these changes themselves made
	undoable := true
	for _, c := range changes {
		if c.Key != nil && versions[c.Key.ID] > 0 {
			c = c.from(versions[c.Key.ID])
		}
		after, err := c.Apply(ctx, st)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		made++
		if c.Key != nil {
			versions[c.Key.ID] = after.Version
		}
		back := c.Undo(after)
		undoable = undoable && back != nil
		undo = append(undo, back)
	}
	slices.Reverse(undo)
	if !undoable {
		undo = nil
	}
	return made, undo, errors.Join(errs...)
}

// from returns the change for a version that the same run has made.
func (c *Change) from(version uint64) *Change {
	k, d := *c.Key, *c
	k.Version, d.Key = version, &k
	return &d
}
