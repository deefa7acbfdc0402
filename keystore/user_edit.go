package keystore

import (
	"context"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// UserEdit changes the fields that are not nil.
type UserEdit struct {
	Name        *string
	Kind        *Kind
	Admin       *bool
	Permissions *[]Scope
	Contact     *string
	Recipient   *string
}

// EditUser changes a user that the caller saw at a version. An edit that
// changes nothing leaves no trace.
func (s *Store) EditUser(ctx context.Context, id UserID, version uint64, e UserEdit) (User, error) {
	return s.changeUser(ctx, id, version, journal.EventUserEdit, func(u *User) error {
		set(&u.Name, e.Name)
		set(&u.Kind, e.Kind)
		set(&u.Admin, e.Admin)
		set(&u.Permissions, e.Permissions)
		set(&u.Contact, e.Contact)
		set(&u.Recipient, e.Recipient)
		return checkUser(*u)
	})
}

// set assigns a value that was given.
func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// changeUser applies an edit to a user under its version and records it.
func (s *Store) changeUser(ctx context.Context, id UserID, version uint64, event journal.Event, edit func(*User) error) (User, error) {
	var after User
	err := s.change(ctx, func(t tx) (journal.Record, error) {
		before, err := getUser(t, id)
		if err != nil {
			return journal.Record{}, err
		}
		after = before.clone()
		if before.Version != version {
			return journal.Record{}, &ConflictError{Kind: "user", Name: before.Name, Seen: version, Stored: before.Version, Theirs: before}
		}
		if err := edit(&after); err != nil {
			return journal.Record{}, err
		}
		diff := diffUser(&before, after)
		if len(diff) == 0 {
			return journal.Record{}, errUnchanged
		}
		after.Version, after.Updated = before.Version+1, t.now
		if before.Contact != "" && after.Contact != "" && before.Contact != after.Contact {
			after.HandedOver = t.now
		}
		if err := t.renameUser(before, after); err != nil {
			return journal.Record{}, err
		}
		return record(event, userObject(after), diff), t.putUser(after)
	})
	return after, err
}

func (t tx) renameUser(before, after User) error {
	if before.Name == after.Name {
		return nil
	}
	if err := t.Delete(userNameRow(before.Name)); err != nil {
		return err
	}
	return t.claimUserName(after)
}
