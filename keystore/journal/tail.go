package journal

import (
	"fmt"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// VerifyTail takes a quick look at the end of the journal: v has signed the newest
// checkpoint, each of so many records is what the one after it says, and the
// newest one is proved by the checkpoint. What lies before them, and most of what
// lies beside them, is left to [Verify]. It returns the checkpoint; what is wrong
// matches [ErrDamaged].
func VerifyTail(r kv.Reader, v Verifier, most int64) (Checkpoint, error) {
	row, err := r.Get([]byte(checkpointKey))
	if err != nil {
		return Checkpoint{}, err
	}
	head, err := ParseCheckpoint(row, v)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("%w: newest checkpoint: %w", ErrDamaged, err)
	}
	if err := chained(r, head, most); err != nil {
		return head, err
	}
	p, err := Prove(r, head.Size-1)
	if err == nil {
		err = p.check()
	}
	if err != nil {
		return head, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return head, nil
}

// chained follows the records back from the frontier.
func chained(r kv.Reader, head Checkpoint, most int64) error {
	f, err := readFrontier(r)
	if err != nil {
		return err
	}
	next, leaf := head.Size, f.last
	return ReadBackwards(r, -1, func(seq int64, raw []byte) error {
		record, err := Decode(raw)
		switch {
		case seq >= next:
			return fmt.Errorf("%w: record %d is not under the newest checkpoint, %s", ErrDamaged, seq, head.Short())
		case seq < next-1:
			return fmt.Errorf("%w: %s", ErrDamaged, missing(seq+1, next-1))
		case err != nil || LeafHash(raw) != leaf:
			return fmt.Errorf("%w: %s", ErrDamaged, changed(seq))
		}
		if next, leaf = seq, record.Prev; head.Size-seq >= most {
			return kv.Stop
		}
		return nil
	})
}
