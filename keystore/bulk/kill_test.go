package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/keystore/internal/kill"
)

func TestMain(m *testing.M) { kill.Main(m, runChild) }

// described is what the child changes: two fields, which must go together.
func described() bulk.Change {
	text, weekly := "moved", 168*time.Hour
	return bulk.Change{Description: &text, RotateEvery: &weekly}
}

func runChild(ready func(), path string) error {
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
	ready()
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
	kills := 0
	for ; ; kills++ {
		done := kill.After(t, time.Duration(kills)*time.Millisecond, f.Path())
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
		if done {
			break
		}
	}
	t.Logf("killed %d times", kills)
	if kills == 0 {
		t.Error("never killed")
	}
	if left := bulk.Count(f.plan(f.list(), described())); left != 0 {
		t.Errorf("%d keys are left", left)
	}
	report, err := f.VerifyJournal(t.Context())
	if err != nil || !report.Intact {
		t.Errorf("the journal: %+v, %v", report, err)
	}
}
