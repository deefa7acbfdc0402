package keystore

import (
	"context"
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

// RestoreWithin is how long a revocation can be taken back.
const RestoreWithin = time.Hour

// RestoreKey takes a revocation back that was made by mistake: within
// [RestoreWithin], unless the key is compromised or its name was given away.
func (s *Store) RestoreKey(ctx context.Context, id KeyID, version uint64) (KeyView, error) {
	var view KeyView
	err := s.change(ctx, func(t tx) (r journal.Record, err error) {
		view, r, err = t.alterKey(id, journal.EventKeyRestore, func(v *KeyView) error {
			if err := unmoved(*v, version); err != nil {
				return err
			}
			if err := mayRestore(*v, t.now); err != nil {
				return err
			}
			v.Revoked, v.RevokeReason = time.Time{}, ""
			return checkNameFree(t, v.Key)
		})
		return r, err
	})
	return view, err
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
