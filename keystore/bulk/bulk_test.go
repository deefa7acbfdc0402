package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/storetest"
)

var epoch = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

type fixture struct {
	*keystore.Store
	t *testing.T
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	return fixture{storetest.New(t, keystore.WithClock(func() time.Time { return epoch })), t}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// keys issues keys of one user: of an hour, a day, and for ever.
func (f fixture) keys() []keystore.KeyView {
	f.t.Helper()
	u, err := f.AddUser(f.t.Context(), keystore.NewUser{Name: "bot", Permissions: []keystore.Scope{"a:read", "b:read"}})
	must(f.t, err)
	for name, expires := range map[string]time.Time{"hour": epoch.Add(time.Hour), "day": epoch.Add(24 * time.Hour), "ever": {}} {
		_, _, err := f.CreateKey(f.t.Context(), keystore.NewKey{
			User: u.ID, Name: name, Expires: expires, Scopes: []keystore.Scope{"a:read"}, Rules: iprule.Rules{Allow: entries("10.0.0.0/8")},
		})
		must(f.t, err)
	}
	list, err := f.Keys(f.t.Context())
	must(f.t, err)
	return list
}

func entries(list ...string) (out []iprule.Entry) {
	for _, p := range list {
		out = append(out, iprule.Entry{Prefix: netip.MustParsePrefix(p)})
	}
	return out
}

func (f fixture) plan(keys []keystore.KeyView, c bulk.Change) []bulk.Line {
	f.t.Helper()
	plan, err := bulk.Plan(f.t.Context(), f.Store, keys, c)
	must(f.t, err)
	return plan
}

func (f fixture) apply(plan []bulk.Line) (out []bulk.Result) {
	f.t.Helper()
	must(f.t, bulk.Apply(f.t.Context(), f.Store, plan, func(r bulk.Result) { out = append(out, r) }))
	return out
}

func (f fixture) size() int64 {
	f.t.Helper()
	head, err := f.Head(f.t.Context())
	must(f.t, err)
	return head.Size
}

func TestAPlanSaysWhatThenHappens(t *testing.T) {
	text, weekly, never := "moved", 168*time.Hour, time.Time{}
	for name, c := range map[string]struct {
		change  bulk.Change
		changes int
		field   string
	}{
		"disable":           {bulk.Change{Disable: true}, 3, "disabled"},
		"enable":            {bulk.Change{Enable: true}, 0, ""},
		"revoke":            {bulk.Change{Revoke: &keystore.Revocation{Reason: "project ended"}}, 3, "revoked"},
		"extend":            {bulk.Change{Extend: 24 * time.Hour}, 2, "expires"},
		"never":             {bulk.Change{Expires: &never}, 2, "expires"},
		"describe":          {bulk.Change{Description: &text}, 3, "description"},
		"interval":          {bulk.Change{RotateEvery: &weekly}, 3, "rotate_every"},
		"warning":           {bulk.Change{WarnBefore: &weekly}, 3, "warn_before"},
		"add scope":         {bulk.Change{Scopes: bulk.List[keystore.Scope]{Add: []keystore.Scope{"b:read", "a:read"}}}, 3, "scopes"},
		"swap scope":        {bulk.Change{Scopes: bulk.List[keystore.Scope]{Add: []keystore.Scope{"b:read"}, Remove: []keystore.Scope{"a:read"}}}, 3, "scopes"},
		"set scopes":        {bulk.Change{Scopes: bulk.List[keystore.Scope]{Set: true}}, 3, "scopes"},
		"add allow":         {bulk.Change{Allow: bulk.List[iprule.Entry]{Add: entries("192.0.2.0/24")}}, 3, "allow"},
		"add what is":       {bulk.Change{Allow: bulk.List[iprule.Entry]{Add: entries("10.0.0.0/8")}}, 0, ""},
		"remove what's not": {bulk.Change{Deny: bulk.List[iprule.Entry]{Remove: entries("192.0.2.0/24")}}, 0, ""},
		"set deny":          {bulk.Change{Deny: bulk.List[iprule.Entry]{Set: true, New: entries("10.1.0.0/16")}}, 3, "deny"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			plan := f.plan(f.keys(), c.change)
			size := f.size()
			if bulk.Count(plan) != c.changes {
				t.Fatalf("%d would change, want %d: %+v", bulk.Count(plan), c.changes, plan)
			}
			for _, r := range f.apply(plan) {
				if r.Err != nil || r.Done != r.Changes() {
					t.Errorf("%s: done %v, planned %v, %v", r.After.Name, r.Done, r.Changes(), r.Err)
				}
				if r.Done && r.Diff[0].Field != c.field {
					t.Errorf("%s: changed %s, want %s", r.After.Name, r.Diff[0].Field, c.field)
				}
			}
			if f.size()-size != int64(c.changes) {
				t.Errorf("%d records of %d changes", f.size()-size, c.changes)
			}
			if again := f.plan(f.list(), c.change); c.change.Extend == 0 && c.change.Revoke == nil && bulk.Count(again) != 0 {
				t.Errorf("planned again, %d would still change", bulk.Count(again))
			}
		})
	}
}

