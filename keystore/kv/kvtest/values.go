package kvtest

import (
	"bytes"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// valueChecks are the promises about single keys.
var valueChecks = []check{
	{"an absent key reads as nil", absentIsNil},
	{"what was put is read back byte for byte", roundTrip},
	{"put replaces the value", putReplaces},
	{"delete removes the key and only that", deleteRemoves},
	{"deleting an absent key is no error", deleteAbsent},
	{"the caller may reuse its buffers after put", putCopies},
}

func absentIsNil(t *testing.T, s kv.Store) {
	put(t, s, "ab", "1", "ad", "2")
	for _, key := range []string{"a", "ac", "ab\x00", "zz", "\x00"} {
		view(t, s, func(r kv.Reader) error {
			if v, err := r.Get([]byte(key)); v != nil || err != nil {
				t.Errorf("Get(%q) = %q, %v; want nil, nil", key, v, err)
			}
			return nil
		})
	}
}

func roundTrip(t *testing.T, s kv.Store) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	update(t, s, func(w kv.Writer) error { return w.Put(all, all) })
	if got := value(t, s, string(all)); got != string(all) {
		t.Errorf("got %x, want all bytes from 00 to ff", got)
	}
}

func putReplaces(t *testing.T, s kv.Store) {
	put(t, s, "k", "a long first value", "other", "1")
	put(t, s, "k", "2")
	put(t, s, "k", "3", "k", "4")
	want(t, "after three puts", scan(t, s, kv.Range{}), "k=4", "other=1")
}

func deleteRemoves(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "b", "2", "c", "3")
	update(t, s, func(w kv.Writer) error { return w.Delete([]byte("b")) })
	want(t, "after the delete", scan(t, s, kv.Range{}), "a=1", "c=3")
	put(t, s, "b", "again")
	want(t, "after putting it again", scan(t, s, kv.Range{}), "a=1", "b=again", "c=3")
}

func deleteAbsent(t *testing.T, s kv.Store) {
	put(t, s, "b", "1")
	update(t, s, func(w kv.Writer) error {
		for _, key := range []string{"a", "bb", "c"} {
			if err := w.Delete([]byte(key)); err != nil {
				t.Errorf("Delete(%q): %v", key, err)
			}
		}
		return nil
	})
	want(t, "after the deletes", scan(t, s, kv.Range{}), "b=1")
}

func putCopies(t *testing.T, s kv.Store) {
	update(t, s, func(w kv.Writer) error {
		key, val := []byte("k1"), []byte("v1")
		if err := w.Put(key, val); err != nil {
			return err
		}
		copy(key, "k2")
		copy(val, "v2")
		if err := w.Put(key, val); err != nil {
			return err
		}
		copy(val, bytes.Repeat([]byte("x"), len(val)))
		return nil
	})
	want(t, "two puts from the same buffers", scan(t, s, kv.Range{}), "k1=v1", "k2=v2")
}
