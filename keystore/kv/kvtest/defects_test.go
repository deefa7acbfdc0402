package kvtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// defect is a store that breaks one promise, and the check that must say so.
type defect struct {
	name  string
	fails string
	wrap  func(kv.Store) kv.Store
}

var defects = []defect{
	{"empty instead of nil", "an absent key reads as nil", inside(func(w kv.Writer) handles {
		return handles{Writer: w, get: func(key []byte) ([]byte, error) {
			v, err := w.Get(key)
			return append([]byte{}, v...), err
		}}
	})},
	{"get finds the next key", "an absent key reads as nil", inside(func(w kv.Writer) handles {
		return handles{Writer: w, get: func(key []byte) (v []byte, err error) {
			err = w.Scan(kv.Range{From: key}, func(_, val []byte) error { v = val; return kv.Stop })
			return v, err
		}}
	})},
	{"values end at a zero byte", "what was put is read back byte for byte", inside(func(w kv.Writer) handles {
		return handles{Writer: w, put: func(k, v []byte) error {
			head, _, _ := bytes.Cut(v, []byte{0})
			return w.Put(k, append(head, '!'))
		}}
	})},
	{"the first value stays", "put replaces the value", inside(func(w kv.Writer) handles {
		return handles{Writer: w, put: func(k, v []byte) error {
			if old, err := w.Get(k); old != nil || err != nil {
				return err
			}
			return w.Put(k, v)
		}}
	})},
	{"delete does nothing", "delete removes the key and only that", inside(func(w kv.Writer) handles {
		return handles{Writer: w, delete: func([]byte) error { return nil }}
	})},
	{"delete wants the key", "deleting an absent key is no error", inside(func(w kv.Writer) handles {
		return handles{Writer: w, delete: func(k []byte) error {
			if v, _ := w.Get(k); v == nil {
				return errors.New("no such key")
			}
			return w.Delete(k)
		}}
	})},
	{"put keeps the buffers", "the caller may reuse its buffers after put", updating(keepBuffers)},
	{"unordered", "keys come in the order of their bytes", scanning(func(r kv.Reader, rg kv.Range, fn func(k, v []byte) error) error {
		rg.Reverse = !rg.Reverse
		return r.Scan(rg, fn)
	})},
	{"signed bytes", "keys come in the order of their bytes", scanning(func(r kv.Reader, rg kv.Range, fn func(k, v []byte) error) error {
		high, low := kv.Range{From: []byte{0x80}, Reverse: rg.Reverse}, kv.Range{To: []byte{0x80}, Reverse: rg.Reverse}
		if rg.Reverse {
			high, low = low, high
		}
		return errors.Join(r.Scan(high, fn), r.Scan(low, fn))
	})},
	{"To is in the range", "a range has From and lacks To, both ways", scanning(func(r kv.Reader, rg kv.Range, fn func(k, v []byte) error) error {
		if rg.To != nil {
			rg.To = append(slices.Clone(rg.To), 0)
		}
		return r.Scan(rg, fn)
	})},
	{"From is not in the range", "a range has From and lacks To, both ways", scanning(func(r kv.Reader, rg kv.Range, fn func(k, v []byte) error) error {
		if rg.From != nil {
			rg.From = append(slices.Clone(rg.From), 0)
		}
		return r.Scan(rg, fn)
	})},
	{"an empty To is no bound", "a range has From and lacks To, both ways", scanning(func(r kv.Reader, rg kv.Range, fn func(k, v []byte) error) error {
		if len(rg.To) == 0 {
			rg.To = nil
		}
		return r.Scan(rg, fn)
	})},
	{"a prefix of ff ends early", "a prefix range has that prefix and nothing else", scanning(func(r kv.Reader, rg kv.Range, fn func(k, v []byte) error) error {
		if rg.To == nil && rg.From != nil {
			rg.To = append(slices.Clone(rg.From), 0)
		}
		return r.Scan(rg, fn)
	})},
	{"Stop is an error", "Stop ends a scan without an error", scanning(func(r kv.Reader, rg kv.Range, fn func(k, v []byte) error) error {
		var stopped error
		err := r.Scan(rg, func(k, v []byte) error { stopped = fn(k, v); return stopped })
		return errors.Join(err, stopped)
	})},
	{"Stop does not stop", "Stop ends a scan without an error", scanning(func(r kv.Reader, rg kv.Range, fn func(k, v []byte) error) error {
		return r.Scan(rg, func(k, v []byte) error {
			if err := fn(k, v); err != kv.Stop {
				return err
			}
			return nil
		})
	})},
	{"callback errors are swallowed", "an error of the callback ends the scan and comes back", scanning(func(r kv.Reader, rg kv.Range, fn func(k, v []byte) error) error {
		_ = r.Scan(rg, fn)
		return nil
	})},
	{"callback errors are wrapped", "an error of the callback ends the scan and comes back", scanning(func(r kv.Reader, rg kv.Range, fn func(k, v []byte) error) error {
		if err := r.Scan(rg, fn); err != nil {
			return fmt.Errorf("scanning: %w", err)
		}
		return nil
	})},
	{"one cursor", "scans may be nested and read in between", inside(oneCursor)},
	{"pages of a thousand", "many keys come complete and in order", scanning(func(r kv.Reader, rg kv.Range, fn func(k, v []byte) error) error {
		n := 0
		return r.Scan(rg, func(k, v []byte) error {
			if n++; n > 1000 {
				return kv.Stop
			}
			return fn(k, v)
		})
	})},
	{"values of 64 KiB at most", "the largest key and value fit", inside(func(w kv.Writer) handles {
		return handles{Writer: w, put: func(k, v []byte) error { return w.Put(k, v[:min(len(v), 64<<10)]) }}
	})},
	{"no limits", "keys and values outside the limits are refused", inside(func(w kv.Writer) handles {
		return handles{Writer: w, put: func(k, v []byte) error {
			if err := w.Put(k, v); !errors.Is(err, kv.ErrKey) && !errors.Is(err, kv.ErrValue) {
				return err
			}
			return nil
		}}
	})},
	{"a refused put ends all", "a refused put leaves the transaction usable", inside(func(w kv.Writer) handles {
		var refused error
		return handles{Writer: w, put: func(k, v []byte) error {
			if refused == nil {
				refused = w.Put(k, v)
			}
			return refused
		}}
	})},
	{"writes are not read back", "a transaction reads its own writes", updating(snapshotReads)},
	{"errors commit", "an error of the closure writes nothing and comes back", updating(func(s kv.Store, ctx context.Context, fn func(kv.Writer) error) error {
		var own error
		err := s.Update(ctx, func(w kv.Writer) error { own = fn(w); return nil })
		return errors.Join(own, err)
	})},
	{"errors are wrapped", "an error of the closure writes nothing and comes back", updating(func(s kv.Store, ctx context.Context, fn func(kv.Writer) error) error {
		if err := s.Update(ctx, fn); err != nil {
			return fmt.Errorf("update: %w", err)
		}
		return nil
	})},
	{"panics commit", "a panic in the closure writes nothing and goes on up", updating(func(s kv.Store, ctx context.Context, fn func(kv.Writer) error) error {
		var p any
		err := s.Update(ctx, func(w kv.Writer) error {
			defer func() { p = recover() }()
			return fn(w)
		})
		if p != nil {
			panic(p)
		}
		return err
	})},
	{"panics are swallowed", "a panic in the closure writes nothing and goes on up", updating(func(s kv.Store, ctx context.Context, fn func(kv.Writer) error) (err error) {
		defer func() { _ = recover() }()
		return s.Update(ctx, fn)
	})},
	{"View drops errors", "an error of a View closure comes back", func(s kv.Store) kv.Store {
		return hooks{Store: s, view: func(ctx context.Context, fn func(kv.Reader) error) error {
			return s.View(ctx, func(r kv.Reader) error { _ = fn(r); return nil })
		}}
	}},
	{"View writes", "a Reader of a View cannot write", func(s kv.Store) kv.Store {
		return hooks{Store: s, view: func(ctx context.Context, fn func(kv.Reader) error) error {
			return s.Update(ctx, func(w kv.Writer) error { return fn(w) })
		}}
	}},
	{"transactions never end", "a Reader or Writer is useless after its transaction", func(s kv.Store) kv.Store {
		return hooks{Store: s, view: func(ctx context.Context, fn func(kv.Reader) error) error {
			return fn(everlasting{s})
		}}
	}},
	{"updates are lost", "no update is lost", updating(snapshotReads)},
	{"write skew", "updates that read what others write are serialised", updating(snapshotReads)},
	{"read committed", "a View sees one state while others write", func(s kv.Store) kv.Store {
		return hooks{Store: s, view: func(_ context.Context, fn func(kv.Reader) error) error { return fn(everlasting{s}) }}
	}},
	{"half updates", "a View never sees half an Update", updating(func(s kv.Store, ctx context.Context, fn func(kv.Writer) error) error {
		return fn(everlasting{s})
	})},
	{"silent watch", "a watcher hears of a change after it is visible", watching(func(_ kv.Store, ctx context.Context) (<-chan struct{}, error) {
		c := make(chan struct{})
		context.AfterFunc(ctx, func() { close(c) })
		return c, nil
	})},
	{"one watcher", "every watcher hears", oneWatcher},
	{"notices are lost while nobody receives", "notices are merged while nobody receives", loseNotices},
	{"endless watch", "a watch ends with its context", watching(func(s kv.Store, ctx context.Context) (<-chan struct{}, error) {
		return s.Watch(context.WithoutCancel(ctx))
	})},
	{"deaf to contexts", "an ended context runs nothing", ignoreContext},
	{"deaf to contexts in a scan", "a context that ends stops a scan", ignoreContext},
	{"half a commit", "a context that ends before the commit writes all or nothing", updating(func(s kv.Store, ctx context.Context, fn func(kv.Writer) error) error {
		if err := fn(everlasting{s}); err != nil {
			return err
		}
		return ctx.Err()
	})},
	{"close does nothing", "a closed store refuses everything", func(s kv.Store) kv.Store {
		return hooks{Store: s, close: func() error { return nil }}
	}},
	{"close leaves the watches", "close ends the watches", func(s kv.Store) kv.Store {
		return hooks{Store: s, close: func() error { return nil }}
	}},
	{"a wrong tree", "random transactions agree with a sorted map", inside(func(w kv.Writer) handles {
		return handles{Writer: w, delete: func(k []byte) error {
			if bytes.HasPrefix(k, []byte("ab")) {
				return nil
			}
			return w.Delete(k)
		}}
	})},
}
