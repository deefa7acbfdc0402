package usage

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
)

func TestEveryOutcomeIsStored(t *testing.T) {
	for i, o := range keystore.Outcomes {
		want := cell{3, byte(i), 7}
		got, err := decodeCells(cells{want}.append(nil))
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v, %v", o, got, err)
		}
	}
}

// Stores that are there must be read as they were written.
func TestWhatIsStoredStaysTheSame(t *testing.T) {
	for text, want := range map[string]cells{
		"\x02\x03\x0a\xac\x02\x18\x00\x07": {{3, index(keystore.ScopeDenied), 300}, {wholeDay, index(keystore.OK), 7}},
		"\x01\x00\x03\x01":                 {{0, index(keystore.WrongSecret), 1}},
	} {
		if got, err := decodeCells([]byte(text)); err != nil || !slices.Equal(got, want) || string(want.append(nil)) != text {
			t.Errorf("%q: %v, %v; written as %q", text, got, err, want.append(nil))
		}
	}
}

func index(o keystore.Outcome) byte { return byte(o.Index()) }

func TestDamagedRowsAreErrors(t *testing.T) {
	good := lines{{class: refused, caller: caller("192.0.2.1"), first: 5, last: 9, cells: cells{{3, index(keystore.IPDenied), 300}}}}.append(nil)
	if ls, err := decodeLines(good); err != nil || len(ls) != 1 || ls[0].caller != caller("192.0.2.1") || ls[0].last != 9 {
		t.Fatalf("%v, %v", ls, err)
	}
	for n := range good {
		if _, err := decodeLines(good[:n]); err == nil {
			t.Errorf("%d of %d bytes were taken for a row", n, len(good))
		}
	}
	for _, b := range []string{string(good) + "x", "\x01\x07", "\x01\x00\x02ab\x00\x00\x00\x00\x00", "\xff\xff\xff\x7f"} {
		if _, err := decodeLines([]byte(b)); err == nil || !strings.Contains(err.Error(), "damaged usage row") {
			t.Errorf("%q: %v", b, err)
		}
	}
	for _, b := range []string{"\x01\x19\x00\x01", "\x01\x00\x7f\x01", "\x01", "\x00\x00"} {
		if _, err := decodeCells([]byte(b)); err == nil {
			t.Errorf("%q was taken for counts", b)
		}
	}
}

func FuzzDecodeLines(f *testing.F) {
	f.Add(lines{{caller: caller("192.0.2.1"), first: 5, last: 9, cells: cells{{3, index(keystore.OK), 300}}}}.append(nil))
	f.Add([]byte("\x02"))
	f.Fuzz(func(t *testing.T, b []byte) {
		ls, err := decodeLines(b)
		if err != nil {
			return
		}
		again, err := decodeLines(ls.append(nil))
		if err != nil || !bytes.Equal(again.append(nil), ls.append(nil)) {
			t.Errorf("%q reads as %v and then as %v, %v", b, ls, again, err)
		}
	})
}
