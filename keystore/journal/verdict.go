package journal

import (
	"fmt"
	"slices"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// conclude ends the audit with its verdict; the first one stands.
func (a *audit) conclude(bad int64, problem string) {
	if !a.done {
		a.done = true
		a.report.Bad, a.report.Problem = bad, problem
	}
}

// blame concludes that a record was changed. A number after the last record
// stands for the frontier row, which claims to know the last leaf.
func (a *audit) blame(bad int64) {
	if bad >= a.report.Size {
		a.conclude(-1, "the frontier row was changed")
		return
	}
	a.conclude(bad, changed(bad))
}

// surrender ends the audit at a record that cannot be read on from. If claims
// broke before it, the first bad record is there.
func (a *audit) surrender(bad int64, problem string) {
	if a.broken >= 0 && !a.done {
		a.decide()
	}
	a.conclude(bad, problem)
}

// contradicted concludes that no guess gives a signed root of the present size:
// more than one record was changed, and prev fields with them. The change began
// after what was vouched for, and at the latest where the claims break.
func (a *audit) contradicted(forked bool) {
	from, to := a.vouched, a.next-1
	if a.broken >= 0 {
		to = min(to, a.broken)
	}
	switch {
	case a.next == 0:
		a.conclude(-1, "a signed checkpoint of 0 records has an impossible root")
	case forked:
		a.conclude(from, fmt.Sprintf("forked: two signed checkpoints of %d records have different roots", a.next))
	case from == to:
		a.conclude(from, changed(from))
	default:
		a.conclude(from, fmt.Sprintf("at least one of the records %d to %d was changed: the signed checkpoint of %d records has another root",
			from, to, a.next))
	}
}

func changed(seq int64) string {
	return fmt.Sprintf("record %d was changed", seq)
}

// several says the same of one record or of several.
func several(from, to int64, one, more string) string {
	if from == to {
		return fmt.Sprintf("record %d %s", from, one)
	}
	return fmt.Sprintf("records %d to %d %s", from, to, more)
}

func missing(from, to int64) string {
	return several(from, to, "is missing", "are missing")
}

// finish takes the end of the records as one more record: the frontier row
// claims the leaf of the last one.
func (a *audit) finish() error {
	if !a.done {
		known := a.whole && a.frontier.tree.size == a.next
		if err := a.settle(a.frontier.last, known); err != nil {
			return err
		}
	}
	if !a.done && a.broken >= 0 {
		a.decide()
	}
	if !a.done {
		a.report.Root = a.guesses[0].tree.root()
		if err := a.tail(); err != nil {
			return err
		}
	}
	a.rolledBack()
	a.report.Vouched = min(a.vouched, a.report.Size)
	a.report.Intact = a.report.Problem == ""
	return nil
}

// decide chooses between two guesses that no signed root has proved.
func (a *audit) decide() {
	if a.whole {
		for _, g := range a.guesses {
			if slices.Equal(g.tree.nodes, a.frontier.tree.nodes) {
				a.blame(g.bad)
				return
			}
		}
	}
	switch {
	case a.link == linkBroken || a.broken >= a.report.Size:
		a.blame(a.broken)
	case a.link == linkGood:
		a.blame(a.broken - 1)
	default:
		a.conclude(a.broken-1, fmt.Sprintf("record %d or %d was changed", a.broken-1, a.broken))
	}
}

// tail checks what lies beside the records when those agree with each other.
func (a *audit) tail() error {
	size := a.next
	if size == 0 && a.unwritten {
		return a.countNodes()
	}
	tree := &a.guesses[0].tree
	switch {
	case a.export && a.newest.Size == size:
		return nil
	case a.unsigned != "":
		a.conclude(-1, a.unsigned)
	case a.newest.Size > size:
		a.conclude(size, missing(size, a.newest.Size-1))
	case a.newest.Size < size:
		a.conclude(a.newest.Size, several(a.newest.Size, size-1, "has no checkpoint", "have no checkpoint"))
	case size > 0 && !a.whole:
		a.conclude(-1, "the frontier row is missing or malformed")
	case a.frontier.tree.size != size || !slices.Equal(a.frontier.tree.nodes, tree.nodes):
		a.conclude(-1, "the frontier row was changed")
	case a.node != "":
		a.conclude(-1, a.node)
	}
	return a.countNodes()
}

// countNodes looks for interior hashes that no tree of this size has.
func (a *audit) countNodes() error {
	got, want, err := nodeRows(a.r, a.next)
	if err == nil && got > want {
		a.conclude(-1, fmt.Sprintf("there are %d stored hashes, want %d", got, want))
	}
	return err
}

// nodeRows returns how many stored hashes there are, and how many a tree of a
// size has.
func nodeRows(r kv.Reader, size int64) (got, want int64, err error) {
	for n := size >> storedLevel; n > 0; n >>= 1 {
		want += n
	}
	err = r.Scan(kv.Prefix([]byte(nodePrefix)), func(_, _ []byte) error {
		got++
		return nil
	})
	return got, want, err
}

// rolledBack looks at the checkpoints kept elsewhere that cover more than there
// is.
func (a *audit) rolledBack() {
	most := int64(-1)
	for _, m := range a.marks {
		if m.side && m.size > a.report.Size {
			most = m.size
		}
	}
	if most < 0 {
		return
	}
	a.report.RolledBack = true
	text := fmt.Sprintf("rolled back: an older checkpoint covers %d records, the journal has %d", most, a.report.Size)
	if a.report.Problem != "" {
		text += "; " + a.report.Problem
	}
	a.report.Problem = text
}
