package keystore

import (
	"slices"
	"time"
)

// Kind says what a user is: a human being or a program.
type Kind string

// The kinds of users.
const (
	Person  Kind = "person"
	Service Kind = "service"
)

// ParseKind reads "person" or "service".
func ParseKind(s string) (Kind, error) {
	switch k := Kind(s); k {
	case Person, Service:
		return k, nil
	}
	return "", &FieldError{"kind", s, "does not exist; use person or service"}
}

// User owns keys. No key of a disabled user verifies.
type User struct {
	ID          UserID
	Name        string // unique, whatever the case
	Kind        Kind
	Admin       bool // may do everything: its permissions are *:*
	Disabled    bool
	Permissions []Scope
	Contact     string // whom to ask about the user's keys
	Recipient   string // to whom its keys are encrypted: an age or SSH public key
	Created     time.Time
	Updated     time.Time
	Version     uint64    // counts changes from 1
	HandedOver  time.Time // when another contact took the place of one; zero: never
}

// Allowed returns the scopes that the user's keys may have.
func (u User) Allowed() []Scope {
	if u.Admin {
		return []Scope{AnyScope}
	}
	return u.Permissions
}

func (u User) clone() User {
	u.Permissions = slices.Clone(u.Permissions)
	return u
}
