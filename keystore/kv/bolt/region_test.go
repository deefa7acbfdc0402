//go:build unix

package bolt

import (
	"bytes"
	"encoding/binary"
	"os"
	"slices"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Every range over keys in and between regions, in both directions, is what it is
// in one bucket.
func TestRangesAcrossRegions(t *testing.T) {
	keys := []string{"a", "b", "ba", "b\xff", "c", "d", "dd", "e", "\xfe", "\xff", "\xff\xff"}
	bounds := append([]string{"", "bb", "cc", "d\x00"}, keys...)
	for _, rising := range [][]string{nil, {"b"}, {"b", "d"}, {"b", "\xff"}, {"a", "c", "e"}} {
		s := newTestStore(t, patient, rising...)
		put := func(w kv.Writer) error {
			for _, k := range keys {
				if err := w.Put([]byte(k), []byte(k)); err != nil {
					return err
				}
			}
			return nil
		}
		if err := s.Update(t.Context(), put); err != nil {
			t.Fatal(err)
		}
		err := s.View(t.Context(), func(r kv.Reader) error {
			for _, from := range bounds {
				for i := -1; i < len(bounds); i++ {
					for _, reverse := range []bool{false, true} {
						rg := kv.Range{From: []byte(from), Reverse: reverse}
						if i >= 0 {
							rg.To = []byte(bounds[i])
						}
						checkRange(t, r, rg, keys)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func checkRange(t *testing.T, r kv.Reader, rg kv.Range, keys []string) {
	t.Helper()
	var want, got []string
	for _, k := range keys {
		if rg.Contains([]byte(k)) {
			want = append(want, k)
		}
	}
	if rg.Reverse {
		slices.Reverse(want)
	}
	err := r.Scan(rg, func(key, value []byte) error {
		got = append(got, string(key))
		if !bytes.Equal(key, value) {
			t.Errorf("%q is %q", key, value)
		}
		return nil
	})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q to %q, reverse %v: %q, want %q, %v", rg.From, rg.To, rg.Reverse, got, want, err)
	}
}

// Rising keys fill their pages, although others come behind them.
func TestRisingKeysTakeHalfTheRoom(t *testing.T) {
	size := func(rising ...string) int64 {
		s := newTestStore(t, patient, rising...)
		for n := range 60 {
			err := s.Update(t.Context(), func(w kv.Writer) error {
				for i := range 100 {
					key := binary.BigEndian.AppendUint64([]byte("j"), uint64(100*n+i))
					if err := w.Put(key, bytes.Repeat([]byte("x"), 350)); err != nil {
						return err
					}
				}
				return w.Put([]byte{'z', byte(n)}, []byte("z"))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		return used(t, s)
	}
	plain, regions := size(), size("j")
	t.Logf("%d KiB, with a region %d KiB", plain>>10, regions>>10)
	if regions*10 > plain*7 {
		t.Errorf("%d bytes, with a region %d", plain, regions)
	}
}

// used returns how much of a store's file is not free.
func used(t *testing.T, s *Store) (size int64) {
	t.Helper()
	h, err := s.acquire(t.Context(), exclusive)
	if err != nil {
		t.Fatal(err)
	}
	defer s.leave(h)
	info, err := os.Stat(s.path)
	if err != nil {
		t.Fatal(err)
	}
	free := h.db.Stats().FreePageN + h.db.Stats().PendingPageN
	return min(info.Size(), h.tx.Size()) - int64(free*h.db.Info().PageSize)
}
