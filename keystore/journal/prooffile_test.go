package journal

import (
	"bytes"
	"strings"
	"testing"
)

func TestAProofOpensWithThePublicKeyAlone(t *testing.T) {
	f := newFixture(t, 300, 7)
	for _, n := range []int64{0, 1, 130, 256, 299} {
		p, err := Prove(f.tx, n)
		if err != nil {
			t.Fatal(err)
		}
		got, err := OpenProof(p.Encode(), f.v)
		if err != nil || got.Index != n || !bytes.Equal(got.Record, f.raw(n)) || got.Checkpoint.Size != 300 {
			t.Errorf("record %d: %+v, %v", n, got, err)
		}
	}
	if _, err := Prove(f.tx, 300); err == nil {
		t.Error("a record that is not there was proved")
	}
}

func TestAProofWithOneBitFlippedIsRefused(t *testing.T) {
	f := newFixture(t, 37, 1)
	p, err := Prove(f.tx, 17)
	if err != nil {
		t.Fatal(err)
	}
	text := p.Encode()
	for i := range text {
		for bit := range 8 {
			changed := bytes.Clone(text)
			changed[i] ^= 1 << bit
			if _, err := OpenProof(changed, f.v); err == nil {
				t.Fatalf("bit %d of byte %d (%q) may be flipped", bit, i, text[max(0, i-10):i+1])
			}
		}
	}
}

func TestAProofOfAnotherJournalIsRefused(t *testing.T) {
	f := newFixture(t, 20, 1)
	p, err := Prove(f.tx, 3)
	if err != nil {
		t.Fatal(err)
	}
	_, other := keyPair(t, 2)
	if _, err := OpenProof(p.Encode(), other); err == nil || !strings.Contains(err.Error(), "not signed by the key") {
		t.Errorf("err = %v", err)
	}
	for name, change := range map[string]func(*Proof){
		"another record": func(p *Proof) { p.Record = f.raw(4) },
		"another number": func(p *Proof) { p.Index, p.Record = 4, f.raw(4) },
		"no path":        func(p *Proof) { p.Path = nil },
		"too small":      func(p *Proof) { p.Checkpoint = f.side[2] },
	} {
		q := p
		change(&q)
		if _, err := OpenProof(q.Encode(), f.v); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// Whoever has the key of a journal can prove anything of it, but not make a
// terminal obey.
func TestAProofOfNoRecordIsRefused(t *testing.T) {
	f := newFixture(t, 3, 1)
	raw := bytes.Replace(f.raw(2), []byte(`"ok"`), []byte("\"\x1b[8m\""), 1)
	tr := tree{}
	for _, leaf := range []Hash{LeafHash(f.raw(0)), LeafHash(f.raw(1)), LeafHash(raw)} {
		if err := tr.add(leaf); err != nil {
			t.Fatal(err)
		}
	}
	c, err := sign(Checkpoint{Origin: testOrigin, Size: 3, Root: tr.root(), Time: testStart}, f.signer)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Prove(f.tx, 2)
	if err != nil {
		t.Fatal(err)
	}
	p.Record, p.Checkpoint = raw, c
	if _, err := OpenProof(p.Encode(), f.v); err == nil || !strings.Contains(err.Error(), "not that record") {
		t.Errorf("err = %v", err)
	}
}

func TestConsistencyIsShownOnlyForTheSameJournal(t *testing.T) {
	f := newFixture(t, 300, 1)
	other := newFixture(t, 150, 1)
	other.fork(t, 150)
	for _, old := range []int64{0, 1, 150, 151, 299, 300} {
		c, err := ProveSince(f.tx, old)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseConsistency(c.Encode())
		if err != nil {
			t.Fatal(err)
		}
		var root Hash
		if old > 0 {
			root = f.side[old-1].Root
		}
		if err := back.Continues(root); err != nil {
			t.Errorf("from %d: %v", old, err)
		}
		forked, err := ProveSince(other.tx, old)
		if err != nil {
			t.Fatal(err)
		}
		if err := forked.Continues(root); (err != nil) != (old > 150) {
			t.Errorf("a journal that differs from record 150 on, from %d: %v", old, err)
		}
		root[3] ^= 1
		if err := back.Continues(root); err == nil && old > 0 {
			t.Errorf("from another root of %d records: accepted", old)
		}
	}
}

// fork adds n records that the test records are not.
func (f *fixture) fork(t *testing.T, n int) {
	t.Helper()
	a, err := Begin(f.tx)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if _, err := a.Append(testRecord(1000 + i)); err != nil {
			t.Fatal(err)
		}
	}
	c, err := a.Commit(f.signer, testStart)
	if err != nil {
		t.Fatal(err)
	}
	f.side = append(f.side, c)
}

func TestNobodyProvesThatAJournalBecameShorter(t *testing.T) {
	f := newFixture(t, 9, 1)
	if _, err := ProveSince(f.tx, 10); err == nil || !strings.Contains(err.Error(), "rolled back") {
		t.Errorf("err = %v", err)
	}
	c := Consistency{Old: 10, Checkpoint: f.side[8]}
	if err := c.Continues(Hash{}); err == nil || !strings.Contains(err.Error(), "rolled back") {
		t.Errorf("err = %v", err)
	}
	c = Consistency{Old: 9, Checkpoint: f.side[8]}
	if err := c.Continues(Hash{}); err == nil || !strings.Contains(err.Error(), "forked") {
		t.Errorf("err = %v", err)
	}
}

func FuzzOpenProof(f *testing.F) {
	fx := newFixture(f, 20, 1)
	p, _ := Prove(fx.tx, 3)
	f.Add(p.Encode())
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, err := OpenProof(text, fx.v); err == nil && !bytes.Equal(p.Record, fx.raw(p.Index)) {
			t.Errorf("a false proof is accepted:\n%s", text)
		}
	})
}

func FuzzParseConsistency(f *testing.F) {
	fx := newFixture(f, 20, 1)
	c, _ := ProveSince(fx.tx, 7)
	f.Add(c.Encode())
	f.Add([]byte("old 0\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ParseConsistency(text)
		if err != nil {
			return
		}
		if again := c.Encode(); !bytes.Equal(again, text) {
			t.Errorf("%q is read as %q", text, again)
		}
		_ = c.Continues(fx.side[6].Root)
	})
}
