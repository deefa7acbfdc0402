package journal

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Select is [Read] of the records with a term, and of some others.
func Select(r kv.Reader, t Term, from int64, fn func(seq int64, raw []byte) error) error {
	indexed, err := Indexed(r)
	if err != nil {
		return err
	}
	stopped := false
	err = Read(r, from, func(seq int64, raw []byte) error {
		if seq >= indexed {
			return kv.Stop
		}
		err := fn(seq, raw)
		stopped = errors.Is(err, kv.Stop)
		return err
	})
	if err != nil || stopped {
		return err
	}
	from = max(from, indexed)
	start := from
	// The row that holds from may begin before it.
	err = r.Scan(kv.Range{From: indexKey(t, 0), To: indexKey(t, from+1), Reverse: true}, func(key, _ []byte) error {
		_, start, _ = parseIndexKey(key)
		return kv.Stop
	})
	if err != nil {
		return err
	}
	return r.Scan(kv.Range{From: indexKey(t, start), To: indexEnd(t)}, func(key, value []byte) error {
		list, err := postingsOf(key, value)
		if err != nil {
			return err
		}
		for _, seq := range list {
			if seq < from {
				continue
			}
			if err := visit(r, seq, fn); err != nil {
				return err
			}
		}
		return nil
	})
}

// SelectBackwards is [ReadBackwards] of the records with a term, and of some
// others.
func SelectBackwards(r kv.Reader, t Term, from int64, fn func(seq int64, raw []byte) error) error {
	indexed, err := Indexed(r)
	if err != nil {
		return err
	}
	end := indexEnd(t)
	if from >= 0 {
		end = indexKey(t, from+1)
	}
	stopped := false
	err = r.Scan(kv.Range{From: indexKey(t, 0), To: end, Reverse: true}, func(key, value []byte) error {
		list, err := postingsOf(key, value)
		if err != nil {
			return err
		}
		for _, seq := range slices.Backward(list) {
			if seq < indexed {
				return kv.Stop
			}
			if from >= 0 && seq > from {
				continue
			}
			if err := visit(r, seq, fn); err != nil {
				stopped = errors.Is(err, kv.Stop)
				return err
			}
		}
		return nil
	})
	if err != nil || stopped || indexed == 0 {
		return err
	}
	if from < 0 || from >= indexed {
		from = indexed - 1
	}
	return ReadBackwards(r, from, fn)
}

func indexEnd(t Term) []byte { return append(indexKey(t, 0)[:len(indexPrefix)+len(t)], 0xff) }

func postingsOf(key, row []byte) ([]int64, error) {
	_, from, ok := parseIndexKey(key)
	if !ok {
		return nil, strayKey(key)
	}
	return postings(from, row)
}

func visit(r kv.Reader, seq int64, fn func(seq int64, raw []byte) error) error {
	raw, err := r.Get(recordKey(seq))
	if err != nil {
		return err
	}
	if raw == nil {
		return fmt.Errorf("%w: the index names record %d, which is not there", ErrDamaged, seq)
	}
	return fn(seq, raw)
}
