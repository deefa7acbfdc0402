package journal

import (
	"crypto/sha256"
	"math/bits"
	"slices"
)

// tree is a Merkle tree of RFC 6962 section 2.1 of which only the roots of the
// complete subtrees are kept, largest first. There is one for each bit that is
// set in size.
type tree struct {
	size  int64
	nodes []Hash
	// visit gets every hash of level storedLevel and up when a leaf completes
	// it. A tree that stays smaller needs none.
	visit func(level int, index int64, h Hash) error
}

// subtrees returns the number of complete subtrees of a tree.
func subtrees(size int64) int {
	return bits.OnesCount64(uint64(size))
}

// add appends a leaf. Its error is that of visit.
func (t *tree) add(leaf Hash) error { return t.addSubtree(0, leaf) }

// addSubtree appends a complete subtree of 1<<level leaves, which has been
// visited. The size must be a multiple of that.
func (t *tree) addSubtree(level int, h Hash) error {
	leaves := int64(1) << level
	for t.size>>level&1 == 1 {
		top := len(t.nodes) - 1
		h = nodeHash(t.nodes[top], h)
		t.nodes = t.nodes[:top]
		level++
		if level >= storedLevel {
			if err := t.visit(level, t.size>>level, h); err != nil {
				return err
			}
		}
	}
	t.nodes = append(t.nodes, h)
	t.size += leaves
	return nil
}

// root returns the hash of the whole tree; that of no input if it is empty.
func (t *tree) root() Hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	last := len(t.nodes) - 1
	h := t.nodes[last]
	for _, left := range slices.Backward(t.nodes[:last]) {
		h = nodeHash(left, h)
	}
	return h
}
