package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Term is what a record can be found by. It is a hash: of the records that are
// found by a term a few may have another one, so each is still to be looked at.
type Term [8]byte

// AboutKey is the term of the records about a key, by its id.
func AboutKey(id string) Term { return termOf('k', []byte(id)) }

// AboutUser is the term of the records about a user, by the id or the name, and
// of those about the keys of an owner of that name. Case does not matter.
func AboutUser(name string) Term { return aboutUser([]byte(name)) }

func aboutUser(name []byte) Term {
	if bytes.ContainsFunc(name, func(r rune) bool { return r >= 0x80 || 'A' <= r && r <= 'Z' }) {
		name = bytes.ToLower(name)
	}
	return termOf('u', name)
}

// OfString is the term of the records of a presented string, by its fingerprint.
func OfString(fingerprint string) Term { return termOf('f', []byte(fingerprint)) }

// Changes is the term of all records but those of uses.
func Changes() Term { return termOf('c', nil) }

// termOf is FNV-1a: nobody gains from two terms that are one, and every record is
// hashed again when the journal is verified.
func termOf(kind byte, text []byte) (t Term) {
	h := (uint64(0xcbf29ce484222325) ^ uint64(kind)) * 0x100000001b3
	for _, c := range text {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	binary.BigEndian.PutUint64(t[:], h)
	return t
}

// appendTerms adds what a stored record can be found by.
func appendTerms(out []Term, raw []byte) []Term {
	head, ok := Glance(raw)
	if !ok {
		return out
	}
	if !(Event{Code: head.Code}).OfUse() {
		out = append(out, Changes())
	}
	object, source := partsOf(raw)
	switch owner, _, _ := bytes.Cut(object[2], []byte("/")); string(object[0]) {
	case "key":
		out = append(out, termOf('k', object[1]), aboutUser(owner))
	case "user":
		if out = append(out, aboutUser(object[2])); !bytes.EqualFold(object[1], object[2]) {
			out = append(out, aboutUser(object[1]))
		}
	}
	if fingerprint := source[4]; len(fingerprint) > 0 {
		out = append(out, termOf('f', fingerprint))
	}
	return out
}

func compareTerms(a, b Term) int { return bytes.Compare(a[:], b[:]) }

// Where the rows of the index lie; see the package comment.
const (
	indexPrefix = "j/i/"
	indexFrom   = "j/i"
)

// mostPostings is how long a row of the index may grow, in bytes.
const mostPostings = 512

func indexKey(t Term, seq int64) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(indexPrefix), t[:]...), uint64(seq))
}

func parseIndexKey(key []byte) (t Term, seq int64, ok bool) {
	if len(key) != len(indexPrefix)+len(t)+8 {
		return t, 0, false
	}
	n := binary.BigEndian.Uint64(key[len(indexPrefix)+len(t):])
	return Term(key[len(indexPrefix):]), int64(n), n < math.MaxInt64
}

// appendPosting adds a number that is greater than the last one in a row.
func appendPosting(row []byte, last, seq int64) []byte {
	return binary.AppendUvarint(row, uint64(seq-last))
}

// eachPosting calls fn with the numbers in a row that begins with a number.
func eachPosting(from int64, row []byte, fn func(seq int64) error) error {
	for at, first := from, true; len(row) > 0; first = false {
		more, n := binary.Uvarint(row)
		if n <= 0 || more > math.MaxInt64/2 || at > math.MaxInt64/2 || more == 0 != first {
			return fmt.Errorf("%w: a row of the index from record %d on is malformed", ErrDamaged, from)
		}
		at, row = at+int64(more), row[n:]
		if err := fn(at); err != nil {
			return err
		}
	}
	return nil
}

// postings returns the numbers in a row that begins with a number.
func postings(from int64, row []byte) ([]int64, error) {
	out := make([]int64, 0, len(row))
	err := eachPosting(from, row, func(seq int64) error {
		out = append(out, seq)
		return nil
	})
	return out, err
}

// Indexed returns the first record that is in the index. Those before it, of a
// store that was made when there was none, are added some with every commit.
func Indexed(r kv.Reader) (from int64, err error) {
	row, err := r.Get([]byte(indexFrom))
	if err != nil {
		return 0, err
	}
	if row == nil {
		return Size(r)
	}
	from, ok := parseIndexFrom(row)
	if !ok {
		return 0, fmt.Errorf("%w: where the index begins is malformed", ErrDamaged)
	}
	return from, nil
}

// gathered are numbers of records by term, each list ascending.
type gathered map[Term][]int64

