package journal

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

func TestVerifyFindsAnIntactJournalIntact(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 1030} {
		f := newFixture(t, n, 50)
		rep := f.verify(t, f.side...)
		fr, err := readFrontier(f.tx)
		if err != nil {
			t.Fatal(err)
		}
		want := Report{Size: int64(n), Vouched: int64(n), Root: fr.tree.root(), Intact: true, Bad: -1, Checked: len(f.side)}
		want.Checkpoint, rep.Checkpoint = Checkpoint{}, Checkpoint{}
		if rep.String() != want.String() || rep.Root != want.Root || rep.Checked != want.Checked || rep.Vouched != want.Vouched {
			t.Errorf("%d records: %+v, want %+v", n, rep, want)
		}
	}
}

func TestVerifyReportReadsLikeASentence(t *testing.T) {
	f := newFixture(t, 20, 1)
	rep := f.verify(t)
	if got := rep.String(); got != "intact up to 20" {
		t.Errorf("got %q", got)
	}
	if rep.Checkpoint.Short() != f.side[19].Short() {
		t.Errorf("newest checkpoint is %s, want %s", rep.Checkpoint.Short(), f.side[19].Short())
	}
	f.set(17, bytes.Replace(f.raw(17), []byte("ok"), []byte("no"), 1))
	rep = f.verify(t)
	if got := rep.String(); got != "record 17 was changed" || !rep.Root.IsZero() {
		t.Errorf("got %q, root %s", got, rep.Root)
	}
}

func TestVerifyAcceptsACheckpointOfNoRecords(t *testing.T) {
	f := newFixture(t, 0, 1)
	empty := f.add(t, 0, 0)
	if rep := f.verify(t, empty); !rep.Intact || rep.Checked != 1 || rep.Size != 0 {
		t.Errorf("%+v", rep)
	}
	f.add(t, 0, 3)
	if rep := f.verify(t, empty); !rep.Intact || rep.Checked != 1 || rep.Size != 3 {
		t.Errorf("%+v", rep)
	}
	empty.Root = Hash{1}
	if rep := f.verify(t, empty); rep.Intact || rep.Bad != -1 {
		t.Errorf("%+v", rep)
	}
}

func TestVerifySeesARollbackOnlyWithAKeptCheckpoint(t *testing.T) {
	f := newFixture(t, 18, 1)
	old := f.tx.clone()
	f.add(t, 18, 19)
	f.add(t, 19, 20)
	f.tx = old
	if rep := f.verify(t); !rep.Intact || rep.RolledBack {
		t.Fatalf("an old copy agrees with itself: %+v", rep)
	}
	rep := f.verify(t, f.side...)
	want := "rolled back: an older checkpoint covers 20 records, the journal has 18"
	if !rep.RolledBack || rep.Bad != -1 || rep.Problem != want || rep.Checked != 18 || rep.Vouched != 18 {
		t.Errorf("%+v, want %q", rep, want)
	}
}

func TestVerifySeesWhatWasWrittenAfterARollback(t *testing.T) {
	f := newFixture(t, 18, 1)
	old := f.tx.clone()
	f.add(t, 18, 24)
	f.tx = old
	a, err := Begin(f.tx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Append(testRecord(99)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Commit(f.signer, testStart); err != nil {
		t.Fatal(err)
	}
	rep := f.verify(t, f.side...)
	if !rep.RolledBack || !strings.HasPrefix(rep.Problem, "rolled back: an older checkpoint covers 24 records, the journal has 19") {
		t.Errorf("%+v", rep)
	}
}

func TestVerifyReportsACutTail(t *testing.T) {
	f := newFixture(t, 20, 1)
	_ = f.tx.Delete(recordKey(18))
	_ = f.tx.Delete(recordKey(19))
	rep := f.verify(t, f.side...)
	want := "rolled back: an older checkpoint covers 20 records, the journal has 18; records 18 to 19 are missing"
	if !rep.RolledBack || rep.Bad != 18 || rep.Problem != want {
		t.Errorf("%+v", rep)
	}
}

func TestVerifyBlamesNoRecordForOtherRows(t *testing.T) {
	const n = 520
	f := newFixture(t, n, 100)
	for _, key := range []string{frontierKey, checkpointKey, string(nodeKey(8, 0)), string(nodeKey(8, 1)), string(nodeKey(9, 0))} {
		was := f.tx.rows[key]
		if len(was) == 0 {
			t.Fatalf("no row %q", key)
		}
		for i := 0; i < len(was); i += amount(1, 11) {
			now := bytes.Clone(was)
			now[i] ^= 1
			f.tx.rows[key] = now
			if rep := f.verify(t, f.side...); rep.Intact || rep.Bad != -1 || rep.RolledBack {
				t.Fatalf("byte %d of %q: %+v", i, key, rep)
			}
			if i%9 > 0 {
				continue
			}
			if rep := f.verify(t); rep.Intact || rep.Bad != -1 {
				t.Fatalf("byte %d of %q without kept checkpoints: %+v", i, key, rep)
			}
		}
		f.tx.rows[key] = was
	}
}

func TestVerifySaysWhichOtherRowIsWrong(t *testing.T) {
	for _, test := range []struct {
		name   string
		tamper func(f *fixture)
		want   string
	}{
		{"stored hash changed", func(f *fixture) { f.tx.rows[string(nodeKey(8, 1))][0] ^= 1 }, "the stored hash 1 of level 8 was changed"},
		{"stored hash missing", func(f *fixture) { _ = f.tx.Delete(nodeKey(9, 0)) }, "the stored hash 0 of level 9 is missing"},
		{"stored hash too many", func(f *fixture) { _ = f.tx.Put(nodeKey(8, 2), make([]byte, 32)) }, "there are 4 stored hashes, want 3"},
		{"frontier size", func(f *fixture) { f.tx.rows[frontierKey][7] ^= 1 }, "the frontier row is missing or malformed"},
		{"frontier of another size", func(f *fixture) { f.tx.rows[frontierKey][7] ^= 0x0c }, "the frontier row was changed"},
		{"frontier all wrong and no checkpoint", func(f *fixture) {
			_ = f.tx.Delete([]byte(checkpointKey))
			f.tx.rows[frontierKey][8] ^= 1
			f.tx.rows[frontierKey][40] ^= 1
		}, "the frontier row was changed"},
		{"frontier tip", func(f *fixture) { f.tx.rows[frontierKey][8] ^= 1 }, "the frontier row was changed"},
		{"frontier hash", func(f *fixture) { f.tx.rows[frontierKey][40] ^= 1 }, "the frontier row was changed"},
		{"frontier missing", func(f *fixture) { _ = f.tx.Delete([]byte(frontierKey)) }, "the frontier row is missing or malformed"},
		{"checkpoint missing", func(f *fixture) { _ = f.tx.Delete([]byte(checkpointKey)) }, "the newest checkpoint is missing"},
		{
			"checkpoint changed", func(f *fixture) { f.tx.rows[checkpointKey][20] ^= 1 },
			`the newest checkpoint is not valid: checkpoint of 600 records is not signed by the key of "pakdeck/7f3a9c": invalid signature for key pakdeck/7f3a9c+`,
		},
		{"checkpoint older", func(f *fixture) { f.tx.rows[checkpointKey] = f.side[1].Note }, "records 400 to 599 have no checkpoint"},
		{"wrong key", func(f *fixture) { _, f.v = keyPair(t, 2) }, `the newest checkpoint is not valid: checkpoint of 600 records is not signed by the key of "pakdeck/7f3a9c": note has no verifiable signatures`},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(t, 600, 200)
			test.tamper(f)
			rep := f.verify(t)
			if !strings.HasPrefix(rep.Problem, test.want) {
				t.Errorf("Problem = %q, want %q", rep.Problem, test.want)
			}
		})
	}
}

