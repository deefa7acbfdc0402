package kvtest

import (
	"bytes"
	"context"
	"errors"
	"maps"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// hooks is a store with some methods replaced.
type hooks struct {
	kv.Store
	view   func(ctx context.Context, fn func(kv.Reader) error) error
	update func(ctx context.Context, fn func(kv.Writer) error) error
	watch  func(ctx context.Context) (<-chan struct{}, error)
	close  func() error
}

func (h hooks) View(ctx context.Context, fn func(kv.Reader) error) error {
	if h.view != nil {
		return h.view(ctx, fn)
	}
	return h.Store.View(ctx, fn)
}

func (h hooks) Update(ctx context.Context, fn func(kv.Writer) error) error {
	if h.update != nil {
		return h.update(ctx, fn)
	}
	return h.Store.Update(ctx, fn)
}

func (h hooks) Watch(ctx context.Context) (<-chan struct{}, error) {
	if h.watch != nil {
		return h.watch(ctx)
	}
	return h.Store.Watch(ctx)
}

func (h hooks) Close() error {
	if h.close != nil {
		return h.close()
	}
	return h.Store.Close()
}

// handles is a Reader and Writer with some methods replaced.
type handles struct {
	kv.Writer
	get    func(key []byte) ([]byte, error)
	scan   func(r kv.Range, fn func(key, value []byte) error) error
	put    func(key, value []byte) error
	delete func(key []byte) error
}

func (h handles) Get(key []byte) ([]byte, error) {
	if h.get != nil {
		return h.get(key)
	}
	return h.Writer.Get(key)
}

func (h handles) Scan(r kv.Range, fn func(key, value []byte) error) error {
	if h.scan != nil {
		return h.scan(r, fn)
	}
	return h.Writer.Scan(r, fn)
}

func (h handles) Put(key, value []byte) error {
	if h.put != nil {
		return h.put(key, value)
	}
	return h.Writer.Put(key, value)
}

func (h handles) Delete(key []byte) error {
	if h.delete != nil {
		return h.delete(key)
	}
	return h.Writer.Delete(key)
}

// refusing makes a Writer of a Reader.
type refusing struct{ kv.Reader }

func (refusing) Put(_, _ []byte) error { return kv.ErrReadOnly }
func (refusing) Delete(_ []byte) error { return kv.ErrReadOnly }

// inside replaces methods of the transactions of a store.
func inside(change func(w kv.Writer) handles) func(kv.Store) kv.Store {
	return func(s kv.Store) kv.Store {
		return hooks{
			Store: s,
			view: func(ctx context.Context, fn func(kv.Reader) error) error {
				return s.View(ctx, func(r kv.Reader) error { return fn(struct{ kv.Reader }{change(refusing{r})}) })
			},
			update: func(ctx context.Context, fn func(kv.Writer) error) error {
				return s.Update(ctx, func(w kv.Writer) error { return fn(change(w)) })
			},
		}
	}
}

// scanning replaces Scan.
func scanning(scan func(r kv.Reader, rg kv.Range, fn func(k, v []byte) error) error) func(kv.Store) kv.Store {
	return inside(func(w kv.Writer) handles {
		return handles{Writer: w, scan: func(rg kv.Range, fn func(k, v []byte) error) error { return scan(w, rg, fn) }}
	})
}

// updating replaces Update.
func updating(update func(s kv.Store, ctx context.Context, fn func(kv.Writer) error) error) func(kv.Store) kv.Store {
	return func(s kv.Store) kv.Store {
		return hooks{Store: s, update: func(ctx context.Context, fn func(kv.Writer) error) error { return update(s, ctx, fn) }}
	}
}

// watching replaces Watch.
func watching(watch func(s kv.Store, ctx context.Context) (<-chan struct{}, error)) func(kv.Store) kv.Store {
	return func(s kv.Store) kv.Store {
		return hooks{Store: s, watch: func(ctx context.Context) (<-chan struct{}, error) { return watch(s, ctx) }}
	}
}

func ignoreContext(s kv.Store) kv.Store {
	return hooks{
		Store: s,
		view: func(ctx context.Context, fn func(kv.Reader) error) error {
			return s.View(context.WithoutCancel(ctx), fn)
		},
		update: func(ctx context.Context, fn func(kv.Writer) error) error {
			return s.Update(context.WithoutCancel(ctx), fn)
		},
	}
}

// oneCursor lets an inner scan end the outer one.
func oneCursor(w kv.Writer) handles {
	turn := 0
	return handles{Writer: w, scan: func(rg kv.Range, fn func(k, v []byte) error) error {
		turn++
		mine := turn
		return w.Scan(rg, func(k, v []byte) error {
			if turn != mine {
				return kv.Stop
			}
			return fn(k, v)
		})
	}}
}

// oneWatcher gives the second watcher a channel that stays silent.
func oneWatcher(s kv.Store) kv.Store {
	first := true
	return hooks{Store: s, watch: func(ctx context.Context) (<-chan struct{}, error) {
		if first {
			first = false
			return s.Watch(ctx)
		}
		return make(chan struct{}), nil
	}}
}

// keepBuffers writes at the end what the callers' buffers hold by then.
func keepBuffers(s kv.Store, ctx context.Context, fn func(kv.Writer) error) error {
	return s.Update(ctx, func(w kv.Writer) error {
		var late [][2][]byte
		err := fn(handles{Writer: w, put: func(k, v []byte) error {
			late = append(late, [2][]byte{k, v})
			return nil
		}})
		for _, p := range late {
			err = errors.Join(err, w.Put(p[0], p[1]))
		}
		return err
	})
}

// snapshotReads reads from the state before and writes blindly afterwards.
func snapshotReads(s kv.Store, ctx context.Context, fn func(kv.Writer) error) error {
	puts, deletes := map[string][]byte{}, map[string]bool{}
	err := s.View(ctx, func(r kv.Reader) error {
		return fn(handles{
			Writer: refusing{r},
			put:    func(k, v []byte) error { puts[string(k)] = bytes.Clone(v); return nil },
			delete: func(k []byte) error { deletes[string(k)] = true; return nil },
		})
	})
	if err != nil {
		return err
	}
	return s.Update(ctx, func(w kv.Writer) error {
		for k := range maps.Keys(deletes) {
			err = errors.Join(err, w.Delete([]byte(k)))
		}
		for k, v := range puts {
			err = errors.Join(err, w.Put([]byte(k), v))
		}
		return err
	})
}

// everlasting runs every operation in a transaction of its own.
type everlasting struct{ s kv.Store }

func (e everlasting) Get(key []byte) (v []byte, err error) {
	err = e.s.View(context.Background(), func(r kv.Reader) error {
		v, err = r.Get(key)
		return err
	})
	return v, err
}

func (e everlasting) Scan(rg kv.Range, fn func(k, v []byte) error) error {
	return e.s.View(context.Background(), func(r kv.Reader) error { return r.Scan(rg, fn) })
}

func (e everlasting) Put(k, v []byte) error {
	return e.s.Update(context.Background(), func(w kv.Writer) error { return w.Put(k, v) })
}

func (e everlasting) Delete(k []byte) error {
	return e.s.Update(context.Background(), func(w kv.Writer) error { return w.Delete(k) })
}

// loseNotices drops a notice unless somebody receives at that moment.
func loseNotices(s kv.Store) kv.Store {
	c := make(chan struct{})
	return hooks{
		Store: s,
		update: func(ctx context.Context, fn func(kv.Writer) error) error {
			err := s.Update(ctx, fn)
			select {
			case c <- struct{}{}:
			default:
			}
			return err
		},
		watch: func(context.Context) (<-chan struct{}, error) { return c, nil },
	}
}