func (f fixture) list() []keystore.KeyView {
	f.t.Helper()
	list, err := f.Keys(f.t.Context())
	must(f.t, err)
	return list
}

func TestTheLastEntryOfAListIsNotTakenAway(t *testing.T) {
	f := newFixture(t)
	keys := f.keys()
	for _, c := range []bulk.Change{
		{Scopes: bulk.List[keystore.Scope]{Remove: []keystore.Scope{"a:read"}}},
		{Allow: bulk.List[iprule.Entry]{Remove: entries("10.0.0.0/8")}},
	} {
		for _, l := range f.plan(keys, c) {
			if !errors.Is(l.Err, keystore.ErrInvalid) {
				t.Errorf("%s: %v, want ErrInvalid", l.Before.Name, l.Err)
			}
		}
	}
}

func TestTheFirstEntryOfAListIsNotAddedByTheWay(t *testing.T) {
	f := newFixture(t)
	keys := f.keys()
	f.apply(f.plan(keys, bulk.Change{Scopes: bulk.List[keystore.Scope]{Set: true}, Allow: bulk.List[iprule.Entry]{Set: true}}))
	for _, c := range []bulk.Change{
		{Scopes: bulk.List[keystore.Scope]{Add: []keystore.Scope{"a:read"}}},
		{Allow: bulk.List[iprule.Entry]{Add: entries("192.0.2.0/24")}},
	} {
		for _, l := range f.plan(f.list(), c) {
			if !errors.Is(l.Err, keystore.ErrInvalid) {
				t.Errorf("%s: %v, want ErrInvalid", l.Before.Name, l.Err)
			}
		}
	}
}

func TestWhatWasChangedMeanwhileIsLeftAlone(t *testing.T) {
	f := newFixture(t)
	keys := f.keys()
	plan := f.plan(keys, bulk.Change{Disable: true})
	text := "somebody else was here"
	_, err := f.EditKey(t.Context(), keys[1].ID, keys[1].Version, keystore.KeyEdit{Description: &text})
	must(t, err)
	results := f.apply(plan)
	if !results[0].Done || results[1].Done || !errors.Is(results[1].Err, keystore.ErrConflict) || !results[2].Done {
		t.Errorf("results %+v", results)
	}
	plan = f.plan(f.list(), bulk.Change{Enable: true})
	_, err = f.DisableKey(t.Context(), keys[1].ID, keys[1].Version+1)
	must(t, err)
	plan[1].Diff = nil // as it was planned, nothing to do for it
	if _, err := bulk.ApplyAll(t.Context(), f.Store, plan); err != nil {
		t.Errorf("a key that the plan does not change: %v", err)
	}
}

func TestAllOrNothing(t *testing.T) {
	f := newFixture(t)
	keys := f.keys()
	plan := f.plan(keys, bulk.Change{Disable: true})
	_, err := f.DisableKey(t.Context(), keys[2].ID, keys[2].Version)
	must(t, err)
	size := f.size()
	if _, err := bulk.ApplyAll(t.Context(), f.Store, plan); !errors.Is(err, keystore.ErrConflict) || f.size() != size {
		t.Errorf("%v, %d records; want ErrConflict and none", err, f.size()-size)
	}
	results, err := bulk.ApplyAll(t.Context(), f.Store, f.plan(f.list(), bulk.Change{Disable: true}))
	must(t, err)
	if results[0].After.DisabledAt.IsZero() || !results[1].Done || results[2].Done {
		t.Errorf("results %+v", results)
	}
}