func (g gathered) add(seq int64, raw []byte) {
	for _, t := range appendTerms(nil, raw) {
		g[t] = append(g[t], seq)
	}
}

// write adds the numbers to the index, in the order of the keys. Numbers before
// those of a term that are there already must have rows of their own.
func (g gathered) write(tx kv.Writer, last func(Term) (row []byte, from, last int64, err error)) error {
	for _, t := range slices.SortedFunc(maps.Keys(g), compareTerms) {
		row, from, at, err := last(t)
		if err != nil {
			return err
		}
		for _, seq := range g[t] {
			if len(row) == 0 || len(row) >= mostPostings {
				if len(row) > 0 {
					if err := tx.Put(indexKey(t, from), row); err != nil {
						return err
					}
				}
				row, from, at = nil, seq, seq
			}
			row, at = appendPosting(row, at, seq), seq
		}
		if err := tx.Put(indexKey(t, from), row); err != nil {
			return err
		}
	}
	return nil
}

// newRow begins a row for every term.
func newRow(Term) (row []byte, from, last int64, err error) { return nil, 0, 0, nil }

// lastRow returns what goes on with the newest row of each term. After a damaged
// one there is a new one: the journal does not stop because of its index.
func lastRow(r kv.Reader) func(Term) (row []byte, from, last int64, err error) {
	return func(t Term) (row []byte, from, last int64, err error) {
		in := kv.Range{From: indexKey(t, 0), To: indexKey(t, math.MaxInt64), Reverse: true}
		err = r.Scan(in, func(key, value []byte) error {
			_, from, _ = parseIndexKey(key)
			if list, err := postings(from, value); err == nil && len(list) > 0 {
				row, last = bytes.Clone(value), list[len(list)-1]
			}
			return kv.Stop
		})
		return row, from, last, err
	}
}

// oldPerCommit is how many records of a store without an index one commit adds.
const oldPerCommit = 256

// index adds new records to the index, and some old ones if it lacks any.
func index(tx kv.Writer, before int64, added gathered) error {
	row, err := tx.Get([]byte(indexFrom))
	if err != nil {
		return err
	}
	from, ok := parseIndexFrom(row)
	if !ok || from > before {
		from = before
	}
	if err := added.write(tx, lastRow(tx)); err != nil {
		return err
	}
	next, err := indexOld(tx, from, oldPerCommit)
	if err != nil || ok && next == from {
		return err
	}
	return putIndexFrom(tx, next)
}

func putIndexFrom(tx kv.Writer, from int64) error {
	return tx.Put([]byte(indexFrom), binary.BigEndian.AppendUint64(nil, uint64(from)))
}

func parseIndexFrom(row []byte) (from int64, ok bool) {
	if len(row) != 8 {
		return 0, false
	}
	n := binary.BigEndian.Uint64(row)
	return int64(n), n < math.MaxInt64
}

// reindexed is how many records one step of [Reindex] adds.
const reindexed = 1 << 14

// DropIndex drops at most so many rows of the index, and reports whether it is
// gone. The records are to be indexed anew then; see [Reindex].
func DropIndex(tx kv.Writer) (done bool, err error) {
	var keys [][]byte
	err = tx.Scan(kv.Prefix([]byte(indexPrefix)), func(key, _ []byte) error {
		if keys = append(keys, bytes.Clone(key)); len(keys) == reindexed {
			return kv.Stop
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	for _, key := range keys {
		if err := tx.Delete(key); err != nil {
			return false, err
		}
	}
	size, err := Size(tx)
	if err != nil {
		return false, err
	}
	return len(keys) < reindexed, putIndexFrom(tx, size)
}

// Reindex adds some of the records that the index lacks, the newest first, and
// reports how many are left.
func Reindex(tx kv.Writer) (left int64, err error) {
	from, err := Indexed(tx)
	if err != nil {
		return 0, err
	}
	if left, err = indexOld(tx, from, reindexed); err != nil {
		return 0, err
	}
	return left, putIndexFrom(tx, left)
}

// indexOld adds at most so many of the records before one and returns the first
// that is in the index then.
func indexOld(tx kv.Writer, before int64, most int64) (from int64, err error) {
	from = max(0, before-most)
	if from == before {
		return from, nil
	}
	old := gathered{}
	err = Read(tx, from, func(seq int64, raw []byte) error {
		if seq >= before {
			return kv.Stop
		}
		old.add(seq, raw)
		return nil
	})
	if err != nil {
		return before, err
	}
	return from, old.write(tx, newRow)
}
