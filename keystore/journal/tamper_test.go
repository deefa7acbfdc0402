package journal

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// wantBad checks that the report names exactly that record.
func wantBad(t *testing.T, rep Report, seq int64) {
	t.Helper()
	if rep.Intact || rep.Bad != seq || rep.Problem != changed(seq) {
		t.Fatalf("Bad = %d, Problem = %q; want %d, %q", rep.Bad, rep.Problem, seq, changed(seq))
	}
}

func TestVerifyNamesEveryRecordWithOneByteChanged(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, test := range []struct {
		name  string
		n     int
		place func(raw []byte) int
	}{
		{"anywhere", 700, func(raw []byte) int { return random.IntN(len(raw)) }},
		{"in seq", 300, func(raw []byte) int { return len(`{"seq":`) }},
		{"in prev", 300, func(raw []byte) int { return bytes.Index(raw, []byte(`"prev":"`)) + 8 + random.IntN(64) }},
		{"first byte", 300, func(raw []byte) int { return 0 }},
		{"last byte", 300, func(raw []byte) int { return len(raw) - 1 }},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(t, test.n, 7)
			for seq := int64(0); seq < int64(test.n); seq += amount[int64](1, 11) {
				was := f.raw(seq)
				now := bytes.Clone(was)
				at := test.place(now)
				now[at] = "0123456789abcdef"[random.IntN(16)]
				if now[at] == was[at] {
					now[at] ^= 1
				}
				f.set(seq, now)
				wantBad(t, f.verify(t), seq)
				f.set(seq, was)
			}
			if rep := f.verify(t); !rep.Intact {
				t.Error(rep)
			}
		})
	}
}

func TestVerifyNamesEveryRecordForEverySingleBit(t *testing.T) {
	for _, n := range []int{1, 2, 5} {
		f := newFixture(t, n, n)
		kept := newFixture(t, n, 1).side[:n-1]
		for seq := range int64(n) {
			was := f.raw(seq)
			for bit := 0; bit < 8*len(was); bit += amount(1, 11) {
				now := bytes.Clone(was)
				now[bit/8] ^= 1 << (bit % 8)
				f.set(seq, now)
				wantBad(t, f.verify(t), seq)
				wantBad(t, f.verify(t, kept...), seq)
			}
			f.set(seq, was)
		}
	}
}

func TestVerifyNamesTheRecordWhateverKnowsTheOldHash(t *testing.T) {
	const n = 520
	witnesses := map[string]func(f *fixture){
		"everything":              func(*fixture) {},
		"no good checkpoint":      func(f *fixture) { _, f.v = keyPair(t, 2) },
		"no checkpoint":           func(f *fixture) { delete(f.tx.rows, checkpointKey) },
		"no stored hashes":        func(f *fixture) { delete(f.tx.rows, string(nodeKey(8, 0))); delete(f.tx.rows, string(nodeKey(8, 1))) },
		"only the next records":   func(f *fixture) { delete(f.tx.rows, checkpointKey); delete(f.tx.rows, frontierKey) },
		"only the frontier's tip": func(f *fixture) { delete(f.tx.rows, checkpointKey); f.tx.rows[frontierKey][45] ^= 1 },
	}
	for name, blind := range witnesses {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, n, 40)
			blind(f)
			f.tx.keys = nil
			for _, seq := range []int64{0, 1, 100, 254, 255, 256, 257, 511, 512, n - 3} {
				was := f.raw(seq)
				for _, field := range []string{`"prev":"`, `"outcome":"`} {
					if field == `"prev":"` && seq == 0 {
						continue
					}
					now := bytes.Clone(was)
					at := bytes.Index(now, []byte(field)) + len(field)
					now[at] = "0123456789abcdef"[(bytes.IndexByte([]byte("0123456789abcdef"), now[at])+1)%16]
					f.set(seq, now)
					wantBad(t, f.verify(t), seq)
				}
				f.set(seq, was)
			}
		})
	}
}

