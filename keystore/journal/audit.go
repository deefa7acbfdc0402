package journal

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

// audit is one run of [Verify].
//
// The leaf of a record goes into the tree only when the record after it has been
// read, because that one names the leaf hash it followed (its claim). As long as
// leaf and claim agree there is one guess about the past: everything is as it
// was. At the first disagreement, between records i-1 and i, there are two:
// record i-1 was changed and the claim tells its old hash, or record i was
// changed and its claim means nothing. Both trees are carried on. The first root
// or stored hash that one of them gives proves that guess. Further disagreements
// split the guesses again, so that one of them stays right although more was
// changed in the records after it.
type audit struct {
	r      kv.Reader
	marks  []mark // signed roots that are still ahead, smallest first
	newest Checkpoint
	// unsigned says what is wrong with the newest checkpoint, if anything.
	unsigned string
	frontier frontier
	whole    bool // the frontier row is well formed
	// unwritten says that neither a frontier nor a checkpoint is there.
	unwritten bool

	watch   func(done int64)
	export  bool  // there are records only, and nothing beside them
	next    int64 // number of the record that comes next
	leaf    Hash  // of record next-1
	guesses []guess
	broken  int64  // first record whose claim was wrong, or -1
	link    link   // the claim of the record after broken
	vouched int64  // so many records are proved by a signed root
	node    string // the first stored hash that is wrong

	done   bool
	report Report
}

// mark is a signed root.
type mark struct {
	size int64
	root Hash
	side bool // kept elsewhere
}

func newAudit(r kv.Reader, v Verifier, side []Checkpoint) (*audit, error) {
	a := &audit{r: r, broken: -1}
	a.guesses = []guess{a.guess(tree{}, -1)}
	a.report.Bad = -1
	if err := a.readSize(); err != nil {
		return nil, err
	}
	frontierRow, err := r.Get([]byte(frontierKey))
	if err != nil {
		return nil, err
	}
	newestRow, err := r.Get([]byte(checkpointKey))
	if err != nil {
		return nil, err
	}
	a.unwritten = frontierRow == nil && newestRow == nil
	a.frontier, a.whole = parseFrontier(frontierRow)
	a.readNewest(newestRow, v)
	return a, a.readSide(v, side)
}

// readSize finds the newest record. Rows with keys that no record has are left
// for the pass over the records to find.
func (a *audit) readSize() error {
	backwards := kv.Prefix([]byte(recordPrefix))
	backwards.Reverse = true
	return a.r.Scan(backwards, func(key, _ []byte) error {
		seq, ok := recordSeq(key)
		if !ok {
			return nil
		}
		a.report.Size = seq + 1
		return kv.Stop
	})
}

func (a *audit) readNewest(row []byte, v Verifier) {
	if row == nil {
		a.unsigned = "the newest checkpoint is missing"
		return
	}
	c, err := ParseCheckpoint(row, v)
	if err != nil {
		a.unsigned = "the newest checkpoint is not valid: " + err.Error()
		return
	}
	a.newest, a.report.Checkpoint = c, c
	a.marks = append(a.marks, mark{size: c.Size, root: c.Root})
}

func (a *audit) readSide(v Verifier, side []Checkpoint) error {
	for _, c := range side {
		if c.Origin != v.Name() {
			return fmt.Errorf("a checkpoint of %s cannot vouch for the journal %s", quote.Text(c.Origin), quote.Text(v.Name()))
		}
	}
	a.marks = append(a.marks, marksOf(side)...)
	sortMarks(a.marks)
	return nil
}

// marksOf returns the roots of checkpoints that were kept elsewhere, smallest
// first.
func marksOf(side []Checkpoint) []mark {
	marks := make([]mark, len(side))
	for i, c := range side {
		marks[i] = mark{size: c.Size, root: c.Root, side: true}
	}
	sortMarks(marks)
	return marks
}

func sortMarks(marks []mark) {
	slices.SortFunc(marks, func(x, y mark) int { return cmp.Compare(x.size, y.size) })
}

// watchEvery is how many records go by between two words of how many there were.
const watchEvery = 1 << 14

// row takes the rows of the records in order.
func (a *audit) row(key, raw []byte) error {
	seq, ok := recordSeq(key)
	if seq%watchEvery == 0 {
		a.watch(seq)
	}
	switch {
	case !ok:
		a.surrender(-1, strayKey(key).Error())
	case seq > a.next:
		if err := a.settle(Hash{}, false); err != nil {
			return err
		}
		a.surrender(a.next, missing(a.next, seq-1))
	default:
		if err := a.record(seq, raw); err != nil {
			return err
		}
	}
	if a.done {
		return kv.Stop
	}
	return nil
}

func (a *audit) record(seq int64, raw []byte) error {
	r, err := Decode(raw)
	sound := err == nil && r.Seq == seq && (seq > 0 || r.Prev.IsZero())
	if err := a.settle(r.Prev, sound); err != nil {
		return err
	}
	if !sound {
		a.surrender(seq, changed(seq))
		return nil
	}
	a.leaf = LeafHash(raw)
	a.next = seq + 1
	return nil
}
