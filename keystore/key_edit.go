package keystore

import (
	"context"
	"errors"
	"time"

	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/journal"
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
}

// EditKey changes a key that the caller saw at a version. A revoked key
// cannot be changed. An edit that changes nothing leaves no trace.
func (s *Store) EditKey(ctx context.Context, id KeyID, version uint64, e KeyEdit) (KeyView, error) {
	return s.changeKey(ctx, id, version, journal.EventKeyEdit, func(k *Key, owner User, now time.Time) error {
		before := k.clone()
		set(&k.Name, e.Name)
		set(&k.Description, e.Description)
		set(&k.Scopes, e.Scopes)
		set(&k.Rules, e.Rules)
		set(&k.RotateEvery, e.RotateEvery)
		setTime(&k.NotBefore, e.NotBefore)
		setTime(&k.Expires, e.Expires)
		return errors.Join(checkKey(*k), s.checkKeyEdit(before, *k, owner, now))
	})
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
		r.Reason = reasonOf(event, view.Key)
		return r, err
	})
	return view, err
}

// alterKey applies an edit to a key, writes it, and returns it with the record
// of what changed. Whether it may be changed at all is for the edit to say.
func (t tx) alterKey(id KeyID, event journal.Event, edit func(*KeyView) error) (KeyView, journal.Record, error) {
	before, err := getKey(t, id)
	if err != nil {
		return KeyView{}, journal.Record{}, err
	}
	view, err := viewOf(t, before.clone())
	if err != nil {
		return view, journal.Record{}, err
	}
	if err := edit(&view); err != nil {
		return view, journal.Record{}, err
	}
	diff := diffKey(&before, view.Key)
	if len(diff) == 0 {
		return view, journal.Record{}, errUnchanged
	}
	view.Version, view.Updated = before.Version+1, t.now
	if err := t.renameKey(before, view.Key); err != nil {
		return view, journal.Record{}, err
	}
	return view, record(event, keyObject(view), diff), t.putKey(view.Key)
}

func reasonOf(event journal.Event, k Key) string {
	if event == journal.EventKeyRevoke {
		return k.RevokeReason
	}
	return ""
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
		return &stateError{"key " + quote(v.Ref()) + " was revoked on " + v.Revoked.Format(time.DateOnly) + " and cannot be changed; issue a new one"}
	}
	return nil
}

func (t tx) renameKey(before, after Key) error {
	if before.Name == after.Name {
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
