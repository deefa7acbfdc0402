package keystore

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// DisableKey switches a key off until it is enabled again.
func (s *Store) DisableKey(ctx context.Context, id KeyID, version uint64) (KeyView, error) {
	return s.changeKey(ctx, id, version, journal.EventKeyDisable, func(k *Key, _ User, now time.Time) error {
		if k.DisabledAt.IsZero() {
			k.DisabledAt = now
		}
		return nil
	})
}

// EnableKey switches a disabled key on again.
func (s *Store) EnableKey(ctx context.Context, id KeyID, version uint64) (KeyView, error) {
	return s.changeKey(ctx, id, version, journal.EventKeyEnable, func(k *Key, _ User, _ time.Time) error {
		k.DisabledAt = time.Time{}
		return nil
	})
}
