package keystore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// KeyChange is a change of a key that the caller saw at a version: exactly one
// of Disable, Enable, Revoke, Restore and Edit is set.
type KeyChange struct {
	ID      KeyID
	Version uint64
	Disable bool
	Enable  bool
	Revoke  *Revocation
	Restore bool // see [Store.RestoreKey]
	Edit    *KeyEdit
}

// MaxAtOnce is how many keys [Store.ChangeKeys] changes: a transaction is held
// in memory and makes everybody else wait.
const MaxAtOnce = 500

// ChangeKey makes a change. One that changes nothing leaves no trace.
func (s *Store) ChangeKey(ctx context.Context, c KeyChange) (KeyView, error) {
	if err := c.check(); err != nil {
		return KeyView{}, err
	}
	var view KeyView
	err := s.change(ctx, func(t tx) (r journal.Record, err error) {
		view, r, err = s.applyChange(t, c)
		return r, err
	})
	return view, err
}

// ChangeKeys makes all the changes, or none if one of them cannot be made. Each
// key that changes has a journal record of its own.
func (s *Store) ChangeKeys(ctx context.Context, list []KeyChange) ([]KeyView, error) {
	if len(list) > MaxAtOnce {
		return nil, &FieldError{"keys", fmt.Sprint(len(list)), fmt.Sprintf("are too many for one transaction; at most %d are possible", MaxAtOnce)}
	}
	var views []KeyView
	err := s.changes(ctx, always, func(t tx) ([]journal.Record, error) {
		views = make([]KeyView, 0, len(list))
		var records []journal.Record
		for _, c := range list {
			if err := c.check(); err != nil {
				return nil, err
			}
			v, r, err := s.applyChange(t, c)
			switch {
			case errors.Is(err, errUnchanged):
			case err != nil:
				return nil, fmt.Errorf("key %s: %w", c.ID, err)
			default:
				records = append(records, r)
			}
			views = append(views, v)
		}
		return records, nil
	})
	if err != nil {
		return nil, err
	}
	return views, nil
}

// PreviewChange returns the key as ChangeKey would leave it, and what would be
// different, or why it would be refused. It only looks.
func (s *Store) PreviewChange(ctx context.Context, c KeyChange) (KeyView, []Change, error) {
	list, err := s.PreviewChanges(ctx, []KeyChange{c})
	if err != nil {
		return KeyView{}, nil, err
	}
	return list[0].After, list[0].Diff, list[0].Err
}

// Preview is what a change would do to a key.
type Preview struct {
	After KeyView
	Diff  []Change
	Err   error // why it would be refused
}

// PreviewChanges is [Store.PreviewChange] for many keys, each by itself, as they
// are at one time.
func (s *Store) PreviewChanges(ctx context.Context, list []KeyChange) ([]Preview, error) {
	previews := make([]Preview, len(list))
	err := s.kv.View(ctx, func(r kv.Reader) error {
		now := s.Now()
		for i, c := range list {
			a, err := s.preview(r, c, now)
			previews[i] = Preview{a.view, a.diff, err}
		}
		return ctx.Err()
	})
	return previews, err
}

func (s *Store) preview(r kv.Reader, c KeyChange, now time.Time) (altered, error) {
	if err := c.check(); err != nil {
		return altered{}, err
	}
	a, err := alter(r, c.ID, s.editOf(r, c, now))
	if err != nil || a.before.Name == a.view.Name {
		return a, err
	}
	return a, checkNameFree(r, a.view.Key)
}

func (c KeyChange) check() error {
	ways := 0
	for _, given := range []bool{c.Disable, c.Enable, c.Revoke != nil, c.Restore, c.Edit != nil} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return &FieldError{"change", "", "must be disable, enable, revoke, restore or edit"}
	}
	if c.Revoke != nil {
		return CheckReason(c.Revoke.Reason)
	}
	return nil
}

func (c KeyChange) event() journal.Event {
	switch {
	case c.Disable:
		return journal.EventKeyDisable
	case c.Enable:
		return journal.EventKeyEnable
	case c.Revoke != nil:
		return journal.EventKeyRevoke
	case c.Restore:
		return journal.EventKeyRestore
	}
	return journal.EventKeyEdit
}

func (s *Store) applyChange(t tx, c KeyChange) (KeyView, journal.Record, error) {
	v, r, err := t.alterKey(c.ID, c.event(), s.editOf(t, c, t.now))
	if c.Revoke != nil {
		r.Reason = c.Revoke.Reason
	}
	return v, r, err
}

// editOf returns the change as a function of the key.
func (s *Store) editOf(r kv.Reader, c KeyChange, now time.Time) func(*KeyView) error {
	return func(v *KeyView) error {
		if c.Restore {
			return restore(r, v, c.Version, now)
		}
		if err := changeable(*v, c.Version); err != nil {
			return err
		}
		switch {
		case c.Disable && v.DisabledAt.IsZero():
			v.DisabledAt = now
		case c.Enable:
			v.DisabledAt = time.Time{}
		case c.Revoke != nil:
			v.revoke(*c.Revoke, now)
		case c.Edit != nil:
			return s.editKey(v, *c.Edit, now)
		}
		return nil
	}
}
