package journal

import (
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// merkleTreeHash is the definition of RFC 6962 section 2.1, word for word.
func merkleTreeHash(d [][]byte) [32]byte {
	switch n := len(d); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0x00}, d[0]...))
	default:
		k := 1
		for 2*k < n {
			k *= 2
		}
		left, right := merkleTreeHash(d[:k]), merkleTreeHash(d[k:])
		return sha256.Sum256(append(append([]byte{0x01}, left[:]...), right[:]...))
	}
}

func TestRootIsTheMerkleTreeHashOfTheRFC(t *testing.T) {
	most := amount(1030, 300)
	f := newFixture(t, 0, 1)
	for n := range most + 1 {
		if n > 0 {
			f.add(t, n-1, n)
		}
		c, err := Head(f.tx)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			c.Root = new(tree).root()
		}
		var lines [][]byte
		for seq := range int64(n) {
			lines = append(lines, f.raw(seq))
		}
		if n < 70 || n%37 == 0 || n > most-10 || n&(n-1) == 0 {
			if want := merkleTreeHash(lines); c.Root != want || c.Size != int64(n) {
				t.Fatalf("root of %d records is %s, want %x", n, c.Root, want)
			}
		}
		got, err := tlog.TreeHash(int64(n), HashReader(f.tx, int64(n)))
		if err != nil || Hash(got) != c.Root {
			t.Fatalf("tlog.TreeHash of %d records is %s, %v; want %s", n, Hash(got), err, c.Root)
		}
	}
}

func TestLeafHashIsThatOfTheRFC(t *testing.T) {
	for _, size := range []int{0, 1, 1022, 1023, 1024, 5000} {
		line := make([]byte, size)
		if got, want := LeafHash(line), merkleTreeHash([][]byte{line}); got != want {
			t.Errorf("%d bytes: %s, want %x", size, got, want)
		}
	}
}

func TestProofsHoldAgainstCheckpoints(t *testing.T) {
	const n = 900
	f := newFixture(t, n, 1)
	random := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		size := 1 + random.Int64N(n)
		seq := random.Int64N(size)
		root := tlog.Hash(f.side[size-1].Root)
		record, err := ProveRecord(f.tx, size, seq)
		if err != nil {
			t.Fatal(err)
		}
		leaf := tlog.Hash(LeafHash(f.raw(seq)))
		if err := tlog.CheckRecord(record, size, root, seq, leaf); err != nil {
			t.Errorf("record %d of %d: %v", seq, size, err)
		}
		leaf[0] ^= 1
		if tlog.CheckRecord(record, size, root, seq, leaf) == nil {
			t.Errorf("record %d of %d: proof holds for another record", seq, size)
		}
		older := 1 + random.Int64N(size)
		grown, err := ProveTree(f.tx, size, older)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(grown, size, root, older, tlog.Hash(f.side[older-1].Root)); err != nil {
			t.Errorf("%d grown to %d: %v", older, size, err)
		}
	}
}

func TestProofsAreRefusedForWhatIsNotThere(t *testing.T) {
	f := newFixture(t, 300, 300)
	for _, test := range []struct{ size, n int64 }{{0, 0}, {10, 10}, {10, -1}, {301, 300}, {1 << 40, 1}} {
		if _, err := ProveRecord(f.tx, test.size, test.n); err == nil {
			t.Errorf("proved record %d of %d", test.n, test.size)
		}
	}
	for _, test := range []struct{ size, n int64 }{{0, 0}, {10, 0}, {10, 11}, {400, 300}} {
		if _, err := ProveTree(f.tx, test.size, test.n); err == nil {
			t.Errorf("proved that %d grew to %d", test.n, test.size)
		}
	}
	beyond := []int64{tlog.StoredHashIndex(0, 250)}
	if _, err := HashReader(f.tx, 250).ReadHashes(beyond); err == nil {
		t.Error("read a hash that is not in the tree")
	}
}

func TestHashReaderReportsDamage(t *testing.T) {
	f := newFixture(t, 300, 300)
	_ = f.tx.Delete(recordKey(270))
	_ = f.tx.Delete(nodeKey(8, 0))
	for _, seq := range []int64{271, 299} {
		if _, err := ProveRecord(f.tx, 300, seq); !errors.Is(err, ErrDamaged) {
			t.Errorf("proof of record %d: %v", seq, err)
		}
	}
	for _, missing := range []int64{256, 263} {
		f := newFixture(t, 264, 264)
		_ = f.tx.Delete(recordKey(missing))
		at := []int64{tlog.StoredHashIndex(3, 32)}
		if _, err := HashReader(f.tx, 264).ReadHashes(at); !errors.Is(err, ErrDamaged) {
			t.Errorf("hash over missing record %d: %v", missing, err)
		}
	}
}

func TestParseFrontierRefusesWhatNoTreeHas(t *testing.T) {
	fr := frontier{last: Hash{1}, tree: tree{size: 5, nodes: []Hash{{2}, {3}}}}
	row := fr.encode()
	if got, ok := parseFrontier(row); !ok || got.last != fr.last || got.tree.size != 5 || len(got.tree.nodes) != 2 {
		t.Fatalf("%+v, %v", got, ok)
	}
	none := make([]byte, 8+32)
	negative := append([]byte{0x80}, make([]byte, 7+64)...)
	for _, bad := range [][]byte{nil, row[:7], row[:8], row[:len(row)-1], row[:len(row)-32], append(row, 0), none, negative} {
		if got, ok := parseFrontier(bad); ok {
			t.Errorf("%x was read as %+v", bad, got)
		}
	}
}

func TestTheTreeTakesFewRows(t *testing.T) {
	f := newFixture(t, 1024, 64)
	rows := 0
	for key := range f.tx.rows {
		if !strings.HasPrefix(key, indexFrom) {
			rows++
		}
	}
	if rows != 1024+4+2+1+2 {
		t.Errorf("1024 records take %d rows", rows)
	}
}