func TestACancelledBulkKeepsWhatIsDone(t *testing.T) {
	f := newFixture(t)
	plan := f.plan(f.keys(), bulk.Change{Disable: true})
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err := bulk.Apply(ctx, f.Store, plan, func(bulk.Result) { n++; cancel() })
	if !errors.Is(err, context.Canceled) || n != 1 {
		t.Errorf("%d done, %v; want one and context.Canceled", n, err)
	}
	if left := bulk.Count(f.plan(f.list(), bulk.Change{Disable: true})); left != 2 {
		t.Errorf("%d left, want 2", left)
	}
}

// TestOneThatCannotBeChangedKeepsNoOtherFromIt is about keys that are changed in one
// transaction as long as all of them can be.
func TestOneThatCannotBeChangedKeepsNoOtherFromIt(t *testing.T) {
	f := newFixture(t)
	u, err := f.AddUser(t.Context(), keystore.NewUser{Name: "bot"})
	must(t, err)
	var list []keystore.KeyChange
	for i := range 40 {
		v, _, err := f.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: fmt.Sprint("k", i)})
		must(t, err)
		list = append(list, keystore.KeyChange{ID: v.ID, Version: v.Version, Disable: true})
	}
	bad := map[int]error{0: keystore.ErrNotFound, 20: keystore.ErrConflict, 21: keystore.ErrInvalid, 39: keystore.ErrConflict}
	list[0].ID = "0000000000000000"
	list[20].Version++
	list[21].Enable = true
	list[39].ID = list[38].ID
	size, next := f.size(), 0
	must(t, bulk.Each(t.Context(), f.Store, list, func(after keystore.KeyView, err error) {
		if !errors.Is(err, bad[next]) || err == nil && (after.ID != list[next].ID || after.DisabledAt.IsZero()) {
			t.Errorf("%d: %v, %s disabled %v; want %v", next, err, after.ID, after.DisabledAt, bad[next])
		}
		next++
	}))
	if next != len(list) || f.size()-size != int64(len(list)-len(bad)) {
		t.Errorf("told of %d and made %d records, want %d and %d", next, f.size()-size, len(list), len(list)-len(bad))
	}
}

func TestABulkWaitsForAReaderOfALargeStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		plan := f.plan(f.keys(), bulk.Change{Disable: true})
		other, err := keystore.Open(t.Context(), f.Path())
		must(t, err)
		reading := make(chan error)
		go func() {
			reading <- keystore.Annex("test").View(t.Context(), other, func(kv.Reader) error {
				time.Sleep(10 * time.Second)
				return nil
			})
		}()
		synctest.Wait()
		for _, r := range f.apply(plan) {
			if !r.Done {
				t.Errorf("%s: %v", r.After.Name, r.Err)
			}
		}
		must(t, <-reading)
		must(t, other.Close())
	})
}

func TestUndoBringsBackWhatWas(t *testing.T) {
	text, never := "moved", time.Time{}
	for name, c := range map[string]bulk.Change{
		"disable":  {Disable: true},
		"describe": {Description: &text},
		"never":    {Expires: &never},
		"scopes":   {Scopes: bulk.List[keystore.Scope]{Set: true}},
		"rules":    {Deny: bulk.List[iprule.Entry]{Add: entries("10.1.0.0/16")}},
	} {
		f := newFixture(t)
		for _, r := range f.apply(f.plan(f.keys(), c)) {
			back, ok := r.Undo()
			if ok != r.Done {
				t.Fatalf("%s: undo %v of a change that was done: %v", name, ok, r.Done)
			}
			if !ok {
				continue
			}
			_, err := f.ChangeKey(t.Context(), back)
			must(t, err)
			_, diff, err := f.PreviewChange(t.Context(), keystore.KeyChange{ID: r.Before.ID, Version: back.Version + 1, Edit: &keystore.KeyEdit{
				Description: &r.Before.Description, Expires: &r.Before.Expires, Scopes: &r.Before.Scopes, Rules: &r.Before.Rules,
			}})
			must(t, err)
			if len(diff) != 0 {
				t.Errorf("%s: after the undo of %s differs %+v", name, r.Before.Name, diff)
			}
		}
	}
	f := newFixture(t)
	for _, r := range f.apply(f.plan(f.keys(), bulk.Change{Revoke: &keystore.Revocation{Reason: "ended"}})) {
		if _, ok := r.Undo(); ok {
			t.Error("a revocation is offered to be undone as a bulk")
		}
	}
}
