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
	Given    Handover = "given"    // to the standard input of a command
)

// NoteHandover records that the key string of a key was copied, saved, shown
// again or given to a command; detail says where to ("deploy.pak, encrypted"),
// never what.
func (s *Store) NoteHandover(ctx context.Context, id KeyID, how Handover, detail string) error {
	if err := checkText("detail", detail, 0, MaxReason); err != nil {
		return err
	}
	event := map[Handover]journal.Event{
		Copied: journal.EventKeyCopy, Saved: journal.EventKeySave, Revealed: journal.EventKeyReveal, Given: journal.EventKeyGive,
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

// CheckFile returns why a key string may not be saved to a file, encrypted or
// not: the policy forbids it, or cannot be read.
func (s *Store) CheckFile(encrypted bool) error {
	p, err := s.Policy()
	if err != nil || encrypted || p.AllowPlainFiles {
		return err
	}
	return &PolicyError{Path: s.PolicyPath(), Violations: []Violation{{
		Rule: "allow_plain_files", Field: "file", Text: "a key may be saved to an encrypted file only, for its owner's recipient or with a passphrase",
	}}}
}
