package keystore

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// RevokeKey ends a key for ever, for a reason. It stays listed, because the
// audit needs it; its name may be given to a new key.
func (s *Store) RevokeKey(ctx context.Context, id KeyID, version uint64, reason string) (KeyView, error) {
	if err := CheckReason(reason); err != nil {
		return KeyView{}, err
	}
	return s.changeKey(ctx, id, version, journal.EventKeyRevoke, func(k *Key, _ User, now time.Time) error {
		k.Revoked, k.RevokeReason = now, reason
		return nil
	})
}
