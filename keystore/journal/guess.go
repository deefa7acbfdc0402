package journal

import (
	"fmt"
	"slices"
)

// guess is one reading of the past: a tree, and the first bad record if the tree
// is the true one (-1: none).
type guess struct {
	tree tree
	leaf Hash // the next one for the tree
	bad  int64
}

// maxGuesses bounds the work on a journal in which many records were changed.
const maxGuesses = 16

// link says whether a record names the hash that its predecessor has.
type link int

const (
	linkUnknown link = iota
	linkGood
	linkBroken
)

// settle puts the leaf of record next-1 into the trees. claim is what the next
// record says the leaf is, if that is known.
func (a *audit) settle(claim Hash, known bool) error {
	if a.next == 0 {
		a.compare()
		return nil
	}
	agree := !known || claim == a.leaf
	if known && a.broken >= 0 && a.next == a.broken+1 {
		a.link = linkBroken
		if agree {
			a.link = linkGood
		}
	}
	for i := range a.guesses {
		a.guesses[i].leaf = a.leaf
	}
	if !agree {
		a.split(claim)
	}
	for i := range a.guesses {
		if err := a.guesses[i].tree.add(a.guesses[i].leaf); err != nil {
			return err
		}
	}
	a.compare()
	return nil
}

// split makes two guesses of each: the leaf is right, or the claim is. With many
// already, claims are believed.
func (a *audit) split(claim Hash) {
	if len(a.guesses) > maxGuesses/2 {
		for i := range a.guesses {
			a.guesses[i].leaf = claim
		}
		return
	}
	first := a.broken < 0
	if first {
		a.broken = a.next
	}
	for i, g := range slices.Clone(a.guesses) {
		other := a.guess(tree{size: g.tree.size, nodes: slices.Clone(g.tree.nodes)}, g.bad)
		if first {
			a.guesses[i] = a.guess(g.tree, a.next)
			other = a.guess(other.tree, a.next-1)
		}
		a.guesses[i].leaf, other.leaf = a.leaf, claim
		a.guesses = append(a.guesses, other)
	}
}

// guess makes a guess that goes on from t.
func (a *audit) guess(t tree, bad int64) guess {
	t.visit = func(level int, index int64, h Hash) error {
		return a.compareNode(bad, level, index, h)
	}
	return guess{tree: t, bad: bad}
}

// compareNode compares a hash of the tree with its row.
func (a *audit) compareNode(bad int64, level int, index int64, h Hash) error {
	row, err := a.r.Get(nodeKey(level, index))
	if err != nil {
		return err
	}
	switch {
	case string(row) == string(h[:]):
		if bad >= 0 {
			a.blame(bad)
		}
	case bad < 0 && a.node == "" && row == nil:
		a.node = fmt.Sprintf("the stored hash %d of level %d is missing", index, level)
	case bad < 0 && a.node == "":
		a.node = fmt.Sprintf("the stored hash %d of level %d was changed", index, level)
	}
	return nil
}

// compare compares the trees with the signed roots of their size.
func (a *audit) compare() {
	var right, wrong int
	for len(a.marks) > 0 && a.marks[0].size == a.next && !a.done {
		m := a.marks[0]
		a.marks = a.marks[1:]
		if m.side {
			a.report.Checked++
		}
		g := slices.IndexFunc(a.guesses, func(g guess) bool { return g.tree.root() == m.root })
		switch {
		case g < 0:
			wrong++
		case a.guesses[g].bad >= 0:
			a.vouched = a.guesses[g].bad
			a.blame(a.vouched)
		default:
			right++
		}
	}
	switch {
	case wrong > 0:
		a.contradicted(right > 0)
	case right > 0:
		a.vouched = a.next
	}
}
