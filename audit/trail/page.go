package trail

import (
	"bytes"
	"context"
	"time"

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

// Page is a part of a search.
type Page struct {
	Entries []Entry
	// Next is where the search goes on: the number of the next record to look
	// at. At the beginning of the journal, backwards, it is -1.
	Next int64
	// Seen is how many records were looked at.
	Seen int
}

// Newest is where a search from the newest record begins.
const Newest = -1

// What one call may look at. Nobody else can write while the store is read, so a
// filter that matches little must not read on for long; the caller goes on with
// Next.
const (
	mostSeen = 100_000
	longest  = 40 * time.Millisecond
	stride   = 512 // records between two looks at the clock
)

// slack is how much older than Since a record must be to end a search. Records
// are not quite in the order of their times: uses are written some time after
// they happened, and clocks are set back.
const slack = 24 * time.Hour

// search is one call of [Backwards] or [Forwards].
type search struct {
	filter *Filter
	began  time.Time
	end    string // a record from before it ends the search
	seen   int
}

func newSearch(f *Filter) search {
	s := search{filter: f, began: time.Now()}
	if !f.Since.IsZero() {
		s.end = journal.Stamp(f.Since.Add(-slack))
	}
	return s
}

// spent reports whether the call has looked at enough.
func (s *search) spent() bool {
	return s.seen >= mostSeen || s.seen%stride == 0 && s.seen > 0 && time.Since(s.began) > longest
}

// over reports whether a record is so old that none before it can match.
func (s *search) over(raw []byte) bool {
	if s.end == "" {
		return false
	}
	g, ok := journal.Glance(raw)
	return ok && string(g.Time) < s.end
}

// take looks at a record and returns it if the filter selects it.
func (s *search) take(raw []byte) (e Entry, ok bool, err error) {
	s.seen++
	verdict := s.filter.glance(raw)
	if verdict == no {
		return Entry{}, false, nil
	}
	r, err := journal.Decode(raw)
	if err != nil || verdict == maybe && !s.filter.Match(r) {
		return Entry{}, false, err
	}
	return Entry{r, bytes.Clone(raw)}, true, nil
}

// Backwards returns up to limit records that the filter selects, from the
// record numbered from (or [Newest]) towards the oldest.
func Backwards(ctx context.Context, st *keystore.Store, f Filter, from int64, limit int) (Page, error) {
	p, s := Page{Next: -1}, newSearch(&f)
	look := func(seq int64, raw []byte) error {
		if len(p.Entries) == limit || s.spent() {
			p.Next = seq
			return kv.Stop
		}
		if s.over(raw) {
			return kv.Stop
		}
		e, ok, err := s.take(raw)
		if ok {
			p.Entries = append(p.Entries, e)
		}
		return err
	}
	term, found := f.term()
	var err error
	if found {
		err = st.JournalAboutBackwards(ctx, term, from, look)
	} else {
		err = st.JournalBackwards(ctx, from, look)
	}
	p.Seen = s.seen
	return p, err
}

// Forwards returns up to limit records that the filter selects, from the record
// numbered from on, oldest first. Next is the number of the record after the last
// that was looked at; no record before it is selected.
func Forwards(ctx context.Context, st *keystore.Store, f Filter, from int64, limit int) (Page, error) {
	p, s, stopped := Page{Next: from}, newSearch(&f), false
	look := func(seq int64, raw []byte) error {
		if len(p.Entries) == limit || s.spent() {
			stopped = true
			return kv.Stop
		}
		e, ok, err := s.take(raw)
		if ok {
			p.Entries = append(p.Entries, e)
		}
		p.Next = seq + 1
		return err
	}
	term, found := f.term()
	if !found {
		err := st.Journal(ctx, from, look)
		p.Seen = s.seen
		return p, err
	}
	size, err := st.JournalAbout(ctx, term, from, look)
	if p.Seen = s.seen; err == nil && !stopped {
		p.Next = max(p.Next, size)
	}
	return p, err
}
