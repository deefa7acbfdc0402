package keystore

import (
	"context"
	"errors"
	"time"

	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

// KeyEdit changes the fields that are not nil. A zero time means "never" for
// Expires and "at once" for NotBefore.
type KeyEdit struct {
	Name        *string
	Description *string
	Scopes      *[]Scope
	NotBefore   *time.Time
	Expires     *time.Time
	Rules       *iprule.Rules
	RotateEvery *time.Duration // 0: as the policy says
	WarnBefore  *time.Duration // 0: as the policy says
}

// EditKey changes a key that the caller saw at a version. A revoked key
// cannot be changed. An edit that changes nothing leaves no trace.
func (s *Store) EditKey(ctx context.Context, id KeyID, version uint64, e KeyEdit) (KeyView, error) {
	return s.ChangeKey(ctx, KeyChange{ID: id, Version: version, Edit: &e})
}

func (s *Store) editKey(v *KeyView, e KeyEdit, now time.Time) error {
	before := v.Key.clone()
	set(&v.Name, e.Name)
	set(&v.Description, e.Description)
	set(&v.Scopes, e.Scopes)
	set(&v.Rules, e.Rules)
	set(&v.RotateEvery, e.RotateEvery)
	set(&v.WarnBefore, e.WarnBefore)
	setTime(&v.NotBefore, e.NotBefore)
	setTime(&v.Expires, e.Expires)
	return errors.Join(checkKey(v.Key), s.checkKeyEdit(before, v.Key, v.Owner, now))
}

func setTime(field, value *time.Time) {
	if value != nil {
		*field = value.UTC().Truncate(time.Second)
	}
}

// checkKeyEdit checks what an edit brought against the owner and the policy.
func (s *Store) checkKeyEdit(before, after Key, owner User, now time.Time) error {
	var errs []error
	if !after.Expires.Equal(before.Expires) && !after.Expires.IsZero() && !after.Expires.After(now) {
		errs = append(errs, pastExpiry(after.Expires))
	}
	if len(diffKey(&Key{Scopes: before.Scopes}, Key{Scopes: after.Scopes})) > 0 {
		errs = append(errs, checkOwnerAllows(after.Scopes, owner))
	}
	return errors.Join(append(errs, s.checkPolicy(&before, after, owner))...)
}

// changeKey applies an edit to a key under its version and records it.
func (s *Store) changeKey(ctx context.Context, id KeyID, version uint64, event journal.Event, edit func(*Key, User, time.Time) error) (KeyView, error) {
	var view KeyView
	err := s.change(ctx, func(t tx) (r journal.Record, err error) {
		view, r, err = t.alterKey(id, event, func(v *KeyView) error {
			if err := changeable(*v, version); err != nil {
				return err
			}
			return edit(&v.Key, v.Owner, t.now)
		})
		return r, err
	})
	return view, err
}

// altered is a key before and after an edit.
type altered struct {
	before Key
	view   KeyView // after it
	diff   []Change
}

// alter applies an edit to a key without writing it. Whether the key may be
// changed at all is for the edit to say.
func alter(r kv.Reader, id KeyID, edit func(*KeyView) error) (a altered, err error) {
	if a.before, err = getKey(r, id); err != nil {
		return a, err
	}
	if a.view, err = viewOf(r, a.before.clone()); err != nil {
		return a, err
	}
	if err := edit(&a.view); err != nil {
		return a, err
	}
	a.diff = diffKey(&a.before, a.view.Key)
	return a, nil
}

// alterKey applies an edit to a key, writes it, and returns it with the record
// of what changed.
func (t tx) alterKey(id KeyID, event journal.Event, edit func(*KeyView) error) (KeyView, journal.Record, error) {
	a, err := alter(t, id, edit)
	if err != nil {
		return a.view, journal.Record{}, err
	}
	if len(a.diff) == 0 {
		return a.view, journal.Record{}, errUnchanged
	}
	a.view.Version, a.view.Updated = a.before.Version+1, t.now
	if err := t.renameKey(a.before, a.view.Key); err != nil {
		return a.view, journal.Record{}, err
	}
	return a.view, record(event, keyObject(a.view), a.diff), t.putKey(a.view.Key)
}

// unmoved refuses a change of a key that is not as the caller saw it.
func unmoved(v KeyView, version uint64) error {
	if v.Version != version {
		return &ConflictError{Kind: "key", Name: v.Ref(), Seen: version, Stored: v.Version, Theirs: v}
	}
	return nil
}

// changeable refuses a change of a key that was revoked, or that is not as
// the caller saw it.
func changeable(v KeyView, version uint64) error {
	if err := unmoved(v, version); err != nil {
		return err
	}
	if !v.Revoked.IsZero() {
		return &stateError{"key " + quote.Text(v.Ref()) + " was revoked on " + v.Revoked.Format(time.DateOnly) + " and cannot be changed; issue a new one"}
	}
	return nil
}

func (t tx) renameKey(before, after Key) error {
	restored := !before.Revoked.IsZero() && after.Revoked.IsZero()
	if before.Name == after.Name && !restored { // another revoked one may have it now
		return nil
	}
	if err := checkNameFree(t, after); err != nil {
		return err
	}
	return errors.Join(
		t.Delete(keyNameRow(before.User, before.Name)),
		t.Put(keyNameRow(after.User, after.Name), []byte(after.ID)),
	)
}
