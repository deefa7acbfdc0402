package kvtest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// lifetimeChecks are the promises about contexts and Close.
var lifetimeChecks = []check{
	{"an ended context runs nothing", endedContext},
	{"a context that ends stops a scan", contextStopsScan},
	{"a context that ends before the commit writes all or nothing", contextBeforeCommit},
	{"a closed store refuses everything", closedStore},
	{"close ends the watches", closeEndsWatches},
}

func endedContext(t *testing.T, s kv.Store) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancelLate := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancelLate()
	for _, ctx := range []context.Context{cancelled, late} {
		ran := false
		err := s.View(ctx, func(kv.Reader) error { ran = true; return nil })
		if !errors.Is(err, ctx.Err()) || ran {
			t.Errorf("View: got %v (ran: %v), want %v before it runs", err, ran, ctx.Err())
		}
		err = s.Update(ctx, func(w kv.Writer) error { ran = true; return w.Put([]byte("k"), []byte("v")) })
		if !errors.Is(err, ctx.Err()) || ran {
			t.Errorf("Update: got %v (ran: %v), want %v before it runs", err, ran, ctx.Err())
		}
	}
	want(t, "afterwards", scan(t, s, kv.Range{}))
}

func contextStopsScan(t *testing.T, s kv.Store) {
	const n = 5000
	update(t, s, func(w kv.Writer) error {
		for i := range n {
			if err := w.Put(fmt.Appendf(nil, "%06d", i), []byte("v")); err != nil {
				return err
			}
		}
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	seen := 0
	err := s.View(ctx, func(r kv.Reader) error {
		seen = 0
		return r.Scan(kv.Range{}, func(_, _ []byte) error {
			seen++
			cancel()
			return nil
		})
	})
	if !errors.Is(err, context.Canceled) || seen == n {
		t.Errorf("got %v after %d of %d keys, want %v before the end", err, seen, n, context.Canceled)
	}
}

func contextBeforeCommit(t *testing.T, s kv.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(w kv.Writer) error {
		err := errors.Join(w.Put([]byte("a"), []byte("1")), w.Put([]byte("b"), []byte("1")))
		cancel()
		return err
	})
	if err == nil {
		want(t, "after an Update that succeeded", scan(t, s, kv.Range{}), "a=1", "b=1")
		return
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	want(t, "after an Update that failed", scan(t, s, kv.Range{}))
}

func closedStore(t *testing.T, s kv.Store) {
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
	ran := false
	_, watchErr := s.Watch(t.Context())
	for what, err := range map[string]error{
		"View":   s.View(t.Context(), func(kv.Reader) error { ran = true; return nil }),
		"Update": s.Update(t.Context(), func(kv.Writer) error { ran = true; return nil }),
		"Watch":  watchErr,
	} {
		if !errors.Is(err, kv.ErrClosed) {
			t.Errorf("%s: got %v, want %v", what, err, kv.ErrClosed)
		}
	}
	if ran {
		t.Error("a closure ran on a closed store")
	}
}

func closeEndsWatches(t *testing.T, s kv.Store) {
	notices := watch(t.Context(), t, s)
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	closes(t, notices)
}
