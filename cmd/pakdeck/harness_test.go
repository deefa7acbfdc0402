package main

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// bench is a place to try commands in this process.
type bench struct {
	t     *testing.T
	store string
	env   map[string]string
	now   time.Time
}

// result is what a command did.
type result struct {
	code     int
	out, err string
}

func newBench(t *testing.T) *bench {
	return &bench{
		t: t, store: filepath.Join(t.TempDir(), "store.db"),
		env: map[string]string{"LANG": "C.UTF-8"},
		now: time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC),
	}
}

// app returns an app of the bench with the given streams.
func (b *bench) app(in io.Reader, out, err io.Writer) *app {
	return &app{
		in: in, out: out, err: err, now: func() time.Time { return b.now }, loc: time.UTC, dataHome: filepath.Dir(b.store),
		env: func(name string) string {
			if name == "PAKDECK_STORE" {
				return b.store
			}
			return b.env[name]
		},
	}
}

// run runs a command that reads nothing.
func (b *bench) run(args ...string) result { return b.runWith(b.t.Context(), "", args...) }

func (b *bench) runWith(ctx context.Context, in string, args ...string) result {
	var out, err bytes.Buffer
	code := b.app(strings.NewReader(in), &out, &err).run(ctx, args)
	return result{code: code, out: out.String(), err: err.String()}
}

// must runs a command that has to succeed and returns its output.
func (b *bench) must(args ...string) string {
	b.t.Helper()
	r := b.run(args...)
	if r.code != exitOK {
		b.t.Fatalf("%q: exit code %d: %s", args, r.code, r.err)
	}
	return r.out
}

// filled makes a store with a user "bot" and its key "ci".
func (b *bench) filled() *bench {
	b.must("init")
	b.must("user", "add", "bot", "--permission", "deploy:*")
	b.must("key", "create", "--user", "bot", "--name", "ci", "--expires", "30d", "--scope", "deploy:write", "--allow", "203.0.113.0/24")
	return b
}

// open opens the store of the bench beside the commands.
func (b *bench) open() *keystore.Store {
	b.t.Helper()
	st, err := keystore.Open(b.t.Context(), b.store, keystore.WithClock(func() time.Time { return b.now }))
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = st.Close() })
	return st
}

// head returns the newest checkpoint: the same text means that nothing was
// changed.
func (b *bench) head() string { return b.must("audit", "checkpoint") }
