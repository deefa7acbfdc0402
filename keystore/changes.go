package keystore

import (
	"context"
	"fmt"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Position is how far a follower has read: the size of the journal and the
// hash of its last record. The zero value is "nothing read yet".
type Position struct {
	Size int64
	Last journal.Hash
}

// Changes is what a follower does not know yet. All says that Users and Keys
// are complete and replace what the follower had; otherwise they hold only
// what changed.
type Changes struct {
	Position
	All   bool
	Users []User
	Keys  []Key
}

// most records that are followed one by one; beyond it everything is read.
const mostFollowed = 2000

// ChangesSince returns what changed since a position, in one consistent view.
// A journal that does not continue the one that was followed (a store that
// was restored from a backup) yields everything; another store is refused.
func (s *Store) ChangesSince(ctx context.Context, since Position) (Changes, error) {
	var c Changes
	err := s.kv.View(ctx, func(r kv.Reader) error {
		head, err := journal.Head(r)
		if err != nil {
			return err
		}
		touched, last, err := touchedSince(r, since, head.Size)
		if err != nil {
			return err
		}
		c = Changes{Position: Position{head.Size, last}}
		if touched == nil {
			c.All = true
			if err := s.sameStore(r); err != nil {
				return err
			}
			if c.Users, err = allUsers(r); err != nil {
				return err
			}
			c.Keys, err = allKeys(r)
			return err
		}
		return c.load(r, touched)
	})
	return c, err
}

// touchedSince returns the users and keys that the records since a position
// are about, and the hash of the last record; nil if they cannot be told and
// everything must be read.
func touchedSince(r kv.Reader, since Position, size int64) (map[journal.Object]bool, journal.Hash, error) {
	last, err := recordHash(r, size-1)
	if err != nil {
		return nil, last, err
	}
	if since.Size == 0 || since.Size > size || size-since.Size > mostFollowed {
		return nil, last, nil
	}
	seen, err := recordHash(r, since.Size-1)
	if err != nil || seen != since.Last {
		return nil, last, err
	}
	touched := map[journal.Object]bool{}
	err = journal.Read(r, since.Size, func(seq int64, raw []byte) error {
		rec, err := journal.Decode(raw)
		if err != nil {
			return fmt.Errorf("journal record %d: %w", seq, err)
		}
		if rec.Code < journal.EventUse.Code && (rec.Object.Kind == "user" || rec.Object.Kind == "key") {
			touched[journal.Object{Kind: rec.Object.Kind, ID: rec.Object.ID}] = true
		}
		return nil
	})
	return touched, last, err
}

func (c *Changes) load(r kv.Reader, touched map[journal.Object]bool) error {
	for o := range touched {
		switch o.Kind {
		case "user":
			u, err := getUser(r, UserID(o.ID))
			if err != nil {
				return err
			}
			c.Users = append(c.Users, u)
		case "key":
			k, err := getKey(r, KeyID(o.ID))
			if err != nil {
				return err
			}
			c.Keys = append(c.Keys, k)
		}
	}
	return nil
}

// recordHash returns the leaf hash of a journal record, zero if there is none.
func recordHash(r kv.Reader, seq int64) (journal.Hash, error) {
	var h journal.Hash
	if seq < 0 {
		return h, nil
	}
	err := journal.ReadBackwards(r, seq, func(_ int64, raw []byte) error {
		h = journal.LeafHash(raw)
		return kv.Stop
	})
	return h, err
}
