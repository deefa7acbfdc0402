package keystore

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// RevertRotation calls a rotation off while the old secret still works: the
// old one is the current one again, and the new one ends now. Clients that have
// switched already are cut off; look at the uses of the new secret first.
func (s *Store) RevertRotation(ctx context.Context, id KeyID, version uint64) (KeyView, error) {
	return s.changeKey(ctx, id, version, journal.EventKeyRevert, func(k *Key, owner User, now time.Time) error {
		if _, rotating := k.RetiringAt(now); !rotating {
			return notRotating(*k, owner)
		}
		for i := range k.Secrets {
			switch old := &k.Secrets[i]; old.StateAt(now) {
			case Current:
				old.retire(now)
			case Retiring:
				old.State, old.Retires, old.Grace = Current, time.Time{}, 0
			}
		}
		return nil
	})
}
