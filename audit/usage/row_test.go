package usage

import (
	"bytes"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
)

func TestEveryOutcomeIsStored(t *testing.T) {
	if len(codes) != len(keystore.Outcomes) {
		t.Errorf("%d codes for %d outcomes", len(codes), len(keystore.Outcomes))
	}
	for _, o := range keystore.Outcomes {
		got, err := decodeCells(cells{{3, o, 7}}.append(nil))
		if err != nil || len(got) != 1 || got[0] != (cell{3, o, 7}) {
			t.Errorf("%s: %v, %v", o, got, err)
		}
	}
}

func TestDamagedRowsAreErrors(t *testing.T) {
	good := lines{{class: refused, caller: caller("192.0.2.1"), first: 5, last: 9, cells: cells{{3, keystore.IPDenied, 300}}}}.append(nil)
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
	f.Add(lines{{caller: caller("192.0.2.1"), first: 5, last: 9, cells: cells{{3, keystore.OK, 300}}}}.append(nil))
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