func TestVerifyNamesTheFirstOfSeveralChangedRecords(t *testing.T) {
	const n = 300
	f := newFixture(t, n, 10)
	random := rand.New(rand.NewPCG(3, 4))
	for range amount(150, 20) {
		seqs := []int64{random.Int64N(n), random.Int64N(n), random.Int64N(n)}
		if random.IntN(2) == 0 {
			seqs[1] = min(seqs[0]+1, n-1)
		}
		was := map[int64][]byte{}
		for _, seq := range seqs {
			if was[seq] == nil {
				was[seq] = f.raw(seq)
				f.set(seq, bytes.Replace(was[seq], []byte(`"outcome":"ok"`), []byte(`"outcome":"no"`), 1))
			}
		}
		wantBad(t, f.verify(t), min(seqs[0], seqs[1], seqs[2]))
		for seq, raw := range was {
			f.set(seq, raw)
		}
	}
}

func TestVerifyFindsMissingAndMovedRecords(t *testing.T) {
	const n = 20
	for name, test := range map[string]struct {
		tamper  func(f *fixture)
		bad     int64
		problem string
	}{
		"first missing":   {func(f *fixture) { _ = f.tx.Delete(recordKey(0)) }, 0, "record 0 is missing"},
		"middle missing":  {func(f *fixture) { _ = f.tx.Delete(recordKey(17)) }, 17, "record 17 is missing"},
		"several missing": {func(f *fixture) { _ = f.tx.Delete(recordKey(5)); _ = f.tx.Delete(recordKey(6)) }, 5, "records 5 to 6 are missing"},
		"last missing":    {func(f *fixture) { _ = f.tx.Delete(recordKey(19)) }, 19, "record 19 is missing"},
		"two last missing": {
			func(f *fixture) { _ = f.tx.Delete(recordKey(18)); _ = f.tx.Delete(recordKey(19)) },
			18, "records 18 to 19 are missing",
		},
		"swapped": {func(f *fixture) {
			a, b := f.raw(4), f.raw(11)
			f.set(4, b)
			f.set(11, a)
		}, 4, "record 4 was changed"},
		"swapped with new numbers": {func(f *fixture) {
			a, _ := Decode(f.raw(4))
			b, _ := Decode(f.raw(11))
			a.Seq, b.Seq = b.Seq, a.Seq
			rawA, _ := a.Encode()
			rawB, _ := b.Encode()
			f.set(4, rawB)
			f.set(11, rawA)
		}, 4, "record 4 was changed"},
		"removed and closed up": {func(f *fixture) {
			for seq := int64(7); seq < n-1; seq++ {
				f.set(seq, f.raw(seq+1))
			}
			_ = f.tx.Delete(recordKey(n - 1))
		}, 7, "record 7 was changed"},
		"doubled at the end": {func(f *fixture) { _ = f.tx.Put(recordKey(n), f.raw(n-1)) }, n, "record 20 was changed"},
		"added without a checkpoint": {func(f *fixture) {
			r := testRecord(n)
			r.Seq, r.Prev = n, LeafHash(f.raw(n-1))
			raw, _ := r.Encode()
			_ = f.tx.Put(recordKey(n), raw)
		}, n, "record 20 has no checkpoint"},
		"a stray key": {
			func(f *fixture) { _ = f.tx.Put([]byte("j/r/odd"), []byte("x")) }, -1,
			`the journal is damaged: a row with the key "j/r/odd" lies among the records`,
		},
		"a stray number": {
			func(f *fixture) { _ = f.tx.Put(recordKey(1<<63-1), []byte("x")) }, -1,
			`the journal is damaged: a row with the key "j/r/\x7f\xff\xff\xff\xff\xff\xff\xff" lies among the records`,
		},
		"a first record with a predecessor": {func(f *fixture) {
			was := f.raw(0)
			f.set(0, bytes.Replace(was, []byte(`"prev":"0`), []byte(`"prev":"1`), 1))
		}, 0, "record 0 was changed"},
		"a stray key at the end": {
			func(f *fixture) { _ = f.tx.Put([]byte("j/r/\xff\xff\xff\xff\xff\xff\xff\xff"), []byte("x")) }, -1,
			`the journal is damaged: a row with the key "j/r/\xff\xff\xff\xff\xff\xff\xff\xff" lies among the records`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, n, 3)
			test.tamper(f)
			rep := f.verify(t)
			if rep.Intact || rep.Bad != test.bad || rep.Problem != test.problem {
				t.Errorf("Bad = %d, Problem = %q; want %d, %q", rep.Bad, rep.Problem, test.bad, test.problem)
			}
		})
	}
}

