package journal

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// aboutKeys adds records about a few keys and users, and attempts with strings.
func (f *fixture) aboutKeys(t *testing.T, from, to, per int) {
	t.Helper()
	for i := from; i < to; i += per {
		a, err := Begin(f.tx)
		if err != nil {
			t.Fatal(err)
		}
		for n := i; n < min(i+per, to); n++ {
			if _, err := a.Append(aboutKey(n)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := a.Commit(f.signer, testStart); err != nil {
			t.Fatal(err)
		}
	}
}

func aboutKey(n int) Record {
	r := testRecord(n)
	r.Code, r.Event, r.Diff = EventUse.Code, EventUse.Name, nil
	r.Object = Object{Kind: "key", ID: fmt.Sprint("key", n%7), Name: fmt.Sprintf("Bot%d/ci \"%d\"", n%3, n)}
	switch {
	case n%10 == 0:
		r.Code, r.Event = EventUserEdit.Code, EventUserEdit.Name
		r.Object = Object{Kind: "user", ID: fmt.Sprint("user", n%3), Name: fmt.Sprint("bot", n%3)}
		r.Diff = []Change{{Field: "note", After: map[string]any{"x": 1, "object": map[string]any{"kind": "key", "id": "key1"}}}}
	case n%10 == 1:
		r.Object = Object{}
		r.Source = Source{IP: "192.0.2.1", Fingerprint: fmt.Sprintf("%016x", n%4)}
	}
	return r
}

// found returns the numbers of the records that a term and a match select.
func (f *fixture) found(t *testing.T, term Term, from int64, backwards bool, match func(Record) bool) []int64 {
	t.Helper()
	read := Select
	if backwards {
		read = SelectBackwards
	}
	var out []int64
	err := read(f.tx, term, from, func(seq int64, raw []byte) error {
		r, err := Decode(raw)
		if err == nil && match(r) {
			out = append(out, seq)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var searches = map[string]struct {
	term  Term
	match func(Record) bool
}{
	"a key":     {AboutKey("key3"), func(r Record) bool { return r.Object.Kind == "key" && r.Object.ID == "key3" }},
	"a user":    {AboutUser("BOT1"), func(r Record) bool { return strings.HasPrefix(strings.ToLower(r.Object.Name), "bot1") }},
	"a user id": {AboutUser("user2"), func(r Record) bool { return r.Object.ID == "user2" }},
	"a string":  {OfString("0000000000000003"), func(r Record) bool { return r.Source.Fingerprint == "0000000000000003" }},
	"changes":   {Changes(), func(r Record) bool { return r.Code != EventUse.Code }},
	"nobody":    {AboutKey("nobody"), func(r Record) bool { return r.Object.ID == "nobody" }},
}

func (f *fixture) checkSearches(t *testing.T) {
	t.Helper()
	size, err := Size(f.tx)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range searches {
		var all []int64
		must(t, Read(f.tx, 0, func(seq int64, raw []byte) error {
			r, err := Decode(raw)
			if err == nil && s.match(r) {
				all = append(all, seq)
			}
			return err
		}))
		for _, from := range []int64{0, 1, size / 3, size / 2, size - 1, size} {
			at, _ := slices.BinarySearch(all, from)
			if got := f.found(t, s.term, from, false, s.match); !slices.Equal(got, all[at:]) {
				t.Errorf("%s from %d: %v, want %v", name, from, got, all[at:])
			}
			upto, _ := slices.BinarySearch(all, from+1)
			back := slices.Clone(all[:upto])
			slices.Reverse(back)
			if got := f.found(t, s.term, from, true, s.match); !slices.Equal(got, back) {
				t.Errorf("%s back from %d: %v, want %v", name, from, got, back)
			}
		}
		slices.Reverse(all)
		if got := f.found(t, s.term, -1, true, s.match); !slices.Equal(got, all) {
			t.Errorf("%s back from the end: %v, want %v", name, got, all)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestATermFindsItsRecordsAndFewOthers(t *testing.T) {
	f := newFixture(t, 0, 1)
	f.aboutKeys(t, 0, 2000, 37)
	f.checkSearches(t)
	seen := 0
	must(t, Select(f.tx, AboutKey("key3"), 0, func(int64, []byte) error { seen++; return nil }))
	if want := len(f.found(t, AboutKey("key3"), 0, false, searches["a key"].match)); seen != want || want == 0 {
		t.Errorf("%d looked at, %d found", seen, want)
	}
	if rows, size := f.indexed(); rows > 40 || size > 10*2000 {
		t.Errorf("the index of 2000 records takes %d rows and %d bytes", rows, size)
	}
}

func (f *fixture) indexed() (rows, size int) {
	for key, value := range f.tx.rows {
		if strings.HasPrefix(key, indexPrefix) {
			rows++
			size += len(key) + len(value)
		}
	}
	return rows, size
}

// A journal that was written when there was no index gets it with the commits
// that follow, and is searched rightly meanwhile.
func TestAnOldJournalIsIndexedBitByBit(t *testing.T) {
	f := newFixture(t, 0, 1)
	const old = 3*oldPerCommit + 50
	f.aboutKeys(t, 0, old, 100)
	for key := range f.tx.rows {
		if strings.HasPrefix(key, indexFrom) {
			_ = f.tx.Delete([]byte(key))
		}
	}
	f.checkSearches(t)
	for i := range 5 {
		f.aboutKeys(t, old+i, old+i+1, 1)
		from, err := Indexed(f.tx)
		if want := int64(max(0, old-(i+1)*oldPerCommit)); err != nil || from != want {
			t.Errorf("commit %d: indexed from %d, want %d, %v", i, from, want, err)
		}
		if i%amount(1, 4) > 0 {
			continue
		}
		f.checkSearches(t)
		if r, err := Verify(f.tx, f.v, nil); err != nil || !r.Intact {
			t.Errorf("commit %d: %v, %v", i, r, err)
		}
	}
}

func TestEveryChangeOfTheIndexIsDetected(t *testing.T) {
	intact := newFixture(t, 0, 1)
	intact.aboutKeys(t, 0, 400, 50)
	if r, err := Verify(intact.tx, intact.v, nil); err != nil || !r.Intact {
		t.Fatal(r, err)
	}
	rows := 0
	for _, row := range slices.Sorted(maps.Keys(intact.tx.rows)) {
		if !strings.HasPrefix(row, indexFrom) {
			continue
		}
		rows++
		value := intact.tx.rows[row]
		for i := 0; i < len(value); i += amount(1, 20) {
			for name, changed := range map[string][]byte{"flip": value, "cut": value[:i], "gap": slices.Delete(slices.Clone(value), i, i+1)} {
				f := &fixture{tx: intact.tx.clone(), v: intact.v}
				if changed = slices.Clone(changed); name == "flip" {
					changed[i] ^= 1
				}
				if f.tx.rows[row] = changed; len(changed) == 0 {
					_ = f.tx.Delete([]byte(row))
				}
				if r, err := Verify(f.tx, f.v, nil); err == nil && (r.Intact || r.Problem != IndexChanged || r.Bad >= 0) {
					t.Errorf("%s of byte %d of %q: %v", name, i, row, r)
				}
			}
		}
	}
	if rows < 10 {
		t.Errorf("%d rows", rows)
	}
}

func TestADamagedIndexIsBuiltAnewAndStopsNobody(t *testing.T) {
	f := newFixture(t, 0, 1)
	f.aboutKeys(t, 0, 100, 10)
	for key := range f.tx.rows {
		if strings.HasPrefix(key, indexPrefix) {
			f.tx.rows[key] = []byte{0xff}
		}
	}
	f.aboutKeys(t, 100, 150, 10)
	if r, err := Verify(f.tx, f.v, nil); err != nil || r.Problem != IndexChanged {
		t.Fatalf("%v, %v", r, err)
	}
	if done, err := DropIndex(f.tx); err != nil || !done {
		t.Fatal(done, err)
	}
	f.checkSearches(t)
	if left, err := Reindex(f.tx); err != nil || left != 0 {
		t.Fatal(left, err)
	}
	f.checkSearches(t)
	if r, err := Verify(f.tx, f.v, nil); err != nil || !r.Intact {
		t.Errorf("%v, %v", r, err)
	}
}

func TestSelectingStopsWhenItIsTold(t *testing.T) {
	f := newFixture(t, 0, 1)
	f.aboutKeys(t, 0, 300, 100)
	must(t, f.tx.Put([]byte(indexFrom), []byte{0, 0, 0, 0, 0, 0, 0, 150}))
	for name, read := range map[string]func(kv.Reader, Term, int64, func(int64, []byte) error) error{"on": Select, "back": SelectBackwards} {
		for most := 1; most < 200; most += 13 {
			n := 0
			must(t, read(f.tx, AboutKey("key3"), 100, func(int64, []byte) error {
				if n++; n == most {
					return kv.Stop
				}
				return nil
			}))
			if n > most {
				t.Errorf("%s: %d after %d", name, n, most)
			}
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	var raws [][]byte
	size := 0
	for n := range 1000 {
		raw, err := testRecord(n).Encode()
		if err != nil {
			b.Fatal(err)
		}
		raws = append(raws, raw)
		size += len(raw)
	}
	var terms []Term
	for n := 0; b.Loop(); n++ {
		terms = appendTerms(terms[:0], raws[n%len(raws)])
	}
	b.SetBytes(int64(size / len(raws)))
}

// What is read of a record in a hurry is what is read of it with care.
func FuzzPartsOf(f *testing.F) {
	for n := range 20 {
		for _, r := range []Record{testRecord(n), aboutKey(n)} {
			raw, err := r.Encode()
			if err != nil {
				f.Fatal(err)
			}
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		object, source := partsOf(raw)
		r, err := Decode(raw)
		if err != nil {
			return
		}
		for i, want := range r.Object.fields() {
			if string(object[i]) != *want.value {
				t.Errorf("%s: object %d is %q", raw, i, object[i])
			}
		}
		for i, want := range r.Source.fields() {
			if string(source[i]) != *want.value {
				t.Errorf("%s: source %d is %q", raw, i, source[i])
			}
		}
	})
}

func FuzzPostings(f *testing.F) {
	f.Add(int64(5), []byte("\x00\x01\xac\x02"))
	f.Fuzz(func(t *testing.T, from int64, row []byte) {
		list, err := postings(from, row)
		if err != nil {
			return
		}
		var again []byte
		last := from
		for i, seq := range list {
			if i > 0 && seq <= list[i-1] {
				t.Fatalf("%v does not rise", list)
			}
			again, last = appendPosting(again, last, seq), seq
		}
		if back, err := postings(from, again); err != nil || !slices.Equal(back, list) {
			t.Errorf("%v became %v, %v", list, back, err)
		}
	})
}
