package keystore

import (
	"context"
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

// RestoreWithin is how long a revocation can be taken back.
const RestoreWithin = time.Hour

// RestoreKey takes a revocation back that was made by mistake: within
// [RestoreWithin], unless the key is compromised or its name was given away.
func (s *Store) RestoreKey(ctx context.Context, id KeyID, version uint64) (KeyView, error) {
	return s.ChangeKey(ctx, KeyChange{ID: id, Version: version, Restore: true})
}

func restore(r kv.Reader, v *KeyView, version uint64, now time.Time) error {
	if err := unmoved(*v, version); err != nil {
		return err
	}
	if err := mayRestore(*v, now); err != nil {
		return err
	}
	v.Revoked, v.RevokeReason = time.Time{}, ""
	return checkNameFree(r, v.Key)
}

func mayRestore(v KeyView, now time.Time) error {
	switch {
	case v.Revoked.IsZero():
		return &stateError{"key " + quote.Text(v.Ref()) + " is not revoked"}
	case v.Compromised:
		return &stateError{fmt.Sprintf("key %s was revoked as compromised (%s) and stays revoked; issue a new one", quote.Text(v.Ref()), v.RevokeReason)}
	case now.Sub(v.Revoked) > RestoreWithin:
		return &stateError{fmt.Sprintf("key %s was revoked at %s; a revocation can be taken back within 60 minutes, so issue a new one",
			quote.Text(v.Ref()), v.Revoked.Format(time.RFC3339))}
	}
	return nil
}