func TestVerifyBracketsARechainedForgery(t *testing.T) {
	const n, forged = 700, 333
	forge := func(t *testing.T) *fixture {
		f := newFixture(t, n, 10)
		f.set(forged, bytes.Replace(f.raw(forged), []byte(`"ok"`), []byte(`"no"`), 1))
		f.rechain(t, n)
		return f
	}
	pick := func(f *fixture, sizes ...int64) (side []Checkpoint) {
		for _, c := range f.side {
			for _, size := range sizes {
				if c.Size == size {
					side = append(side, c)
				}
			}
		}
		return side
	}
	for _, test := range []struct {
		name    string
		sizes   []int64
		resign  bool
		bad     int64
		problem string
	}{
		{"own checkpoint only", nil, false, 0, "at least one of the records 0 to 699 was changed: the signed checkpoint of 700 records has another root"},
		{"a checkpoint before", []int64{300}, false, 300, "at least one of the records 300 to 699 was changed: the signed checkpoint of 700 records has another root"},
		{"checkpoints around", []int64{690, 340, 200, 330}, true, 330, "at least one of the records 330 to 339 was changed: the signed checkpoint of 340 records has another root"},
		{"same size, other root", []int64{700}, true, 0, "forked: two signed checkpoints of 700 records have different roots"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := forge(t)
			if test.resign {
				f.resign(t)
				if rep := f.verify(t); !rep.Intact {
					t.Fatalf("with the signing key, only kept checkpoints tell: %v", rep)
				}
			}
			rep := f.verify(t, pick(f, test.sizes...)...)
			if rep.Bad != test.bad || rep.Problem != test.problem {
				t.Errorf("Bad = %d, Problem = %q; want %d, %q", rep.Bad, rep.Problem, test.bad, test.problem)
			}
		})
	}
}

func TestVerifyNamesARechainedForgeryExactlyWithACheckpointForEachRecord(t *testing.T) {
	const n = 40
	for forged := int64(0); forged < n; forged += amount[int64](1, 13) {
		f := newFixture(t, n, 1)
		f.set(forged, bytes.Replace(f.raw(forged), []byte(`"ok"`), []byte(`"no"`), 1))
		f.rechain(t, n)
		f.resign(t)
		wantForked := forged == n-1
		rep := f.verify(t, f.side...)
		if rep.Bad != forged || !wantForked && rep.Problem != changed(forged) {
			t.Errorf("Bad = %d, Problem = %q; want %d", rep.Bad, rep.Problem, forged)
		}
	}
}

func TestVerifyWantsNoPredecessorOfTheFirstRecord(t *testing.T) {
	f := &fixture{tx: newMemTx()}
	f.signer, f.v = keyPair(t, 1)
	r := testRecord(0)
	r.Prev = Hash{1}
	raw, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.tx.Put(recordKey(0), raw); err != nil {
		t.Fatal(err)
	}
	leaf := LeafHash(raw)
	fr := frontier{last: leaf, tree: tree{size: 1, nodes: []Hash{leaf}}}
	f.tx.rows[frontierKey] = fr.encode()
	f.resign(t)
	wantBad(t, f.verify(t), 0)
}

// A stored hash decides when nothing else does.
func TestVerifyNamesTheRecordByAStoredHash(t *testing.T) {
	for seq, field := range map[int64]string{255: `"outcome":"`, 256: `"prev":"`} {
		f := newFixture(t, 257, 257)
		_ = f.tx.Delete([]byte(checkpointKey))
		_ = f.tx.Delete([]byte(frontierKey))
		now := bytes.Clone(f.raw(seq))
		at := bytes.Index(now, []byte(field)) + len(field)
		if now[at] = 'e'; bytes.Equal(now, f.raw(seq)) {
			now[at] = 'd'
		}
		f.set(seq, now)
		wantBad(t, f.verify(t), seq)
	}
}

