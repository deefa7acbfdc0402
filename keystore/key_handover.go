package keystore

import (
	"context"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// Handover is a way in which a new key string left the program.
type Handover string

// The ways of handing a key over.
const (
	Copied   Handover = "copied"   // sent to the operator's clipboard
	Saved    Handover = "saved"    // written to a .pak file
	Revealed Handover = "revealed" // shown on the screen once more
)

// NoteHandover records that the key string of a key was copied, saved or
// shown again; detail says where to ("deploy.pak, encrypted"), never what.
func (s *Store) NoteHandover(ctx context.Context, id KeyID, how Handover, detail string) error {
	if err := checkText("detail", detail, 0, MaxReason); err != nil {
		return err
	}
	event := map[Handover]journal.Event{
		Copied: journal.EventKeyCopy, Saved: journal.EventKeySave, Revealed: journal.EventKeyReveal,
	}[how]
	return s.change(ctx, func(t tx) (journal.Record, error) {
		k, err := getKey(t, id)
		if err != nil {
			return journal.Record{}, err
		}
		v, err := viewOf(t, k)
		r := record(event, keyObject(v), nil)
		r.Reason = detail
		return r, err
	})
}
