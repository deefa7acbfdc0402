//go:build unix

package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

const pageSize = 4096

// damage changes the bytes of a store file that has a tree of some pages.
func damage(t *testing.T, change func(b []byte) []byte) *Store {
	t.Helper()
	s := newTestStore(t, Options{Timeout: 50 * time.Millisecond})
	err := s.Update(t.Context(), func(w kv.Writer) error {
		for i := range 500 {
			if err := w.Put(fmt.Appendf(nil, "%06d", i), bytes.Repeat([]byte("v"), 100)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.Path(), change(b), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// meta finds the meta page that counts, the one with the higher transaction.
func meta(b []byte) []byte {
	const txid = 16 + 48
	if binary.NativeEndian.Uint64(b[txid:]) > binary.NativeEndian.Uint64(b[pageSize+txid:]) {
		return b[:pageSize]
	}
	return b[pageSize : 2*pageSize]
}

// freelist finds the page with the list of free pages.
func freelist(b []byte) []byte {
	return b[pageSize*binary.NativeEndian.Uint64(meta(b)[16+32:]):]
}

// treePages overwrites every page that is neither meta page nor free list.
func treePages(fill func(page []byte)) func(b []byte) []byte {
	return func(b []byte) []byte {
		list := &freelist(b)[0]
		for page := 2 * pageSize; page < len(b); page += pageSize {
			if &b[page] != list {
				fill(b[page : page+pageSize])
			}
		}
		return b
	}
}

func scanAll(r kv.Reader) error {
	return r.Scan(kv.Range{}, func(_, _ []byte) error { return nil })
}

func rewrite(w kv.Writer) error {
	if _, err := w.Get([]byte("000250")); err != nil {
		return err
	}
	return w.Put([]byte("000250"), []byte("new"))
}

func isCorrupt(err error, s *Store) bool {
	var c *CorruptError
	return errors.As(err, &c) && c.Path == s.Path() && c.Detail != "" && !strings.Contains(c.Detail, "\n")
}

func TestDamageIsAnErrorAndNoCrash(t *testing.T) {
	for name, change := range map[string]func([]byte) []byte{
		"pages of zeros": treePages(func(p []byte) {
			for i := range p {
				p[i] = 0
			}
		}),
		"pages of ones": treePages(func(p []byte) {
			for i := range p {
				p[i] = 0xff
			}
		}),
		"pages of another kind":  treePages(func(p []byte) { p[8], p[9] = 0x04, 0 }),
		"pages at another place": treePages(func(p []byte) { p[0]++ }),
		"branches that lead out of the file": treePages(func(p []byte) {
			if isBranch, keys := p[8] == 0x01, int(binary.NativeEndian.Uint16(p[10:])); isBranch {
				for i := range keys {
					binary.NativeEndian.PutUint64(p[16+16*i+8:], 1<<30)
				}
			}
		}),
		"cut off behind the meta": func(b []byte) []byte { return b[:4*pageSize] },
		"cut off in the meta":     func(b []byte) []byte { return b[:100] },
		"empty":                   func(b []byte) []byte { return nil },
		"no meta page":            func(b []byte) []byte { return append(make([]byte, 2*pageSize), b[2*pageSize:]...) },
		"metas that do not add up": func(b []byte) []byte {
			b[16+40]++
			b[pageSize+16+40]++
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := damage(t, change)
			if err := s.View(t.Context(), scanAll); !isCorrupt(err, s) {
				t.Errorf("View: got %v, want a CorruptError", err)
			}
			if err := s.Update(t.Context(), rewrite); !isCorrupt(err, s) {
				t.Errorf("Update: got %v, want a CorruptError", err)
			}
			// Nothing is left locked.
			db, err := bbolt.Open(s.Path(), 0o600, &bbolt.Options{Timeout: time.Millisecond, ReadOnly: true})
			if err == nil {
				_ = db.Close()
			} else if strings.Contains(err.Error(), "timeout") {
				t.Errorf("the file is still locked")
			}
		})
	}
}

// A free list that has a page of the tree breaks only the writing: bbolt
// panics in the middle of the commit.
func TestADamagedFreeListEndsWritingButNotReading(t *testing.T) {
	for name, change := range map[string]func([]byte) []byte{
		"it has pages of the tree": func(b []byte) []byte {
			list := freelist(b)
			own := binary.NativeEndian.Uint64(list)
			var ids []uint64
			for id := uint64(2); id < 20; id++ {
				if id != own {
					ids = append(ids, id)
				}
			}
			binary.NativeEndian.PutUint16(list[10:], uint16(len(ids)))
			for i, id := range ids {
				binary.NativeEndian.PutUint64(list[16+8*i:], id)
			}
			return b
		},
		"it is no free list": func(b []byte) []byte {
			freelist(b)[8] = 0x02
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := damage(t, change)
			for range 5 {
				if err := s.Update(t.Context(), rewrite); !isCorrupt(err, s) {
					t.Errorf("Update: got %v, want a CorruptError", err)
				}
				if err := s.View(t.Context(), scanAll); err != nil {
					t.Errorf("View: %v", err)
				}
			}
			if got := read(t, s, "000250"); got == "new" {
				t.Error("the failed Update wrote")
			}
			// What bbolt leaves behind when it gives up, it leaves once.
			if maps, err := os.ReadFile("/proc/self/maps"); err == nil && bytes.Count(maps, []byte(s.Path())) > 1 {
				t.Errorf("the file is mapped %d times", bytes.Count(maps, []byte(s.Path())))
			}
		})
	}
}

func TestOneTornMetaPageIsRecovered(t *testing.T) {
	s := newTestStore(t, Options{})
	write(t, s, "k", "1")
	write(t, s, "k", "2")
	b, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	meta(b)[16+40]++ // as if the power had failed while it was written
	if err := os.WriteFile(s.Path(), b, 0o600); err != nil {
		t.Fatal(err)
	}
	s = openTestStore(t, s.Path(), Options{})
	if got := read(t, s, "k"); got != "1" {
		t.Errorf("k = %q, want the state before, 1", got)
	}
	write(t, s, "k", "3")
	checkFile(t, s.Path())
}

// A closure that takes no notice of an error must not commit on top of it.
func TestIgnoredDamageIsNotCommitted(t *testing.T) {
	s := damage(t, treePages(func(p []byte) {
		if isLeaf, keys := p[8] == 0x02, binary.NativeEndian.Uint16(p[10:]); isLeaf && keys > 1 {
			p[8] = 0x04 // but not the root, whose one key is the bucket
		}
	}))
	before := stampOf(s.Path())
	err := s.Update(t.Context(), func(w kv.Writer) error {
		_ = w.Put([]byte("000250"), []byte("new"))
		if err := w.Put([]byte("undamaged"), []byte("new")); !isCorrupt(err, s) {
			t.Errorf("Put after the damage was met: got %v, want a CorruptError", err)
		}
		return nil
	})
	if !isCorrupt(err, s) {
		t.Errorf("Update: got %v, want a CorruptError", err)
	}
	if stampOf(s.Path()) != before {
		t.Error("the file was written to")
	}
	err = s.View(t.Context(), func(r kv.Reader) error {
		_, _ = r.Get([]byte("000250"))
		return nil
	})
	if !isCorrupt(err, s) {
		t.Errorf("View: got %v, want a CorruptError", err)
	}
}

func TestAFaultInAClosureIsItsOwnPanic(t *testing.T) {
	s := newTestStore(t, Options{Timeout: 20 * time.Millisecond})
	func() {
		defer func() {
			if p := recover(); p == nil {
				t.Error("no panic came up")
			}
		}()
		var nowhere []byte
		_ = s.Update(t.Context(), func(w kv.Writer) error { return w.Put([]byte("k"), nowhere[1:2]) })
	}()
	write(t, s, "k", "v")
}
