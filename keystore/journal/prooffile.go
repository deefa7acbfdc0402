package journal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

// proofHead is the first line of a proof of a record.
const proofHead = "c2sp.org/tlog-proof@v1"

// Limits of the texts below. A path has at most one hash for each level of the
// tree.
const (
	maxPath  = 63
	maxProof = maxNote + 2*MaxRecord + (maxPath+3)*64
)

var (
	errProofText       = errors.New("proof is malformed: want " + proofHead + ", extra, index, hashes, an empty line and a checkpoint")
	errConsistencyText = errors.New("proof is malformed: want old SIZE, hashes, an empty line and a checkpoint")
)

// Proof shows that a record is in the journal, to somebody who has nothing but
// the public key.
type Proof struct {
	Record     []byte // the stored bytes
	Index      int64  // its number
	Path       tlog.RecordProof
	Checkpoint Checkpoint
}

// Prove returns the proof of record n under the newest checkpoint.
func Prove(r kv.Reader, n int64) (Proof, error) {
	head, err := Head(r)
	if err != nil {
		return Proof{}, err
	}
	path, err := ProveRecord(r, head.Size, n)
	if err != nil {
		return Proof{}, err
	}
	raw, err := r.Get(recordKey(n))
	return Proof{Record: bytes.Clone(raw), Index: n, Path: path, Checkpoint: head}, err
}

// Encode returns the proof as a C2SP tlog-proof, which holds the record as its
// extra data.
func (p Proof) Encode() []byte {
	b := fmt.Appendf(nil, "%s\nextra %s\nindex %d\n", proofHead, base64.StdEncoding.EncodeToString(p.Record), p.Index)
	return append(appendPath(b, p.Path), p.Checkpoint.Note...)
}

// OpenProof reads what [Proof.Encode] wrote and checks all of it: the signature
// on the checkpoint with v, the path from the record to its root, and that the
// record bears the number that is proved.
func OpenProof(text []byte, v Verifier) (Proof, error) {
	lines, noteText, ok := cutPath(text)
	if !ok || len(lines) < 3 || lines[0] != proofHead {
		return Proof{}, errProofText
	}
	extra, ok1 := strings.CutPrefix(lines[1], "extra ")
	index, ok2 := strings.CutPrefix(lines[2], "index ")
	record, err1 := base64.StdEncoding.Strict().DecodeString(extra)
	n, err2 := parseSize(index)
	path, err3 := parsePath(lines[3:])
	if err := errors.Join(err1, err2, err3); err != nil || !ok1 || !ok2 {
		return Proof{}, errProofText
	}
	c, err := ParseCheckpoint(noteText, v)
	if err != nil {
		return Proof{}, err
	}
	p := Proof{Record: record, Index: n, Path: path, Checkpoint: c}
	return p, p.check()
}

func (p Proof) check() error {
	// A record that is not in its form could hold what a terminal obeys.
	if r, err := Decode(p.Record); err != nil || r.Seq != p.Index {
		return fmt.Errorf("the proof is about record %d, and what it holds is not that record", p.Index)
	}
	if p.Index >= p.Checkpoint.Size {
		return fmt.Errorf("the checkpoint covers %d records and cannot prove record %d", p.Checkpoint.Size, p.Index)
	}
	if tlog.CheckRecord(p.Path, p.Checkpoint.Size, tlog.Hash(p.Checkpoint.Root), p.Index, tlog.Hash(LeafHash(p.Record))) != nil {
		return fmt.Errorf("record %d, as the proof has it, is not in the journal of checkpoint %s", p.Index, p.Checkpoint.Short())
	}
	return nil
}

// Consistency shows that the journal of a checkpoint begins with the Old records
// of an earlier one, unchanged.
type Consistency struct {
	Old        int64
	Path       tlog.TreeProof // empty if Old is 0
	Checkpoint Checkpoint
}

// ProveSince returns the proof that the journal of the newest checkpoint goes on
// from one of old records, 0 or more.
func ProveSince(r kv.Reader, old int64) (Consistency, error) {
	head, err := Head(r)
	if err != nil {
		return Consistency{}, err
	}
	if old > head.Size {
		return Consistency{}, fmt.Errorf("the journal has %d records, and the older checkpoint %d: it was rolled back", head.Size, old)
	}
	c := Consistency{Old: old, Checkpoint: head}
	if old > 0 {
		c.Path, err = ProveTree(r, head.Size, old)
	}
	return c, err
}

// Encode returns the proof as the body of an add-checkpoint request of C2SP
// tlog-witness.
func (c Consistency) Encode() []byte {
	b := fmt.Appendf(nil, "old %d\n", c.Old)
	return append(appendPath(b, c.Path), c.Checkpoint.Note...)
}

// ParseConsistency reads what [Consistency.Encode] wrote. It checks nothing: the
// checkpoint needs [ParseCheckpoint], the path [Consistency.Continues].
func ParseConsistency(text []byte) (Consistency, error) {
	lines, noteText, ok := cutPath(text)
	if !ok || len(lines) < 1 {
		return Consistency{}, errConsistencyText
	}
	size, ok := strings.CutPrefix(lines[0], "old ")
	old, err1 := parseSize(size)
	path, err2 := parsePath(lines[1:])
	if err := errors.Join(err1, err2); err != nil || !ok {
		return Consistency{}, errConsistencyText
	}
	c, err := parseUnsigned(noteText)
	return Consistency{Old: old, Path: path, Checkpoint: c}, err
}

// Continues checks the path from an earlier root of Old records to the
// checkpoint.
func (c Consistency) Continues(root Hash) error {
	size := c.Checkpoint.Size
	switch {
	case c.Old > size:
		return fmt.Errorf("rolled back: the older checkpoint covers %d records, this one %d", c.Old, size)
	case c.Old == 0 && len(c.Path) == 0:
		return nil
	case c.Old == size && len(c.Path) == 0 && root == c.Checkpoint.Root:
		return nil
	case c.Old > 0 && c.Old < size && tlog.CheckTree(tlog.TreeProof(c.Path), size, tlog.Hash(c.Checkpoint.Root), c.Old, tlog.Hash(root)) == nil:
		return nil
	case c.Old == size:
		return fmt.Errorf("forked: two checkpoints of %d records have different roots", size)
	}
	return fmt.Errorf("it is not shown that the journal of %d records begins with the older one of %d", size, c.Old)
}

func appendPath[T ~[]tlog.Hash](b []byte, path T) []byte {
	for _, h := range path {
		b = append(base64.StdEncoding.AppendEncode(b, h[:]), '\n')
	}
	return append(b, '\n')
}

// cutPath parts the lines before the first empty one from the note behind it.
func cutPath(text []byte) (lines []string, noteText []byte, ok bool) {
	head, noteText, ok := bytes.Cut(text, []byte(blank))
	if !ok || len(text) > maxProof {
		return nil, nil, false
	}
	return strings.Split(string(head), "\n"), noteText, true
}

func parsePath(lines []string) ([]tlog.Hash, error) {
	if len(lines) > maxPath {
		return nil, fmt.Errorf("a path of %d hashes", len(lines))
	}
	var path []tlog.Hash
	for _, line := range lines {
		b, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(b) != tlog.HashSize {
			return nil, fmt.Errorf("%s is no hash in base64", quote.Text(line))
		}
		path = append(path, tlog.Hash(b))
	}
	return path, nil
}

// parseSize reads a number of records, in the one form that it has.
func parseSize(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("%s is no number of records", quote.Text(s))
	}
	return n, nil
}
