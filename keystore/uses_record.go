package keystore

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Use is one use that the journal records: the first in an hour of a secret
// by a caller with an outcome.
type Use struct {
	Sighting
	Outcome     Outcome
	Key         KeyID    // "" when no key is known
	Ref         string   // user/name of the key
	Secret      token.ID // of the string that was presented, if it had the shape of one
	Reason      string   // "denied by d1 203.0.113.64/26"
	Fingerprint string   // of a string that was refused before it was proven
}

// RecordUses adds a batch to what is known of uses, in one transaction with
// what others keep of it in their annexes: the store itself keeps sums, hours
// and callers are for an annex. The first use of a secret begins the grace of
// the one that it replaces, with a record of its own.
func (s *Store) RecordUses(ctx context.Context, b UseBatch, beside ...Beside) error {
	if b.Empty() && len(beside) == 0 {
		return nil
	}
	return s.changes(ctx, sometimes, func(t tx) ([]journal.Record, error) {
		records := make([]journal.Record, len(b.Notable))
		for i, u := range b.Notable {
			records[i] = useRecord(u)
		}
		for _, id := range slices.SortedFunc(maps.Keys(b.Uses), byID) {
			first, err := t.addUses(id, b.Uses[id])
			if err != nil {
				return nil, err
			}
			if !first {
				continue
			}
			r, err := t.beginGrace(id, b.Uses[id].First.Time)
			if err != nil {
				return nil, err
			}
			records = append(records, r...)
		}
		for _, x := range beside { // after the uses: rows are written quickest in the order of their keys
			if err := x.write(x.annex.writer(t), t.now); err != nil {
				return nil, err
			}
		}
		return records, nil
	})
}

func byID(a, b token.ID) int { return bytes.Compare(a[:], b[:]) }

// addUses reports whether these are the first accepted uses of the secret.
func (t tx) addUses(id token.ID, u Uses) (first bool, err error) {
	sum, err := getUses(t, id)
	if err != nil {
		return false, err
	}
	first = sum.First.Time.IsZero() && !u.First.Time.IsZero()
	b, err := encodeUses(sum.Add(u))
	if err != nil {
		return false, err
	}
	return first, t.Put(usesRow(id), b)
}

func useRecord(u Use) journal.Record {
	r := record(journal.EventUse, journal.Object{Kind: "key", ID: string(u.Key), Name: u.Ref}, nil)
	r.Time = u.Time
	r.Outcome, r.Reason = string(u.Outcome), u.Reason
	r.Source = journal.Source{Agent: u.Agent, Route: u.Route, Fingerprint: u.Fingerprint}
	if u.IP.IsValid() {
		r.Source.IP = u.IP.String()
	}
	if !u.Secret.IsZero() {
		r.Source.Secret = u.Secret.String()
	}
	return r
}

// RecordEvent writes an event of a service to the journal: its start, its
// stop, a heartbeat. Reason is one line for people; settings are what it runs
// with.
func (s *Store) RecordEvent(ctx context.Context, e journal.Event, reason string, settings ...journal.Change) error {
	return s.change(ctx, func(tx) (journal.Record, error) {
		r := record(e, storeObject(s.meta), settings)
		r.Reason = reason
		return r, nil
	})
}

// Journal calls fn with the stored bytes of the records from seq on, in
// order, until it returns kv.Stop or another error.
func (s *Store) Journal(ctx context.Context, seq int64, fn func(seq int64, raw []byte) error) error {
	return s.kv.View(ctx, func(r kv.Reader) error { return journal.Read(r, seq, fn) })
}

// JournalBackwards calls fn with the records from seq on in falling order;
// a negative seq begins with the newest.
func (s *Store) JournalBackwards(ctx context.Context, seq int64, fn func(seq int64, raw []byte) error) error {
	return s.kv.View(ctx, func(r kv.Reader) error {
		if seq < 0 {
			head, err := journal.Head(r)
			if err != nil {
				return err
			}
			seq = head.Size - 1
		}
		return journal.ReadBackwards(r, seq, fn)
	})
}

// JournalAbout is [Store.Journal] of the records with a term, and of some others.
// It returns the size of the journal, too, for whoever goes on from there.
func (s *Store) JournalAbout(ctx context.Context, t journal.Term, seq int64, fn func(seq int64, raw []byte) error) (size int64, err error) {
	err = s.kv.View(ctx, func(r kv.Reader) error {
		if size, err = journal.Size(r); err != nil {
			return err
		}
		return journal.Select(r, t, seq, fn)
	})
	return size, err
}

// JournalAboutBackwards is [Store.JournalBackwards] of the records with a term,
// and of some others.
func (s *Store) JournalAboutBackwards(ctx context.Context, t journal.Term, seq int64, fn func(seq int64, raw []byte) error) error {
	return s.kv.View(ctx, func(r kv.Reader) error { return journal.SelectBackwards(r, t, seq, fn) })
}
