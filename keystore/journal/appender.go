package journal

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

var (
	errNoSigner  = errors.New("a signer is needed to commit to the journal")
	errCommitted = errors.New("this transaction was already committed to the journal")
)

// Appender adds records to the journal inside one transaction: [Begin], any
// number of Append, one Commit. Without Commit the transaction must not be
// committed either. It is for one goroutine.
type Appender struct {
	tx       kv.Writer
	frontier frontier
	newest   Checkpoint
	added    gathered
	ended    error // why nothing can be added any more
}

// Begin prepares appending in tx. It reads a fixed number of rows, however long
// the journal is. It fails with [ErrDamaged] if they contradict each other:
// going on would sign what is wrong and hide where it began.
func Begin(tx kv.Writer) (*Appender, error) {
	f, err := readFrontier(tx)
	if err != nil {
		return nil, err
	}
	newest, err := Head(tx)
	if err != nil {
		return nil, err
	}
	if newest.Size != f.tree.size || newest.Note != nil && newest.Root != f.tree.root() {
		return nil, fmt.Errorf("%w: frontier of %d records and checkpoint of %d do not agree",
			ErrDamaged, f.tree.size, newest.Size)
	}
	next, err := tx.Get(recordKey(f.tree.size))
	if err != nil {
		return nil, err
	}
	if next != nil {
		return nil, fmt.Errorf("%w: record %d is there, but no checkpoint covers it", ErrDamaged, f.tree.size)
	}
	a := &Appender{tx: tx, frontier: f, newest: newest, added: gathered{}}
	a.frontier.tree.visit = a.putNode
	return a, nil
}

// Append writes r as the next record and returns its number; it sets Seq and
// Prev. The errors are those of [Record.Encode] and of the transaction. After
// one, the Appender does nothing any more and Commit returns the same error, so
// that no change is committed without its record.
func (a *Appender) Append(r Record) (seq int64, err error) {
	if a.ended != nil {
		return 0, a.ended
	}
	seq = a.frontier.tree.size
	if err := a.put(r, seq); err != nil {
		a.ended = fmt.Errorf("journal record %d: %w", seq, err)
		return 0, a.ended
	}
	return seq, nil
}

func (a *Appender) put(r Record, seq int64) error {
	r.Seq, r.Prev = seq, a.frontier.last
	raw, err := r.Encode()
	if err != nil {
		return err
	}
	if err := a.tx.Put(recordKey(seq), raw); err != nil {
		return err
	}
	a.added.add(seq, raw)
	a.frontier.last = LeafHash(raw)
	return a.frontier.tree.add(a.frontier.last)
}

func (a *Appender) putNode(level int, index int64, h Hash) error {
	return a.tx.Put(nodeKey(level, index), h[:])
}

// Commit signs the journal as it is now, writes the checkpoint and returns it.
// Without any Append before it, it attests that nothing has happened until now.
// The name of the signer is the origin of the journal and must not change.
func (a *Appender) Commit(s Signer, now time.Time) (Checkpoint, error) {
	switch old := a.newest.Origin; {
	case a.ended != nil:
		return Checkpoint{}, a.ended
	case s == nil:
		return Checkpoint{}, errNoSigner
	case old != "" && old != s.Name():
		return Checkpoint{}, fmt.Errorf("the signing key is for %s, the journal is %s", quote.Text(s.Name()), quote.Text(old))
	}
	t := &a.frontier.tree
	c, err := sign(Checkpoint{Origin: s.Name(), Size: t.size, Root: t.root(), Time: now}, s)
	if err != nil {
		return Checkpoint{}, err
	}
	a.ended = errCommitted
	if err := index(a.tx, a.newest.Size, a.added); err != nil {
		return Checkpoint{}, err
	}
	if t.size > 0 {
		if err := a.tx.Put([]byte(frontierKey), a.frontier.encode()); err != nil {
			return Checkpoint{}, err
		}
	}
	if err := a.tx.Put([]byte(checkpointKey), c.Note); err != nil {
		return Checkpoint{}, err
	}
	return c, nil
}

// Signer signs checkpoints under the origin of a journal.
type Signer = note.Signer

// Verifier checks what a Signer signed.
type Verifier = note.Verifier