// A forger who stops rewriting somewhere leaves a broken link there, far from
// the first record that was changed.
func TestVerifyIsNotMisledByABreakAfterAForgery(t *testing.T) {
	const n, forged, until = 100, 33, 60
	f := newFixture(t, n, 10)
	f.set(forged, bytes.Replace(f.raw(forged), []byte(`"ok"`), []byte(`"no"`), 1))
	for seq := int64(forged + 1); seq <= until; seq++ {
		r, _ := Decode(f.raw(seq))
		r.Prev = LeafHash(f.raw(seq - 1))
		raw, _ := r.Encode()
		f.set(seq, raw)
	}
	rep := f.verify(t)
	want := "at least one of the records 0 to 61 was changed: the signed checkpoint of 100 records has another root"
	if rep.Bad != 0 || rep.Problem != want {
		t.Errorf("Bad = %d, Problem = %q; want 0, %q", rep.Bad, rep.Problem, want)
	}
	rep = f.verify(t, f.side...)
	want = "at least one of the records 30 to 39 was changed: the signed checkpoint of 40 records has another root"
	if rep.Bad != 30 || rep.Problem != want {
		t.Errorf("Bad = %d, Problem = %q; want 30, %q", rep.Bad, rep.Problem, want)
	}
}

func TestVerifyWithoutWitnessesNamesBothCandidates(t *testing.T) {
	f := newFixture(t, 5, 5)
	delete(f.tx.rows, checkpointKey)
	delete(f.tx.rows, frontierKey)
	f.tx.keys = nil
	f.set(3, bytes.Replace(f.raw(3), []byte(`"ok"`), []byte(`"no"`), 1))
	if rep := f.verify(t); rep.Bad != 3 || rep.Problem != "record 3 or 4 was changed" {
		t.Errorf("got %d, %q", rep.Bad, rep.Problem)
	}
}

func TestVerifyBoundsItsWorkWhenManyRecordsWereChanged(t *testing.T) {
	const n, first = 200, 20
	f := newFixture(t, n, n)
	for seq := int64(first); seq < n; seq += 3 {
		f.set(seq, bytes.Replace(f.raw(seq), []byte(`"ok"`), []byte(`"no"`), 1))
	}
	wantBad(t, f.verify(t), first)

	a, err := newAudit(f.tx, f.v, nil)
	if err != nil {
		t.Fatal(err)
	}
	for seq := range int64(n) {
		if err := a.record(seq, f.raw(seq)); err != nil {
			t.Fatal(err)
		}
		if len(a.guesses) > maxGuesses {
			t.Fatalf("%d guesses at record %d", len(a.guesses), seq)
		}
	}
}

// Reading cannot go on at a record without a form, so what was learnt before it
// decides.
func TestVerifyNamesAChangeBeforeARecordWithoutAForm(t *testing.T) {
	for _, gap := range []int64{2, 3, 10} {
		f := newFixture(t, 50, 50)
		f.set(20, bytes.Replace(f.raw(20), []byte(`"ok"`), []byte(`"no"`), 1))
		f.set(20+gap, []byte("{}"))
		rep := f.verify(t)
		if rep.Bad != 20 || gap > 2 && rep.Problem != changed(20) || rep.Vouched != 0 {
			t.Errorf("gap %d: %+v", gap, rep)
		}
	}
}

func TestVerifyNamesTheFirstOfChangedPrevFields(t *testing.T) {
	f := newFixture(t, 100, 10)
	for _, seq := range []int64{40, 42} {
		now := bytes.Clone(f.raw(seq))
		at := bytes.Index(now, []byte(`"prev":"`)) + 8
		copy(now[at:], "0000")
		f.set(seq, now)
	}
	wantBad(t, f.verify(t), 40)
}

// With record 41 changed in its prev field, too, nothing knows the old hash of
// record 40: then the report must not claim more than is proved.
func TestVerifyGivesARangeWhenNothingKnowsTheOldHash(t *testing.T) {
	f := newFixture(t, 100, 10)
	for _, seq := range []int64{40, 41} {
		now := bytes.Clone(f.raw(seq))
		at := bytes.Index(now, []byte(`"prev":"`)) + 8
		copy(now[at:], "0000")
		f.set(seq, now)
	}
	rep := f.verify(t)
	want := "at least one of the records 0 to 40 was changed: the signed checkpoint of 100 records has another root"
	if rep.Bad != 0 || rep.Problem != want || rep.Vouched != 0 {
		t.Errorf("%+v", rep)
	}
	if rep = f.verify(t, f.side...); rep.Bad != 40 || rep.Vouched != 40 {
		t.Errorf("%+v", rep)
	}
}
