package keystore

import (
	"context"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// DisableUser switches a user off: from now on none of its keys verifies.
func (s *Store) DisableUser(ctx context.Context, id UserID, version uint64) (User, error) {
	return s.changeUser(ctx, id, version, journal.EventUserDisable, func(u *User) error {
		u.Disabled = true
		return nil
	})
}

// EnableUser switches a user on again. Its keys are as they were.
func (s *Store) EnableUser(ctx context.Context, id UserID, version uint64) (User, error) {
	return s.changeUser(ctx, id, version, journal.EventUserEnable, func(u *User) error {
		u.Disabled = false
		return nil
	})
}
