package journal

import (
	"encoding/hex"
	"runtime"
	"slices"
	"sync"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// quick is the pass of [Check] that finds an intact journal intact. It hashes on
// all processors, reads no more of a record than its head, and ends at the first
// thing that does not agree. What that means is left to [audit], which takes its
// time and names the record.
type quick struct {
	r      kv.Reader
	watch  func(done int64)
	marks  []mark
	tree   tree
	last   Hash // leaf of the newest record that was added
	broken bool // something does not agree

	workers int
	most    int64 // records to be read in this step
	filling *block
	waiting []*block // being hashed, in their order
	idle    []*block
	work    chan *block
}

func newQuick(side []Checkpoint, watch func(int64)) *quick {
	q := &quick{watch: watch, workers: runtime.GOMAXPROCS(0), marks: marksOf(side)}
	q.tree.visit = func(level int, index int64, h Hash) error {
		row, err := q.r.Get(nodeKey(level, index))
		q.broken = q.broken || string(row) != string(h[:])
		return err
	}
	return q
}

// step reads on from where the last step ended, at most so many records, and
// reports whether it came to the end of them.
func (q *quick) step(r kv.Reader, most int64) (end bool, err error) {
	q.r, q.most = r, most
	q.work = make(chan *block, 2*q.workers)
	var wg sync.WaitGroup
	for range q.workers {
		wg.Go(func() {
			for b := range q.work {
				b.hash()
			}
		})
	}
	rest := kv.Prefix([]byte(recordPrefix))
	rest.From = recordKey(q.tree.size)
	err = r.Scan(rest, q.row)
	if err == nil && !q.broken {
		err = q.flush()
	}
	close(q.work)
	wg.Wait()
	return q.most > 0, err
}

// row takes the rows of the records in order.
func (q *quick) row(key, raw []byte) error {
	if q.filling == nil {
		q.filling = q.empty()
	}
	b := q.filling
	seq, ok := recordSeq(key)
	if !ok || seq != b.from+int64(len(b.raws)) {
		q.broken = true
		return kv.Stop
	}
	b.raws = append(b.raws, raw)
	if len(b.raws) < blockSize {
		return nil
	}
	if err := q.send(); err != nil {
		return err
	}
	if q.most -= blockSize; q.most <= 0 || q.broken {
		return kv.Stop
	}
	return nil
}

// empty returns a block for the records that come next.
func (q *quick) empty() *block {
	b := &block{hashed: make(chan struct{}, 1)}
	if n := len(q.idle); n > 0 {
		b, q.idle = q.idle[n-1], q.idle[:n-1]
	}
	b.from, b.raws, b.leaves = q.tree.size, b.raws[:0], b.leaves[:0]
	for _, w := range q.waiting {
		b.from += int64(len(w.raws))
	}
	return b
}

// send has the block hashed, and adds the oldest one if enough are under way.
func (q *quick) send() error {
	q.work <- q.filling
	q.waiting = append(q.waiting, q.filling)
	q.filling = nil
	if len(q.waiting) < 2*q.workers {
		return nil
	}
	return q.add()
}

// flush adds all that is left.
func (q *quick) flush() error {
	if q.filling != nil {
		if err := q.send(); err != nil {
			return err
		}
	}
	for len(q.waiting) > 0 {
		if err := q.add(); err != nil {
			return err
		}
	}
	return nil
}

// add puts the oldest block into the tree.
func (q *quick) add() error {
	b := q.waiting[0]
	q.waiting = q.waiting[1:]
	<-b.hashed
	q.idle = append(q.idle, b)
	q.broken = q.broken || !b.sound || b.prev != q.last
	if q.broken {
		return nil
	}
	q.last = b.leaves[len(b.leaves)-1]
	q.compare() // marks of the size before it
	if b.from%watchEvery == 0 {
		q.watch(b.from)
	}
	if len(b.raws) == blockSize && (len(q.marks) == 0 || q.marks[0].size >= b.from+blockSize) {
		if err := q.tree.visit(storedLevel, b.from>>storedLevel, b.root); err != nil {
			return err
		}
		return q.tree.addSubtree(storedLevel, b.root)
	}
	for _, leaf := range b.leaves {
		if err := q.tree.add(leaf); err != nil {
			return err
		}
		q.compare()
	}
	return nil
}

// compare compares the tree with the signed roots of its size.
func (q *quick) compare() {
	for len(q.marks) > 0 && q.marks[0].size <= q.tree.size {
		q.broken = q.broken || q.marks[0].size < q.tree.size || q.marks[0].root != q.tree.root()
		q.marks = q.marks[1:]
	}
}

// ends reports whether what lies beside the records agrees with them.
func (q *quick) ends(a *audit) (bool, error) {
	q.compare()
	root, f := q.tree.root(), &a.frontier
	if q.broken || len(q.marks) > 0 || a.unsigned != "" || !a.whole ||
		a.newest.Size != q.tree.size || a.newest.Root != root ||
		f.tree.size != q.tree.size || f.last != q.last || !slices.Equal(f.tree.nodes, q.tree.nodes) {
		return false, nil
	}
	got, want, err := nodeRows(q.r, q.tree.size)
	return got == want, err
}

// blockSize is the number of records that are hashed at once: those of one stored
// hash.
const blockSize = 1 << storedLevel

// block is records that follow each other.
type block struct {
	from   int64
	raws   [][]byte
	hashed chan struct{} // receives when what follows is there

	prev   Hash // what the first record says the leaf before it is
	leaves []Hash
	root   Hash // of the subtree, if the block is full
	sound  bool // the records have their numbers and name each other's leaves
}

// hash computes the leaves and the root.
func (b *block) hash() {
	b.sound = true
	var prev [2 * len(Hash{})]byte
	for i, raw := range b.raws {
		g, ok := Glance(raw)
		switch {
		case !ok || g.Seq != b.from+int64(i):
			b.sound = false
		case i == 0:
			b.prev, ok = parseHash(string(g.Prev))
			b.sound = b.sound && ok
		default:
			b.sound = b.sound && string(g.Prev) == string(prev[:])
		}
		b.leaves = append(b.leaves, LeafHash(raw))
		hex.Encode(prev[:], b.leaves[i][:])
	}
	if len(b.raws) == blockSize {
		b.root = subtreeRoot(b.leaves)
	}
	b.hashed <- struct{}{}
}

// subtreeRoot returns the root over leaves, whose number is a power of two.
func subtreeRoot(leaves []Hash) Hash {
	var level [blockSize / 2]Hash
	nodes := leaves
	for len(nodes) > 1 {
		for i := range len(nodes) / 2 {
			level[i] = nodeHash(nodes[2*i], nodes[2*i+1])
		}
		nodes = level[:len(nodes)/2]
	}
	return nodes[0]
}
