package kvtest

import (
	"bytes"
	"errors"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// limitChecks are the promises about sizes.
var limitChecks = []check{
	{"the largest key and value fit", largestFit},
	{"keys and values outside the limits are refused", limits},
	{"a refused put leaves the transaction usable", refusedPut},
}

func largestFit(t *testing.T, s kv.Store) {
	key := bytes.Repeat([]byte("k"), kv.MaxKey)
	val := bytes.Repeat([]byte("0123456789abcdef"), kv.MaxValue/16)
	update(t, s, func(w kv.Writer) error {
		if err := w.Put(key, val); err != nil {
			return err
		}
		return w.Put([]byte("k"), []byte("v"))
	})
	if got := value(t, s, string(key)); got != string(val) {
		t.Errorf("read %d bytes back, want the %d that were put", len(got), len(val))
	}
}

func limits(t *testing.T, s kv.Store) {
	big := make([]byte, kv.MaxValue+1)
	for _, c := range []struct {
		what     string
		key, val []byte
		want     error
	}{
		{"no key", nil, big[:1], kv.ErrKey},
		{"an empty key", []byte{}, big[:1], kv.ErrKey},
		{"a key of MaxKey+1 bytes", big[:kv.MaxKey+1], big[:1], kv.ErrKey},
		{"no value", []byte("k"), nil, kv.ErrValue},
		{"an empty value", []byte("k"), []byte{}, kv.ErrValue},
		{"a value of MaxValue+1 bytes", []byte("k"), big, kv.ErrValue},
	} {
		err := s.Update(t.Context(), func(w kv.Writer) error { return w.Put(c.key, c.val) })
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.what, err, c.want)
		}
	}
	want(t, "after refused puts", scan(t, s, kv.Range{}))
}

func refusedPut(t *testing.T, s kv.Store) {
	update(t, s, func(w kv.Writer) error {
		if err := w.Put(nil, []byte("v")); err == nil {
			t.Error("an empty key was taken")
		}
		return w.Put([]byte("k"), []byte("v"))
	})
	want(t, "after a refused put and a good one", scan(t, s, kv.Range{}), "k=v")
}
