package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
)

func TestAttemptStartsAnewAfterAConflict(t *testing.T) {
	conflict := &keystore.ConflictError{Kind: "key", Name: "x"}
	tests := []struct {
		name  string
		again bool
		errs  []error
		calls int
		want  error
	}{
		{"done at once", true, []error{nil}, 1, nil},
		{"somebody came first, twice", true, []error{conflict, conflict, nil}, 3, nil},
		{"somebody always comes first", true, []error{conflict, conflict, conflict, conflict, conflict, conflict}, attempts, conflict},
		{"the operator named a version", false, []error{conflict, nil}, 1, conflict},
		{"another error", true, []error{keystore.ErrState, nil}, 1, keystore.ErrState},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			calls := 0
			_, err := attempt(tt.again, func() (int, error) {
				calls++
				return calls, tt.errs[calls-1]
			})
			if calls != tt.calls || !errors.Is(err, tt.want) {
				t.Errorf("%d calls and %v, want %d and %v", calls, err, tt.calls, tt.want)
			}
		})
	}
}

func TestFollowerTellsThatTheJournalBecameShorter(t *testing.T) {
	b := newBench(t).filled()
	st := b.open()
	head, err := st.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var notes bytes.Buffer
	a := b.app(nil, io.Discard, &notes)
	entries, next, err := a.since(t.Context(), st, trail.Filter{}, head.Size+5)
	if err != nil || len(entries) != 0 || next != head.Size || !strings.Contains(notes.String(), "an older store was put back") {
		t.Errorf("%d entries, next %d, %v: %q", len(entries), next, err, notes.String())
	}
	b.must("user", "add", "second")
	if entries, _, err = a.since(t.Context(), st, trail.Filter{}, next); err != nil || len(entries) != 1 {
		t.Errorf("%d entries after the next change: %v", len(entries), err)
	}
}

func TestDashboardOpensOnATerminalOnly(t *testing.T) {
	b := newBench(t).filled()
	ours, theirs, err := pty.Open()
	if err != nil {
		t.Skipf("there are no terminals here: %v", err)
	}
	defer ours.Close()
	defer theirs.Close()
	b.must("demo", "--no-open")
	tests := []struct {
		line string
		out  io.Writer
		want string // the place, or "-" if there is no dashboard
	}{
		{"", theirs, ""},
		{"users", theirs, "users"},
		{"keys/bot/ci", theirs, "keys/bot/ci"},
		{"journal", theirs, "journal"},
		{"demo", theirs, ""},
		{"demo --no-open", theirs, "-"},
		{"", io.Discard, "-"},
		{"--json", theirs, "-"},
		{"key list", theirs, "-"},
		{"frobnicate", theirs, "-"},
		{"keys/", theirs, "-"},
	}
	go func() { _, _ = io.Copy(io.Discard, ours) }()
	for _, tt := range tests {
		a := b.app(theirs, tt.out, io.Discard)
		place := "-"
		a.dashboard = func(_ context.Context, _ *app, st *keystore.Store, at string) error {
			if st.Demo() != (tt.line == "demo") {
				t.Errorf("%q opened the wrong store", tt.line)
			}
			place = at
			return nil
		}
		a.run(t.Context(), strings.Fields(tt.line))
		if place != tt.want {
			t.Errorf("%q opened the dashboard at %q, want %q", tt.line, place, tt.want)
		}
	}
}
