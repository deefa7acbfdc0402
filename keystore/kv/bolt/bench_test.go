//go:build unix

package bolt

import (
	"fmt"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// filled has n keys of 8 bytes with values of 200.
func filled(b *testing.B, n int) *Store {
	s := newTestStore(b, Options{})
	val := make([]byte, 200)
	for i := range val {
		val[i] = byte(i + 1)
	}
	err := s.Update(b.Context(), func(w kv.Writer) error {
		for i := range n {
			if err := w.Put(fmt.Appendf(nil, "%08d", i), val); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func BenchmarkView(b *testing.B) {
	s := filled(b, 1000)
	for b.Loop() {
		err := s.View(b.Context(), func(r kv.Reader) error {
			_, err := r.Get([]byte("00000500"))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkViewParallel(b *testing.B) {
	s := filled(b, 1000)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			err := s.View(b.Context(), func(r kv.Reader) error {
				_, err := r.Get([]byte("00000500"))
				return err
			})
			if err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkGet(b *testing.B) {
	s := filled(b, 100_000)
	err := s.View(b.Context(), func(r kv.Reader) error {
		key := []byte("00050000")
		for b.Loop() {
			if _, err := r.Get(key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func BenchmarkScan100k(b *testing.B) {
	s := filled(b, 100_000)
	for b.Loop() {
		n := 0
		err := s.View(b.Context(), func(r kv.Reader) error {
			n = 0
			return r.Scan(kv.Range{}, func(_, _ []byte) error { n++; return nil })
		})
		if err != nil || n != 100_000 {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkUpdate(b *testing.B) {
	for _, size := range []int{100, 100_000} {
		b.Run(fmt.Sprintf("%d_keys", size), func(b *testing.B) {
			s := filled(b, size)
			for b.Loop() {
				err := s.Update(b.Context(), func(w kv.Writer) error {
					return w.Put([]byte("00000050"), []byte("v"))
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkUpdateThatWritesNothing(b *testing.B) {
	s := filled(b, 1000)
	for b.Loop() {
		err := s.Update(b.Context(), func(w kv.Writer) error {
			_, err := w.Get([]byte("00000500"))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
