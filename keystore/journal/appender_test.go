package journal

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

func TestAppendChainsRecords(t *testing.T) {
	f := newFixture(t, 10, 3)
	var prev Hash
	err := Read(f.tx, 0, func(seq int64, raw []byte) error {
		r, err := Decode(raw)
		if err != nil || r.Seq != seq || r.Prev != prev {
			t.Errorf("record %d has seq %d, prev %s, %v; want prev %s", seq, r.Seq, r.Prev, err, prev)
		}
		prev = LeafHash(raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := Size(f.tx); n != 10 || err != nil {
		t.Errorf("Size = %d, %v", n, err)
	}
}

func TestAppendDependsOnlyOnTheRecordsNotOnTheTransactions(t *testing.T) {
	one, many := newFixture(t, 600, 600), newFixture(t, 600, 1)
	for key, row := range one.tx.rows {
		if !bytes.Equal(row, many.tx.rows[key]) {
			t.Errorf("row %q differs", key)
		}
	}
}

func TestBeginReadsFewRows(t *testing.T) {
	f := newFixture(t, 2000, 2000)
	r := &failingWriter{failingReader{MemTx: f.tx, left: 4, err: errors.New("too many reads")}}
	if _, err := Begin(r); err != nil {
		t.Error(err)
	}
}

func TestBeginReturnsErrorsOfReading(t *testing.T) {
	f := newFixture(t, 3, 1)
	want := errors.New("disk on fire")
	for calls := range 3 {
		if _, err := Begin(&failingWriter{failingReader{MemTx: f.tx, left: calls, err: want}}); !errors.Is(err, want) {
			t.Errorf("after %d calls: %v", calls, err)
		}
	}
}

func TestAppenderReturnsErrorsOfWriting(t *testing.T) {
	f := newFixture(t, 255, 255)
	want := errors.New("disk full")
	for calls := range 30 {
		w := &failingWriter{failingReader{MemTx: f.tx.clone(), left: 100, err: want}}
		a, err := Begin(w)
		if err != nil {
			t.Fatal(err)
		}
		w.left = calls
		_, err1 := a.Append(testRecord(255))
		_, err2 := a.Commit(f.signer, testStart)
		err = errors.Join(err1, err2)
		if err == nil && calls > 5 {
			return
		}
		if !errors.Is(err, want) {
			t.Errorf("after %d calls: %v, %v", calls, err1, err2)
		}
	}
	t.Error("never got through")
}

// failingWriter is a kv.Writer that fails after some calls.
type failingWriter struct{ failingReader }

func (w *failingWriter) Put(key, value []byte) error {
	if w.left--; w.left < 0 {
		return w.err
	}
	return w.MemTx.Put(key, value)
}

func TestBeginRefusesADamagedJournal(t *testing.T) {
	for name, tamper := range map[string]func(f *fixture){
		"frontier malformed":  func(f *fixture) { f.tx.rows[frontierKey] = []byte("x") },
		"frontier cut":        func(f *fixture) { f.tx.rows[frontierKey] = f.tx.rows[frontierKey][:50] },
		"frontier changed":    func(f *fixture) { f.tx.rows[frontierKey][45] ^= 1 },
		"frontier missing":    func(f *fixture) { _ = f.tx.Delete([]byte(frontierKey)) },
		"checkpoint changed":  func(f *fixture) { f.tx.rows[checkpointKey] = []byte("x") },
		"checkpoint missing":  func(f *fixture) { _ = f.tx.Delete([]byte(checkpointKey)) },
		"checkpoint older":    func(f *fixture) { f.tx.rows[checkpointKey] = f.side[0].Note },
		"a record beyond":     func(f *fixture) { f.set(9, []byte("{}")) },
		"nothing but records": func(f *fixture) { delete(f.tx.rows, frontierKey); delete(f.tx.rows, checkpointKey) },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, 9, 3)
			tamper(f)
			if _, err := Begin(f.tx); !errors.Is(err, ErrDamaged) {
				t.Errorf("Begin: %v", err)
			}
		})
	}
}

// The next record names the hash that the last one had, not the one it has now.
func TestAppendDoesNotCoverUpAChangeOfTheLastRecord(t *testing.T) {
	for _, n := range []int{4, 5} {
		f := newFixture(t, n, 1)
		last := int64(n - 1)
		f.set(last, bytes.Replace(f.raw(last), []byte("ok"), []byte("no"), 1))
		f.add(t, n, n+2)
		wantBad(t, f.verify(t), last)
	}
}

