package keystore

import (
	"context"
	"errors"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// NewUser describes a user to be added.
type NewUser struct {
	Name        string
	Kind        Kind // "" means Service
	Admin       bool
	Permissions []Scope
	Contact     string
	Recipient   string
}

// AddUser adds a user. A taken name is a *FieldError.
func (s *Store) AddUser(ctx context.Context, in NewUser) (User, error) {
	if in.Kind == "" {
		in.Kind = Service
	}
	u := User{Name: in.Name, Kind: in.Kind, Admin: in.Admin, Permissions: in.Permissions, Contact: in.Contact, Recipient: in.Recipient}
	if err := checkUser(u); err != nil {
		return User{}, err
	}
	err := s.change(ctx, func(t tx) (journal.Record, error) {
		id, err := newID(t.now, s.rand)
		if err != nil {
			return journal.Record{}, err
		}
		u.ID, u.Created, u.Updated, u.Version = UserID(id), t.now, t.now, 1
		if err := t.claimUserName(u); err != nil {
			return journal.Record{}, err
		}
		return record(journal.EventUserCreate, userObject(u), diffUser(nil, u)), t.putUser(u)
	})
	if err != nil {
		return User{}, err
	}
	return u.clone(), nil
}

// checkUser checks the fields of a user that need no look at the store.
func checkUser(u User) error {
	_, kindErr := ParseKind(string(u.Kind))
	_, scopeErr := ParseScopes(scopeStrings(u.Permissions))
	return errors.Join(CheckUserName(u.Name), kindErr, scopeErr, checkCount("permissions", len(u.Permissions)), CheckContact(u.Contact), CheckRecipient(u.Recipient))
}

// claimUserName makes the name point to the user, or fails if it is another's.
func (t tx) claimUserName(u User) error {
	holder, err := userIDByName(t, u.Name)
	if err != nil {
		return err
	}
	if holder != "" && holder != u.ID {
		return &FieldError{"user name", u.Name, "is taken"}
	}
	return t.Put(userNameRow(u.Name), []byte(u.ID))
}

func (t tx) putUser(u User) error {
	b, err := encodeUser(u)
	if err != nil {
		return err
	}
	return t.Put(userRow(u.ID), b)
}

func userObject(u User) journal.Object {
	return journal.Object{Kind: "user", ID: string(u.ID), Name: u.Name}
}
