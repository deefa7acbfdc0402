package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"math/bits"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// indexCheck holds the index against the records in steps: both are added up,
// each number with its term, in a way that nobody can foresee. So it takes no
// more memory for a longer journal.
type indexCheck struct {
	from, size int64 // the records that it is about
	seeds      [2]uint64
	sum        uint64
	next       int64  // record
	row        []byte // of the index; nil while there are records
}

// IndexChanged is the problem of a report on an index that hides or invents records.
const IndexChanged = "the index was changed; the records are what they were"

func newIndexCheck(r kv.Reader, size int64) (*indexCheck, error) {
	from, err := Indexed(r)
	seed := maphash.MakeSeed()
	seeds := [2]uint64{maphash.String(seed, "term"), maphash.String(seed, "seq")}
	return &indexCheck{from: from, size: size, next: from, seeds: seeds}, err
}

func (c *indexCheck) hash(t Term, seq int64) uint64 {
	hi, lo := bits.Mul64(binary.BigEndian.Uint64(t[:])^c.seeds[0], uint64(seq)^c.seeds[1])
	return hi ^ lo
}

// step reads at most so many rows, and reports whether it is over and whether
// the index is right.
func (c *indexCheck) step(r kv.Reader, most int64) (done, right bool, err error) {
	if c.row == nil {
		if most, err = c.records(r, most); err != nil || c.row == nil {
			return false, false, err
		}
	}
	done, err = c.rows(r, most)
	if errors.Is(err, ErrDamaged) {
		return true, false, nil
	}
	return done, c.sum == 0, err
}

func (c *indexCheck) records(r kv.Reader, most int64) (left int64, err error) {
	var terms []Term
	err = Read(r, c.next, func(seq int64, raw []byte) error {
		if seq >= c.size || most == 0 {
			return kv.Stop
		}
		terms = appendTerms(terms[:0], raw)
		for _, t := range terms {
			c.sum += c.hash(t, seq)
		}
		c.next, most = seq+1, most-1
		return nil
	})
	if c.next >= c.size {
		c.row = []byte(indexPrefix)
	}
	return most, err
}

func (c *indexCheck) rows(r kv.Reader, most int64) (done bool, err error) {
	from, err := Indexed(r)
	if err != nil {
		return false, err
	}
	in := kv.Prefix([]byte(indexPrefix))
	in.From, done = c.row, true
	err = r.Scan(in, func(key, value []byte) error {
		if most == 0 {
			c.row, done = bytes.Clone(key), false
			return kv.Stop
		}
		most--
		term, first, ok := parseIndexKey(key)
		if !ok || first < from {
			return ErrDamaged
		}
		return eachPosting(first, value, func(seq int64) error {
			if seq >= c.from && seq < c.size {
				c.sum -= c.hash(term, seq)
			}
			return nil
		})
	})
	return done, err
}
