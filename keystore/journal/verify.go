package journal

import (
	"errors"
	"fmt"
	"math"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

var errNoVerifier = errors.New("a verification key is needed to check the journal")

// Report is what [Verify] found.
type Report struct {
	// Size is one more than the number of the newest record found, 0 if there
	// is none.
	Size int64
	// Root is the tree hash of the records as they are. It is zero if reading
	// ended before the last one because a record was bad.
	Root Hash
	// Intact says that everything agrees; Problem is empty then.
	Intact bool
	// Bad is the first record that is not what it was, or -1 if no record is to
	// blame. If Problem gives a range, Bad is its beginning.
	Bad int64
	// Vouched is the number of records, from the first, that a signed root proves
	// to be what they were; Size if the journal is intact. Records between
	// Vouched and Bad agree with each other, but reading ended before a signed
	// root that covers them.
	Vouched int64
	// Problem says in one line what is wrong.
	Problem string
	// RolledBack says that a checkpoint kept elsewhere covers more records than
	// there are: the end was cut off, or an old copy was put back.
	RolledBack bool
	// Checkpoint is the newest one in the store if its signature is good.
	Checkpoint Checkpoint
	// Checked counts the checkpoints kept elsewhere that were compared.
	Checked int
}

// String returns "intact up to 18231" or the problem.
func (r Report) String() string {
	if r.Intact {
		return fmt.Sprintf("intact up to %d", r.Size)
	}
	return r.Problem
}

// Verify recomputes the journal from its records and compares it with
// everything that claims to know it: the numbers and prev fields of the records,
// the stored hashes, the index, the newest checkpoint with its signature by v, and
// the checkpoints of side, whose signatures [ReadCheckpointFile] has checked. It
// reads the records once and in order, on all processors, and needs no more
// memory for a longer journal, apart from side. If something does not agree they
// are read once more, with care, to name the first bad record.
//
// The error is about reading only. What is wrong with the journal stands in the
// report.
func Verify(r kv.Reader, v Verifier, side []Checkpoint) (Report, error) {
	c, err := NewCheck(v, side, func(int64) {})
	if err != nil {
		return Report{}, err
	}
	_, err = c.step(r, math.MaxInt64)
	return c.report, err
}

// Check is a verification in steps, so that others can write to the store between
// two of them. The records that are added meanwhile are verified too.
type Check struct {
	v      Verifier
	side   []Checkpoint
	quick  *quick
	index  *indexCheck // once the records are known to be intact
	report Report
}

// stepSize is how many records a step reads.
const stepSize = 1 << 18

// NewCheck begins a verification; see [Verify]. watch is told now and then how
// many records were read, on the goroutine of Step. The number begins anew when
// something does not agree and they are read once more.
func NewCheck(v Verifier, side []Checkpoint, watch func(done int64)) (*Check, error) {
	if v == nil {
		return nil, errNoVerifier
	}
	return &Check{v: v, side: side, quick: newQuick(side, watch)}, nil
}

// Step reads on, each time in another transaction, and reports whether the
// verification is over.
func (c *Check) Step(r kv.Reader) (done bool, err error) { return c.step(r, stepSize) }

// Report returns what was found, once the verification is over.
func (c *Check) Report() Report { return c.report }

func (c *Check) step(r kv.Reader, most int64) (done bool, err error) {
	if c.index == nil {
		if done, err := c.records(r, most); err != nil || !done || !c.report.Intact {
			return done, err
		}
		if c.index, err = newIndexCheck(r, c.report.Size); err != nil {
			return false, err
		}
	}
	done, right, err := c.index.step(r, most)
	if done && err == nil && !right {
		c.report.Intact, c.report.Problem = false, IndexChanged
	}
	return done, err
}

func (c *Check) records(r kv.Reader, most int64) (done bool, err error) {
	end, err := c.quick.step(r, most)
	if err != nil || !end && !c.quick.broken {
		return false, err
	}
	a, err := newAudit(r, c.v, c.side)
	if err != nil {
		return false, err
	}
	agrees, err := c.quick.ends(a)
	switch {
	case err != nil:
		return false, err
	case agrees && a.report.Size > 0:
		c.report = a.intact(len(c.side))
		return true, nil
	}
	a.watch = c.quick.watch
	c.report, err = a.run()
	return true, err
}

// intact is the report of a journal with which everything agrees.
func (a *audit) intact(checked int) Report {
	a.report.Root, a.report.Vouched, a.report.Checked = a.newest.Root, a.report.Size, checked
	a.report.Intact = true
	return a.report
}

// run reads the records with care.
func (a *audit) run() (Report, error) {
	if err := a.r.Scan(kv.Prefix([]byte(recordPrefix)), a.row); err != nil {
		return Report{}, err
	}
	if err := a.finish(); err != nil {
		return Report{}, err
	}
	return a.report, nil
}
