package lint

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"github.com/pakdeck/pakdeck/keystore"
)

// Final says why the change cannot be taken back, or "".
func (c *Change) Final() string {
	if c.Do == RetireOld {
		return "the old secret stays refused"
	}
	return ""
}

// Undo returns the change that takes this one back, made from the key as it is
// afterwards; nil if it is [Change.Final].
func (c *Change) Undo(after keystore.KeyView) *Change {
	u := &Change{Key: &after, prefix: c.prefix}
	switch c.Do {
	case DropWaiver:
		u.Do, u.Key, u.Waiver = KeepWaiver, nil, c.Waiver
	case CloseFile:
		now := c.File
		now.Mode = c.File.Mode.Type() | c.Mode
		u.Do, u.Key, u.File, u.Mode = CloseFile, nil, now, c.File.Mode&^fs.ModeType
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
// others were meant too. It returns how many were made, and what takes those back
// that are not final, the last first.
func ApplyAll(ctx context.Context, st *keystore.Store, changes []*Change) (made int, undo []*Change, err error) {
	var errs []error
	versions := map[keystore.KeyID]uint64{} // that these changes themselves made
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
		if back := c.Undo(after); back != nil {
			undo = append(undo, back)
		}
	}
	slices.Reverse(undo)
	return made, undo, errors.Join(errs...)
}

// from returns the change for a version that the same run has made.
func (c *Change) from(version uint64) *Change {
	k, d := *c.Key, *c
	k.Version, d.Key = version, &k
	return &d
}
