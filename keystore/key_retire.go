package keystore

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

// RetireSecret ends the old secret of a rotation now. It stays known, so that
// who still tries it is seen.
func (s *Store) RetireSecret(ctx context.Context, id KeyID, version uint64) (KeyView, error) {
	return s.changeKey(ctx, id, version, journal.EventKeyRetire, func(k *Key, owner User, now time.Time) error {
		for i := range k.Secrets {
			if k.Secrets[i].StateAt(now) == Retiring {
				k.Secrets[i].retire(now)
				return nil
			}
		}
		return notRotating(*k, owner)
	})
}

func notRotating(k Key, owner User) error {
	return &stateError{"key " + quote.Text(owner.Name+"/"+k.Name) + " is not being rotated: only one secret of it works"}
}
