package trail

import (
	"bytes"
	"context"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Entry is one journal record with its stored bytes, whose SHA-256 after a
// zero byte is the record's leaf in the tree (RFC 6962 section 2.1).
type Entry struct {
	journal.Record
	Raw []byte
}

// Leaf returns the leaf hash of the record.
func (e Entry) Leaf() journal.Hash { return journal.LeafHash(e.Raw) }

// Page is a part of a search, newest record first.
type Page struct {
	Entries []Entry
	// Next is where the search goes on: the number of the next record to look
	// at, or -1 at the end.
	Next int64
	// Seen is how many records were looked at.
	Seen int
}

// Newest is where a search from the newest record begins.
const Newest = -1

// mostSeen bounds how many records one call looks at, so that a filter that
// matches little keeps nobody waiting; the caller goes on with Next.
const mostSeen = 20_000

// Backwards returns up to limit records that the filter selects, from the
// record numbered from (or [Newest]) towards the oldest.
func Backwards(ctx context.Context, st *keystore.Store, f Filter, from int64, limit int) (Page, error) {
	p := Page{Next: -1}
	err := st.JournalBackwards(ctx, from, func(seq int64, raw []byte) error {
		if p.Seen == mostSeen || len(p.Entries) == limit {
			p.Next = seq
			return kv.Stop
		}
		p.Seen++
		r, err := journal.Decode(raw)
		if err != nil {
			return err
		}
		if r.Time.Before(f.Since) {
			return kv.Stop
		}
		if f.Match(r) {
			p.Entries = append(p.Entries, Entry{r, bytes.Clone(raw)})
		}
		return nil
	})
	return p, err
}

// Forwards calls fn with the records that the filter selects, from the record
// numbered from on, and returns the number of the record after the last.
func Forwards(ctx context.Context, st *keystore.Store, f Filter, from int64, fn func(Entry) error) (next int64, err error) {
	next = from
	err = st.Journal(ctx, from, func(seq int64, raw []byte) error {
		r, err := journal.Decode(raw)
		if err != nil {
			return err
		}
		if f.Match(r) {
			if err := fn(Entry{r, bytes.Clone(raw)}); err != nil {
				return err
			}
		}
		next = seq + 1
		return nil
	})
	return next, err
}
