package keystore

import (
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// beginGrace sets when the old secret of a rotation ends, now that the new one
// was used for the first time. It returns the record of it, if there is such a
// rotation.
//
// The time counts from the use and not from when it was recorded, so that a
// store which could not be written for a while does not lengthen it.
func (t tx) beginGrace(id token.ID, used time.Time) ([]journal.Record, error) {
	key, err := t.Get(secretRow(id))
	if err != nil || key == nil {
		return nil, err
	}
	k, err := getKey(t, KeyID(key))
	if err != nil || k.Current().ID != id {
		return nil, err
	}
	old, ok := k.RetiringAt(t.now)
	if !ok || old.Grace == 0 || !old.Retires.IsZero() {
		return nil, nil
	}
	_, r, err := t.alterKey(k.ID, journal.EventKeyGrace, func(v *KeyView) error {
		for i := range v.Secrets {
			if v.Secrets[i].ID == old.ID {
				v.Secrets[i].Retires = used.Add(old.Grace).UTC().Truncate(time.Millisecond)
			}
		}
		return nil
	})
	r.Reason = "first use of " + id.String()
	return []journal.Record{r}, err
}
