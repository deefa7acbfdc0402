package bulk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
)

const childStore = "PAKDECK_TEST_STORE"

// TestMain lets the test's own binary be the process that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(childStore); path != "" {
		if err := runChild(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// described is what the child changes: two fields, which must go together.
func described() bulk.Change {
	text, weekly := "moved", 168*time.Hour
	return bulk.Change{Description: &text, RotateEvery: &weekly}
}

func runChild(path string) error {
	ctx := context.Background()
	st, err := keystore.Open(ctx, path)
	if err != nil {
		return err
	}
	keys, err := st.Keys(ctx)
	if err != nil {
		return err
	}
	plan, err := bulk.Plan(ctx, st, keys, described())
	if err != nil {
		return err
	}
	return errors.Join(bulk.Apply(ctx, st, plan, func(bulk.Result) {}), st.Close())
}

// Killed at whatever point, a bulk leaves each key as it was or changed, with
// its record or without, and comes to its end when it is made again.
func TestAKilledBulkGoesOn(t *testing.T) {
	f := newFixture(t)
	u, err := f.AddUser(t.Context(), keystore.NewUser{Name: "bot"})
	must(t, err)
	for i := range 40 {
		_, _, err := f.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: fmt.Sprint("k", i)})
		must(t, err)
	}
	size := f.size()
	for delay := 15 * time.Millisecond; ; delay += 3 * time.Millisecond {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), childStore+"="+f.Path())
		var said bytes.Buffer
		c.Stderr = &said
		must(t, c.Start())
		timer := time.AfterFunc(delay, func() { _ = c.Process.Kill() })
		err := c.Wait()
		timer.Stop()
		changed := 0
		for _, k := range f.list() {
			if (k.Description == "moved") != (k.RotateEvery > 0) {
				t.Fatalf("%s is changed by half", k.Name)
			}
			if k.Description == "moved" {
				changed++
			}
		}
		if got := f.size() - size; got != int64(changed) {
			t.Fatalf("%d keys changed, %d records", changed, got)
		}
		if err == nil {
			break
		}
		if said.Len() > 0 {
			t.Fatalf("the bulk failed: %s", said.String())
		}
	}
	if left := bulk.Count(f.plan(f.list(), described())); left != 0 {
		t.Errorf("%d keys are left", left)
	}
	report, err := f.VerifyJournal(t.Context())
	if err != nil || !report.Intact {
		t.Errorf("the journal: %+v, %v", report, err)
	}
}
