package demo_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/demo"
)

var now = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

const (
	day  = 24 * time.Hour
	warn = 14 * day
)

func create(t testing.TB, at time.Time) *keystore.Store {
	t.Helper()
	st, err := demo.Create(t.Context(), filepath.Join(t.TempDir(), "demo.db"), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

func keys(t testing.TB, st *keystore.Store) []keystore.KeyView {
	t.Helper()
	list, err := st.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestEveryStateIsThere(t *testing.T) {
	st := create(t, now)
	states := map[keystore.State]int{}
	for _, k := range keys(t, st) {
		states[k.StateAt(now, warn)]++
	}
	want := []keystore.State{
		keystore.StateActive, keystore.StateExpiring, keystore.StatePending,
		keystore.StateDisabled, keystore.StateExpired, keystore.StateRevoked,
	}
	for _, s := range want {
		if states[s] < 2 {
			t.Errorf("%d keys are %s, want at least 2", states[s], s)
		}
	}
	if !st.Demo() {
		t.Error("the store is not marked as a demo")
	}
}

func TestThereIsEnoughToLookAt(t *testing.T) {
	st := create(t, now)
	list := keys(t, st)
	users, err := st.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 38 || len(list) > 45 || len(users) != 9 {
		t.Errorf("%d keys of %d users, want about 40 of 9", len(list), len(users))
	}
	var used, never, refused, longest int
	for _, k := range list {
		longest = max(longest, len(k.Name))
		switch {
		case k.Uses.OK > 0:
			used++
		case k.Uses.DeniedTotal() == 0:
			never++
		}
		if k.Uses.DeniedTotal() > 0 {
			refused++
		}
		if k.Uses.Last.Time.After(now) || k.Uses.LastDenied.Time.After(now) {
			t.Errorf("%s was used in the future", k.Ref())
		}
		if k.Uses.OK > 0 && (k.Uses.First.Time.Before(k.Created) || k.Uses.Last.Time.Before(k.Uses.First.Time)) {
			t.Errorf("%s was used from %v to %v, and made at %v", k.Ref(), k.Uses.First.Time, k.Uses.Last.Time, k.Created)
		}
	}
	if used < 25 || never < 3 || refused < 8 || longest < 120 {
		t.Errorf("%d used, %d never, %d refused, longest name %d", used, never, refused, longest)
	}
}

func TestJournalIsIntactAndInOrder(t *testing.T) {
	st := create(t, now)
	report, err := st.VerifyJournal(t.Context())
	if err != nil || !report.Intact {
		t.Fatalf("%v, %v", report, err)
	}
	if report.Size < 400 || report.Size > 2000 {
		t.Errorf("%d records, want some hundreds", report.Size)
	}
	var last time.Time
	events := map[string]int{}
	err = st.Journal(t.Context(), 0, func(seq int64, raw []byte) error {
		r, err := journal.Decode(raw)
		if err != nil {
			return err
		}
		if r.Time.Before(last) {
			t.Errorf("record %d at %v comes after %v", seq, r.Time, last)
		}
		last = r.Time
		events[r.Event+" "+r.Outcome]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if last.After(now) || now.Sub(last) > time.Minute {
		t.Errorf("the last record is of %v", last)
	}
	for _, e := range []string{"key.revoke ok", "key.edit ok", "user.disable ok", "use ok", "use unknown", "use malformed", "use ip_denied"} {
		if events[e] == 0 {
			t.Errorf("no record of %s; there are: %v", e, slices.Sorted(maps.Keys(events)))
		}
	}
}

func TestUsesComeAfterTheirKey(t *testing.T) {
	st := create(t, now)
	made := map[keystore.KeyID]time.Time{}
	for _, k := range keys(t, st) {
		made[k.ID] = k.Created
	}
	err := st.Journal(t.Context(), 0, func(seq int64, raw []byte) error {
		r, err := journal.Decode(raw)
		if err == nil && r.Event == journal.EventUse.Name && r.Time.Before(made[keystore.KeyID(r.Object.ID)]) {
			t.Errorf("record %d: %s was used before it was made", seq, r.Object.Name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The sizes and roots of checkpoints depend on every byte of every record.
func TestSameStoryAtTheSameTime(t *testing.T) {
	a, b, other := create(t, now), create(t, now), create(t, now.Add(time.Hour))
	root := func(st *keystore.Store) string {
		head, err := st.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return head.Short() + " " + head.Root.String()
	}
	if root(a) != root(b) {
		t.Error("two runs at the same time gave different journals")
	}
	if root(a) == root(other) {
		t.Error("another time gave the same journal")
	}
	if diff := cmp.Diff(names(keys(t, a)), names(keys(t, other))); diff != "" {
		t.Errorf("another time gave other keys: %s", diff)
	}
}

func names(list []keystore.KeyView) []string {
	out := make([]string, len(list))
	for i, k := range list {
		out[i] = k.Ref()
	}
	slices.Sort(out)
	return out
}

func TestAnExistingFileIsNotTouched(t *testing.T) {
	st := create(t, now)
	before, err := st.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Create(t.Context(), st.Path(), now); err == nil {
		t.Fatal("a second story was told over the first")
	}
	after, err := st.Head(t.Context())
	if err != nil || after.Size != before.Size {
		t.Errorf("the store has %d records, before %d (%v)", after.Size, before.Size, err)
	}
}

// fading is a context that ends after it was asked a number of times.
type fading struct {
	context.Context
	left int
}

func (f *fading) Err() error {
	if f.left--; f.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestAnInterruptedStoryLeavesNothing(t *testing.T) {
	for _, asked := range []int{0, 5, 50, 100} {
		path := filepath.Join(t.TempDir(), "demo.db")
		if _, err := demo.Create(&fading{t.Context(), asked}, path, now); err == nil {
			t.Fatalf("%d: the story was told although it was interrupted", asked)
		}
		left, err := filepath.Glob(path + "*")
		if err != nil {
			t.Fatal(err)
		}
		left = slices.DeleteFunc(left, func(p string) bool { return strings.HasSuffix(p, ".lock") })
		if len(left) > 0 {
			t.Errorf("%d: left behind: %v", asked, left)
		}
	}
}

func TestCurrentTimeWorksToo(t *testing.T) {
	st := create(t, time.Now())
	if _, err := st.Key(t.Context(), "edge@corp/edge-gateway-eu"); err != nil {
		t.Error(err)
	}
}

func BenchmarkCreate(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		st, err := demo.Create(b.Context(), filepath.Join(dir, "demo.db"), now)
		if err != nil {
			b.Fatal(err)
		}
		left, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || st.Close() != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		removeAll(b, left)
		b.StartTimer()
	}
}

func removeAll(b *testing.B, paths []string) {
	b.Helper()
	for _, p := range paths {
		if err := os.Remove(p); err != nil {
			b.Fatal(err)
		}
	}
}
