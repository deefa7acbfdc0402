package keystore

import (
	"context"
	"strings"
	"time"
)

// Revocation says why a key ends.
type Revocation struct {
	Reason string
	// Compromised: somebody else has the key, so that the revocation can never
	// be taken back. A reason that says so (see [SoundsCompromised]) sets it.
	Compromised bool
}

// RevokeKey ends a key for ever, for a reason. It stays listed, because the
// audit needs it; its name may be given to a new key. See [Store.RestoreKey]
// for a mistake.
func (s *Store) RevokeKey(ctx context.Context, id KeyID, version uint64, reason string) (KeyView, error) {
	return s.Revoke(ctx, id, version, Revocation{Reason: reason})
}

// Revoke is [Store.RevokeKey] for a caller who knows whether the key is
// compromised.
func (s *Store) Revoke(ctx context.Context, id KeyID, version uint64, r Revocation) (KeyView, error) {
	return s.ChangeKey(ctx, KeyChange{ID: id, Version: version, Revoke: &r})
}

func (k *Key) revoke(r Revocation, now time.Time) {
	k.Revoked, k.RevokeReason = now, r.Reason
	k.Compromised = r.Compromised || SoundsCompromised(r.Reason)
}

// SoundsCompromised reports whether a reason tells that somebody else has the
// key. In doubt it says yes: a key that stays revoked does no harm.
func SoundsCompromised(reason string) bool {
	reason = strings.ToLower(reason)
	for _, word := range []string{"compromis", "leak", "stolen", "theft", "expos", "publi", "incident", "breach", "phish"} {
		if strings.Contains(reason, word) {
			return true
		}
	}
	return false
}