func TestVerifyDoesNotTakeRowsWithoutRecordsForAnEmptyJournal(t *testing.T) {
	f := newFixture(t, 3, 1)
	for seq := range int64(3) {
		_ = f.tx.Delete(recordKey(seq))
	}
	if rep := f.verify(t); rep.Bad != 0 || rep.Problem != "records 0 to 2 are missing" {
		t.Errorf("%+v", rep)
	}
	f.tx.rows[checkpointKey] = []byte("x")
	if rep := f.verify(t); rep.Intact {
		t.Errorf("%+v", rep)
	}
	frontierRow := f.tx.rows[frontierKey]
	_ = f.tx.Delete([]byte(frontierKey))
	if rep := f.verify(t); rep.Intact {
		t.Errorf("%+v", rep)
	}
	_ = f.tx.Delete([]byte(checkpointKey))
	f.tx.rows[frontierKey] = frontierRow
	if rep := f.verify(t); rep.Intact {
		t.Errorf("%+v", rep)
	}
	_ = f.tx.Delete([]byte(frontierKey))
	_ = f.tx.Delete([]byte(checkpointKey))
	if rep := f.verify(t, f.side...); !rep.RolledBack {
		t.Errorf("%+v", rep)
	}
}

func TestVerifyTellsHowMuchIsProved(t *testing.T) {
	f := newFixture(t, 100, 10)
	f.set(55, []byte("{}"))
	if rep := f.verify(t, f.side...); rep.Bad != 55 || rep.Vouched != 50 || rep.Checked != 5 {
		t.Errorf("%+v", rep)
	}
}

func TestVerifyReturnsErrorsOfReading(t *testing.T) {
	f := newFixture(t, 300, 300)
	want := errors.New("disk on fire")
	for calls := range 20 {
		r := &failingReader{MemTx: f.tx, left: calls, err: want}
		_, err := Verify(r, f.v, nil)
		if r.left >= 0 {
			if err != nil {
				t.Errorf("after %d calls: %v", calls, err)
			}
			return
		}
		if !errors.Is(err, want) {
			t.Errorf("error after %d calls is %v", calls, err)
		}
	}
	t.Error("never got through")
}

func TestVerifyNeedsAKeyAndCheckpointsOfTheSameJournal(t *testing.T) {
	f := newFixture(t, 3, 1)
	if _, err := Verify(f.tx, nil, nil); err == nil {
		t.Error("verified without a key")
	}
	if _, err := Verify(f.tx, f.v, []Checkpoint{{Origin: "pakdeck/other", Size: 1}}); err == nil {
		t.Error("took a checkpoint of another journal")
	}
}

// failingReader fails after some calls.
type failingReader struct {
	*MemTx
	left int
	err  error
}

func (r *failingReader) Get(key []byte) ([]byte, error) {
	if r.left--; r.left < 0 {
		return nil, r.err
	}
	return r.MemTx.Get(key)
}

func (r *failingReader) Scan(rows kv.Range, fn func(key, value []byte) error) error {
	if r.left--; r.left < 0 {
		return r.err
	}
	return r.MemTx.Scan(rows, fn)
}
