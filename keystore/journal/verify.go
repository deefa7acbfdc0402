package journal

import (
	"errors"
	"fmt"

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
// the stored hashes, the newest checkpoint with its signature by v, and the
// checkpoints of side, whose signatures [ReadCheckpointFile] has checked. It
// reads the records once and in order, on all processors, and needs no more
// memory for a longer journal, apart from side. If something does not agree they
// are read once more, with care, to name the first bad record.
//
// The error is about reading only. What is wrong with the journal stands in the
// report.
func Verify(r kv.Reader, v Verifier, side []Checkpoint) (Report, error) {
	return VerifyWatched(r, v, side, func(int64) {})
}

// VerifyWatched is [Verify] that tells now and then how many records it has
// read, on the caller's goroutine. The number begins anew when they are read once
// more.
func VerifyWatched(r kv.Reader, v Verifier, side []Checkpoint, watch func(done int64)) (Report, error) {
	if v == nil {
		return Report{}, errNoVerifier
	}
	a, err := newAudit(r, v, side)
	if err != nil {
		return Report{}, err
	}
	agrees, err := newQuick(a, watch).run()
	if err != nil {
		return Report{}, err
	}
	if agrees {
		return a.intact(len(side)), nil
	}
	a.watch = watch
	return a.run()
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