func TestAppendRefusesWhatCannotBeEncoded(t *testing.T) {
	f := newFixture(t, 2, 1)
	a, err := Begin(f.tx)
	if err != nil {
		t.Fatal(err)
	}
	big := testRecord(3)
	big.Diff = []Change{{Field: "description", After: strings.Repeat("x", MaxRecord)}}
	if _, err := a.Append(big); !errors.Is(err, ErrTooLarge) {
		t.Errorf("Append of a large record: %v", err)
	}
	if f.raw(2) != nil {
		t.Error("something was written")
	}
	if _, err := a.Append(testRecord(2)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("Append after that: %v", err)
	}
	if _, err := a.Commit(f.signer, testStart); !errors.Is(err, ErrTooLarge) {
		t.Errorf("Commit after that: %v", err)
	}
}

func TestCommitAttestsWithoutRecords(t *testing.T) {
	f := newFixture(t, 2, 1)
	before := f.side[1]
	a, err := Begin(f.tx)
	if err != nil {
		t.Fatal(err)
	}
	later := time.Date(2026, 11, 23, 14, 32, 0, 5e8, time.FixedZone("CET", 3600))
	c, err := a.Commit(f.signer, later)
	if err != nil {
		t.Fatal(err)
	}
	if c.Size != 2 || c.Root != before.Root || !c.Time.Equal(later.Truncate(time.Second)) || c.Time.Location() != time.UTC {
		t.Errorf("%+v", c)
	}
	head, err := Head(f.tx)
	if err != nil || !bytes.Equal(head.Note, c.Note) || head.Short() != c.Short() {
		t.Errorf("Head = %+v, %v", head, err)
	}
}

func TestCommitEndsTheAppender(t *testing.T) {
	f := newFixture(t, 2, 1)
	a, err := Begin(f.tx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Commit(nil, testStart); err == nil {
		t.Error("committed without a signer")
	}
	if _, err := a.Commit(f.signer, testStart); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Commit(f.signer, testStart); err == nil {
		t.Error("committed twice")
	}
	if _, err := a.Append(testRecord(2)); err == nil {
		t.Error("appended after Commit")
	}
}

func TestCommitRefusesTheKeyOfAnotherJournal(t *testing.T) {
	f := newFixture(t, 2, 1)
	skey, _, err := GenerateKey(Origin("other"), nil)
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Begin(f.tx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Commit(other, testStart); err == nil || !strings.Contains(err.Error(), `"pakdeck/other"`) {
		t.Errorf("Commit: %v", err)
	}
}

func TestReadGoesBothWays(t *testing.T) {
	f := newFixture(t, 10, 10)
	for _, test := range []struct {
		name string
		read func(kv.Reader, int64, func(int64, []byte) error) error
		from int64
		want string
	}{
		{"from the first", Read, 0, "0123456789"},
		{"from before the first", Read, -5, "0123456789"},
		{"from the middle", Read, 7, "789"},
		{"from the end", Read, 10, ""},
		{"back from the newest", ReadBackwards, -1, "9876543210"},
		{"back from beyond", ReadBackwards, 1 << 62, "9876543210"},
		{"back from far beyond", ReadBackwards, 1<<63 - 1, "9876543210"},
		{"back from the middle", ReadBackwards, 3, "3210"},
		{"back from the first", ReadBackwards, 0, "0"},
	} {
		var got []byte
		err := test.read(f.tx, test.from, func(seq int64, raw []byte) error {
			if !bytes.Equal(raw, f.raw(seq)) {
				t.Errorf("%s: wrong bytes for %d", test.name, seq)
			}
			got = append(got, '0'+byte(seq))
			return nil
		})
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %q, %v; want %q", test.name, got, err, test.want)
		}
	}
}

func TestReadEndsWhenToldTo(t *testing.T) {
	f := newFixture(t, 10, 10)
	want := errors.New("enough")
	for _, stop := range []error{kv.Stop, want} {
		calls := 0
		err := Read(f.tx, 0, func(int64, []byte) error {
			calls++
			return stop
		})
		if calls != 1 || stop == want && err != want || stop == kv.Stop && err != nil {
			t.Errorf("%d calls, %v", calls, err)
		}
	}
	_ = f.tx.Put([]byte("j/r/x"), []byte("x"))
	if err := Read(f.tx, 0, func(int64, []byte) error { return nil }); !errors.Is(err, ErrDamaged) {
		t.Errorf("stray key: %v", err)
	}
}
