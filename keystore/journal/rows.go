package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// ErrDamaged: the rows of the journal do not agree with each other, so nothing
// is written on top of them; [Verify] says what is wrong.
var ErrDamaged = errors.New("the journal is damaged")

// Where the rows lie; see the package comment.
const (
	recordPrefix  = "j/r/"
	nodePrefix    = "j/h/"
	frontierKey   = "j/f"
	checkpointKey = "j/c"
)

// Rising is the prefix of the keys of records, each of which is greater than
// those before.
const Rising = recordPrefix

// storedLevel is the lowest level of the tree whose hashes have rows.
const storedLevel = 8

func recordKey(seq int64) []byte {
	return binary.BigEndian.AppendUint64([]byte(recordPrefix), uint64(seq))
}

// recordSeq returns the number in the key of a record.
func recordSeq(key []byte) (seq int64, ok bool) {
	if len(key) != len(recordPrefix)+8 {
		return 0, false
	}
	n := binary.BigEndian.Uint64(key[len(recordPrefix):])
	return int64(n), n < math.MaxInt64
}

func nodeKey(level int, index int64) []byte {
	key := append([]byte(nodePrefix), byte(level))
	return binary.BigEndian.AppendUint64(key, uint64(index))
}

// Size returns the number of records, as the newest commit left it.
func Size(r kv.Reader) (int64, error) {
	f, err := readFrontier(r)
	return f.tree.size, err
}

// Head returns the newest checkpoint, or a zero one if there is none. Its
// signature is not checked: pass its Note to [ParseCheckpoint] for that.
func Head(r kv.Reader) (Checkpoint, error) {
	note, err := r.Get([]byte(checkpointKey))
	if err != nil || note == nil {
		return Checkpoint{}, err
	}
	c, err := parseUnsigned(note)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("%w: newest checkpoint: %w", ErrDamaged, err)
	}
	return c, nil
}

// Read calls fn with the stored bytes of the records from seq from on, in
// ascending order. raw is valid until the transaction ends. An error of fn ends
// the reading and is returned, except [kv.Stop], which only ends it.
func Read(r kv.Reader, from int64, fn func(seq int64, raw []byte) error) error {
	all := kv.Prefix([]byte(recordPrefix))
	all.From = recordKey(max(from, 0))
	return scanRecords(r, all, fn)
}

// ReadBackwards is [Read] in descending order: from is the first one that fn
// gets, or the newest record if from is greater or negative.
func ReadBackwards(r kv.Reader, from int64, fn func(seq int64, raw []byte) error) error {
	all := kv.Prefix([]byte(recordPrefix))
	all.Reverse = true
	if from >= 0 {
		all.To = recordKey(from + 1)
	}
	return scanRecords(r, all, fn)
}

func scanRecords(r kv.Reader, rows kv.Range, fn func(seq int64, raw []byte) error) error {
	return r.Scan(rows, func(key, raw []byte) error {
		seq, ok := recordSeq(key)
		if !ok {
			return strayKey(key)
		}
		return fn(seq, raw)
	})
}

func strayKey(key []byte) error {
	return fmt.Errorf("%w: a row with the key %q lies among the records", ErrDamaged, key[:min(len(key), 60)])
}

// frontier is the row that appending goes on from. The leaf hash of the newest
// record is kept apart, not read from the record, so that a record that was
// changed cannot pass its new hash on to the next one.
type frontier struct {
	last Hash
	tree tree
}

func (f *frontier) encode() []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(f.tree.size))
	b = append(b, f.last[:]...)
	for _, h := range f.tree.nodes {
		b = append(b, h[:]...)
	}
	return b
}

func parseFrontier(b []byte) (f frontier, ok bool) {
	if len(b) < 8 {
		return frontier{}, false
	}
	size := binary.BigEndian.Uint64(b)
	if size == 0 || size > math.MaxInt64 || len(b) != 8+len(Hash{})*(1+subtrees(int64(size))) {
		return frontier{}, false
	}
	f.tree.size = int64(size)
	r := bytes.NewReader(b[8:])
	_, _ = r.Read(f.last[:])
	for r.Len() > 0 {
		var h Hash
		_, _ = r.Read(h[:])
		f.tree.nodes = append(f.tree.nodes, h)
	}
	return f, true
}

// readFrontier returns the frontier; the zero one if the journal is empty.
func readFrontier(r kv.Reader) (frontier, error) {
	row, err := r.Get([]byte(frontierKey))
	if err != nil || row == nil {
		return frontier{}, err
	}
	f, ok := parseFrontier(row)
	if !ok {
		return frontier{}, fmt.Errorf("%w: the frontier row is malformed", ErrDamaged)
	}
	return f, nil
}
