package kvtest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// scanChecks are the promises about ranges.
var scanChecks = []check{
	{"keys come in the order of their bytes", byteOrder},
	{"a range has From and lacks To, both ways", ranges},
	{"a prefix range has that prefix and nothing else", prefixes},
	{"Stop ends a scan without an error", stopEnds},
	{"an error of the callback ends the scan and comes back", callbackError},
	{"scans may be nested and read in between", nestedScans},
	{"many keys come complete and in order", manyKeys},
}

func byteOrder(t *testing.T, s kv.Store) {
	sorted := []string{"\x00", "\x00\x00", "\x01", "A", "a", "a\x00", "a\x00b", "aa", "b", "\x7f", "\x80", "é", "\xff", "\xff\x00", "\xff\xff"}
	for _, i := range []int{7, 2, 14, 0, 9, 4, 11, 6, 1, 13, 3, 8, 12, 5, 10} {
		put(t, s, sorted[i], "x")
	}
	wanted := make([]string, len(sorted))
	for i, k := range sorted {
		wanted[i] = k + "=x"
	}
	want(t, "forward", scan(t, s, kv.Range{}), wanted...)
	slices.Reverse(wanted)
	want(t, "backward", scan(t, s, kv.Range{Reverse: true}), wanted...)
}

func ranges(t *testing.T, s kv.Store) {
	put(t, s, "b", "1", "d", "2", "f", "3")
	for _, c := range []struct {
		from, to string // "-" is nil
		wanted   []string
	}{
		{"-", "-", []string{"b=1", "d=2", "f=3"}},
		{"", "-", []string{"b=1", "d=2", "f=3"}},
		{"b", "-", []string{"b=1", "d=2", "f=3"}},
		{"b\x00", "-", []string{"d=2", "f=3"}},
		{"c", "-", []string{"d=2", "f=3"}},
		{"f", "-", []string{"f=3"}},
		{"g", "-", nil},
		{"-", "a", nil},
		{"-", "b", nil},
		{"-", "b\x00", []string{"b=1"}},
		{"-", "d", []string{"b=1"}},
		{"-", "f", []string{"b=1", "d=2"}},
		{"-", "z", []string{"b=1", "d=2", "f=3"}},
		{"b", "f", []string{"b=1", "d=2"}},
		{"c", "e", []string{"d=2"}},
		{"d", "d", nil},
		{"f", "b", nil},
		{"e", "c", nil},
		{"-", "", nil}, // an empty To is a bound, and nothing lies below it
	} {
		rg := kv.Range{From: bound(c.from), To: bound(c.to)}
		want(t, fmt.Sprintf("%q to %q", c.from, c.to), scan(t, s, rg), c.wanted...)
		rg.Reverse = true
		slices.Reverse(c.wanted)
		want(t, fmt.Sprintf("%q to %q in reverse", c.from, c.to), scan(t, s, rg), c.wanted...)
	}
}

func bound(s string) []byte {
	if s == "-" {
		return nil
	}
	return []byte(s)
}

func prefixes(t *testing.T, s kv.Store) {
	put(t, s, "a/", "1", "a/x", "2", "a/\xff", "3", "a0", "4", "a.", "5", "\xff\xff", "6", "\xff\xff\xff", "7", "\xff\xfe", "8")
	want(t, "a/", scan(t, s, kv.Prefix([]byte("a/"))), "a/=1", "a/x=2", "a/\xff=3")
	want(t, "two ff", scan(t, s, kv.Prefix([]byte("\xff\xff"))), "\xff\xff=6", "\xff\xff\xff=7")
	reverse := kv.Prefix([]byte("a/"))
	reverse.Reverse = true
	want(t, "a/ in reverse", scan(t, s, reverse), "a/\xff=3", "a/x=2", "a/=1")
	want(t, "no such prefix", scan(t, s, kv.Prefix([]byte("b"))))
}

func stopEnds(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "b", "2", "c", "3")
	for _, reverse := range []bool{false, true} {
		var got []string
		view(t, s, func(r kv.Reader) error {
			got = nil
			return r.Scan(kv.Range{Reverse: reverse}, func(k, _ []byte) error {
				got = append(got, string(k))
				if string(k) == "b" {
					return kv.Stop
				}
				return nil
			})
		})
		if len(got) != 2 || got[1] != "b" {
			t.Errorf("reverse %v: the scan saw %q, want two keys that end with b", reverse, got)
		}
	}
}

func callbackError(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "b", "2")
	errOwn := errors.New("own error")
	calls := 0
	err := s.View(t.Context(), func(r kv.Reader) error {
		calls = 0
		return r.Scan(kv.Range{}, func(_, _ []byte) error {
			calls++
			return errOwn
		})
	})
	if err != errOwn || calls != 1 {
		t.Errorf("got %v after %d calls, want the callback's own error after one", err, calls)
	}
}

func nestedScans(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "b", "2")
	var got []string
	view(t, s, func(r kv.Reader) error {
		got = nil
		return r.Scan(kv.Range{}, func(outer, _ []byte) error {
			return r.Scan(kv.Range{Reverse: true}, func(inner, _ []byte) error {
				v, err := r.Get(inner)
				got = append(got, string(outer)+string(inner)+"="+string(v))
				return err
			})
		})
	})
	want(t, "pairs of keys", got, "ab=2", "aa=1", "bb=2", "ba=1")
}

func manyKeys(t *testing.T, s kv.Store) {
	const n = 5000
	// 1237 and n have no common factor, so that every key is put once, in no
	// particular order.
	update(t, s, func(w kv.Writer) error {
		for i := range n {
			k := i * 1237 % n
			if err := w.Put(fmt.Appendf(nil, "%06d", k), fmt.Appendf(nil, "value %d", k)); err != nil {
				return err
			}
		}
		return nil
	})
	var odd []string
	update(t, s, func(w kv.Writer) error {
		odd = nil
		for i := range n {
			if i%2 == 1 {
				odd = append(odd, fmt.Sprintf("%06d=value %d", i, i))
				continue
			}
			if err := w.Delete(fmt.Appendf(nil, "%06d", i)); err != nil {
				return err
			}
		}
		return nil
	})
	if !slices.Equal(scan(t, s, kv.Range{}), odd) {
		t.Error("the odd keys are not what a forward scan returns")
	}
	slices.Reverse(odd)
	if !slices.Equal(scan(t, s, kv.Range{Reverse: true}), odd) {
		t.Error("the odd keys are not what a reverse scan returns")
	}
}
