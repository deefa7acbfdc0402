package journal

import (
	"bytes"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// lines is the journal as an export.
func (f *fixture) lines(n int) []byte {
	var out []byte
	for seq := range int64(n) {
		out = append(append(out, f.raw(seq)...), '\n')
	}
	return out
}

func verifyLines(t *testing.T, text []byte, kept ...Checkpoint) Report {
	t.Helper()
	rep, err := VerifyLines(bytes.NewReader(text), kept)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func TestAnExportIsCheckedAwayFromTheStore(t *testing.T) {
	f := newFixture(t, 600, 50)
	text, last := f.lines(600), f.side[len(f.side)-1]
	rep := verifyLines(t, text, f.side...)
	if !rep.Intact || rep.Size != 600 || rep.Root != last.Root || rep.Checked != 12 {
		t.Errorf("%+v", rep)
	}
	if rep := verifyLines(t, bytes.TrimSuffix(text, []byte("\n")), last); !rep.Intact {
		t.Errorf("without the last line end: %+v", rep)
	}
	for name, c := range map[string]struct {
		text []byte
		bad  int64
		want string
	}{
		"a record changed":  {bytes.Replace(text, f.raw(300), bytes.Replace(f.raw(300), []byte("ada"), []byte("eve"), 1), 1), 300, "record 300 was changed"},
		"a record left out": {bytes.Replace(text, append(f.raw(300), '\n'), nil, 1), 300, "record 300 was changed"},
		"the end cut off":   {f.lines(590), 590, "records 590 to 599 are missing"},
		"records added":     {append(bytes.Clone(text), append(f.raw(3), '\n')...), 600, "record 600 was changed"},
		"a long line":       {append(bytes.Clone(text), strings.Repeat("x", MaxRecord*2)...), 600, "record 600 was changed"},
		"nothing":           {nil, 0, "records 0 to 599 are missing"},
	} {
		rep := verifyLines(t, c.text, f.side...)
		if rep.Intact || rep.Bad != c.bad || !strings.Contains(rep.Problem, c.want) {
			t.Errorf("%s: %+v, want %q", name, rep, c.want)
		}
	}
	if _, err := VerifyLines(bytes.NewReader(text), nil); err == nil {
		t.Error("an export was checked against nothing")
	}
}

func TestARollbackOfAnExportIsSeenByAnOlderCheckpoint(t *testing.T) {
	f := newFixture(t, 20, 1)
	rep := verifyLines(t, f.lines(15), f.side[19], f.side[14])
	if !rep.RolledBack || !strings.HasPrefix(rep.Problem, "rolled back: an older checkpoint covers 20 records, the journal has 15") {
		t.Errorf("%+v", rep)
	}
}

// Every single bit of an export of 1,000 records counts. Most flips leave the
// lines as many as they were: then the path from the changed line to the signed
// root must break. By default every bit of some lines and some bits of all are
// tried; PAKDECK_CAMPAIGN=1 tries all of them.
func TestNoBitOfAnExportCanBeFlipped(t *testing.T) {
	const n = 1000
	f := newFixture(t, n, n)
	c := f.side[0]
	rng := rand.New(rand.NewPCG(1, 2))
	tried, all := 0, os.Getenv("PAKDECK_CAMPAIGN") != ""
	for seq := int64(0); seq < n; seq += amount[int64](1, 5) {
		path, err := ProveRecord(f.tx, n, seq)
		if err != nil {
			t.Fatal(err)
		}
		line := bytes.Clone(f.raw(seq))
		if tlog.CheckRecord(path, n, tlog.Hash(c.Root), seq, tlog.RecordHash(line)) != nil {
			t.Fatalf("record %d is not proved", seq)
		}
		for i := range 8 * len(line) {
			if !all && seq%500 != 0 && rng.IntN(200) != 0 {
				continue
			}
			line[i/8] ^= 1 << (i % 8)
			if tlog.CheckRecord(path, n, tlog.Hash(c.Root), seq, tlog.RecordHash(line)) == nil {
				t.Fatalf("bit %d of record %d may be flipped", i, seq)
			}
			line[i/8] ^= 1 << (i % 8)
			tried++
		}
	}
	t.Logf("%d flips within lines, each detected", tried)
}

// The same through the check itself, for the line ends and some other bits.
func TestNoLineEndOfAnExportCanBeFlipped(t *testing.T) {
	const n = 200
	f := newFixture(t, n, n)
	text := f.lines(n)
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range text[:len(text)-1] {
		if text[i] != '\n' && rng.IntN(amount(200, 2000)) != 0 {
			continue
		}
		bit := rng.IntN(8)
		text[i] ^= 1 << bit
		if rep := verifyLines(t, text, f.side...); rep.Intact {
			t.Fatalf("bit %d of byte %d may be flipped", bit, i)
		}
		text[i] ^= 1 << bit
	}
}
