package kvtest

import (
	"context"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// watchChecks are the promises about notices.
var watchChecks = []check{
	{"a watcher hears of a change after it is visible", watchHears},
	{"every watcher hears", everyWatcherHears},
	{"notices are merged while nobody receives", watchMerges},
	{"a watch ends with its context", watchEnds},
}

func watch(ctx context.Context, t *testing.T, s kv.Store) <-chan struct{} {
	t.Helper()
	c, err := s.Watch(ctx)
	if err != nil {
		t.Fatalf("Watch: %v", err)
	}
	return c
}

// hears receives notices until key has the value; a notice may come early or
// twice, but the last one must come after the change can be seen.
func hears(t *testing.T, s kv.Store, notices <-chan struct{}, key, val string) {
	t.Helper()
	end := time.After(patience(t))
	for {
		select {
		case _, open := <-notices:
			if !open {
				t.Fatal("the watch ended by itself")
			}
			if value(t, s, key) == val {
				return
			}
		case <-end:
			t.Fatalf("no notice of %s=%s", key, val)
		}
	}
}

func watchHears(t *testing.T, s kv.Store) {
	notices := watch(t.Context(), t, s)
	for _, val := range []string{"1", "2", "3"} {
		put(t, s, "k", val)
		hears(t, s, notices, "k", val)
	}
	update(t, s, func(w kv.Writer) error { return w.Delete([]byte("k")) })
	hears(t, s, notices, "k", "")
}

func everyWatcherHears(t *testing.T, s kv.Store) {
	first, second := watch(t.Context(), t, s), watch(t.Context(), t, s)
	put(t, s, "k", "v")
	hears(t, s, first, "k", "v")
	hears(t, s, second, "k", "v")
}

func watchMerges(t *testing.T, s kv.Store) {
	notices := watch(t.Context(), t, s)
	for range 20 {
		update(t, s, add("n", 1))
	}
	hears(t, s, notices, "n", "20")
}

func watchEnds(t *testing.T, s kv.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	notices := watch(ctx, t, s)
	cancel()
	closes(t, notices)
}
