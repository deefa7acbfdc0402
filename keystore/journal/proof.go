package journal

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// HashReader gives tlog access to the tree of the first size records. Hashes of
// level 8 and up come from their rows, lower ones are computed from at most 128
// records each. It is valid as long as r is.
func HashReader(r kv.Reader, size int64) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, at := range indexes {
			level, index := tlog.SplitStoredHashIndex(at)
			h, err := readHash(r, size, level, index)
			if err != nil {
				return nil, err
			}
			hashes[i] = tlog.Hash(h)
		}
		return hashes, nil
	})
}

// ProveRecord returns the audit path (RFC 6962 section 2.1.1) that shows record
// n among the first size records. tlog.CheckRecord checks it against the root
// of a checkpoint of that size.
func ProveRecord(r kv.Reader, size, n int64) (tlog.RecordProof, error) {
	if n < 0 || n >= size {
		return nil, fmt.Errorf("there is no record %d among %d records", n, size)
	}
	if err := checkSize(r, size); err != nil {
		return nil, err
	}
	return tlog.ProveRecord(size, n, HashReader(r, size))
}

// ProveTree returns the consistency proof (RFC 6962 section 2.1.2) that the
// first newSize records begin with the first oldSize records unchanged.
// tlog.CheckTree checks it against two checkpoints. oldSize is at least 1.
func ProveTree(r kv.Reader, newSize, oldSize int64) (tlog.TreeProof, error) {
	if oldSize < 1 || oldSize > newSize {
		return nil, fmt.Errorf("cannot prove a journal of %d records against an older one of %d", newSize, oldSize)
	}
	if err := checkSize(r, newSize); err != nil {
		return nil, err
	}
	return tlog.ProveTree(newSize, oldSize, HashReader(r, newSize))
}

// checkSize refuses proofs for more records than there are. A proof does not
// always need the last record, so it would not fail by itself.
func checkSize(r kv.Reader, size int64) error {
	last, err := r.Get(recordKey(size - 1))
	if err == nil && last == nil {
		err = fmt.Errorf("the journal has no %d records", size)
	}
	return err
}

func readHash(r kv.Reader, size int64, level int, index int64) (Hash, error) {
	if size>>level <= index {
		return Hash{}, fmt.Errorf("hash %d of level %d is not in a tree of %d records", index, level, size)
	}
	if level < storedLevel {
		return subtreeHash(r, index<<level, 1<<level)
	}
	row, err := r.Get(nodeKey(level, index))
	if err != nil {
		return Hash{}, err
	}
	if len(row) != len(Hash{}) {
		return Hash{}, fmt.Errorf("%w: the row for hash %d of level %d is missing or malformed", ErrDamaged, index, level)
	}
	return Hash(row), nil
}

// subtreeHash computes the hash of the complete subtree over n records.
func subtreeHash(r kv.Reader, from, n int64) (Hash, error) {
	var t tree
	rows := kv.Range{From: recordKey(from), To: recordKey(from + n)}
	err := scanRecords(r, rows, func(seq int64, raw []byte) error {
		if seq != from+t.size {
			return fmt.Errorf("%w: record %d is missing", ErrDamaged, from+t.size)
		}
		return t.add(LeafHash(raw))
	})
	if err == nil && t.size != n {
		err = fmt.Errorf("%w: record %d is missing", ErrDamaged, from+t.size)
	}
	if err != nil {
		return Hash{}, err
	}
	return t.root(), nil
}
