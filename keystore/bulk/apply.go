package bulk

import (
	"context"
	"errors"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Result is what became of one line of a plan.
type Result struct {
	Line
	After keystore.KeyView
	Done  bool  // it was changed; else there was nothing to change, or Err says why not
	Err   error // of the line, or of the change
}

// mostTogether is how many keys [Each] changes in one transaction. Everybody else
// waits for the store meanwhile: some 20 ms.
const mostTogether = 256

// Each makes changes, and tells of each in turn what the key is now or why it was
// not changed. Many are made in one transaction, which takes a fiftieth of the
// time that it takes one by one, but no key depends on another: one that cannot be
// changed keeps no other one from it. Each ends early if ctx does, or if the store
// cannot be written; what was told is done and stays done.
func Each(ctx context.Context, st *keystore.Store, list []keystore.KeyChange, tell func(after keystore.KeyView, err error)) error {
	tries := 1
	if len(list) > 1 {
		tries = patience
	}
	// The first ones go alone, so that how it goes shows soon.
	for n := 1; len(list) > 0; n = min(2*n, mostTogether) {
		some := list[:min(n, len(list))]
		if err := together(ctx, st, some, tries, tell); err != nil {
			return err
		}
		list = list[len(some):]
	}
	return nil
}

// together makes changes in one transaction, or if that cannot be, each half in its
// own.
func together(ctx context.Context, st *keystore.Store, list []keystore.KeyChange, tries int, tell func(keystore.KeyView, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(list) == 1 {
		var after keystore.KeyView
		err := patiently(tries, func() (err error) {
			after, err = st.ChangeKey(ctx, list[0])
			return err
		})
		if err != nil && !aboutTheKey(err) {
			return err
		}
		tell(after, err)
		return nil
	}
	var views []keystore.KeyView
	err := patiently(tries, func() (err error) {
		views, err = st.ChangeKeys(ctx, list)
		return err
	})
	if err != nil && !aboutTheKey(err) {
		return err
	}
	if err != nil {
		half := len(list) / 2
		if err := together(ctx, st, list[:half], tries, tell); err != nil {
			return err
		}
		return together(ctx, st, list[half:], tries, tell)
	}
	for _, after := range views {
		tell(after, nil)
	}
	return nil
}

// patience is how many times as long as one change a bulk waits for a busy store: in
// hundreds of changes it will meet somebody who reads all of a large one. A change of
// one key waits as any other does.
const patience = 15

func patiently(tries int, change func() error) (err error) {
	for range tries {
		if err = change(); !busy(err) {
			return err
		}
	}
	return err
}

func busy(err error) bool {
	_, ok := errors.AsType[*kv.BusyError](err)
	return ok
}

// Apply changes the keys of a plan as [Each] does, and tells the results in the
// order of the plan.
func Apply(ctx context.Context, st *keystore.Store, plan []Line, tell func(Result)) error {
	var changes []keystore.KeyChange
	for _, l := range plan {
		if l.Changes() {
			changes = append(changes, l.change)
		}
	}
	told := 0
	rest := func() { // up to the next one that is to be changed
		for ; told < len(plan) && !plan[told].Changes(); told++ {
			tell(Result{Line: plan[told], After: plan[told].Before, Err: plan[told].Err})
		}
	}
	rest()
	return Each(ctx, st, changes, func(after keystore.KeyView, err error) {
		r := Result{Line: plan[told], After: after, Done: err == nil, Err: err}
		if err != nil {
			r.After = r.Before
		}
		told++
		tell(r)
		rest()
	})
}

// ApplyAll changes all keys of a plan in one transaction. A line with an error,
// or a key that was changed meanwhile, and none is changed.
func ApplyAll(ctx context.Context, st *keystore.Store, plan []Line) ([]Result, error) {
	var changes []keystore.KeyChange
	for _, l := range plan {
		if l.Err != nil {
			return nil, l.Err
		}
		if l.Changes() {
			changes = append(changes, l.change)
		}
	}
	views, err := st.ChangeKeys(ctx, changes)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(plan))
	next := 0
	for i, l := range plan {
		results[i] = Result{Line: l, After: l.Before}
		if l.Changes() {
			results[i].After, results[i].Done = views[next], true
			next++
		}
	}
	return results, nil
}

// Undo returns the change that takes a result back, and whether there is one. A
// revocation can be taken back by [keystore.Store.RestoreKey] only, and not as
// a bulk.
func (r Result) Undo() (keystore.KeyChange, bool) {
	if !r.Done {
		return keystore.KeyChange{}, false
	}
	back := keystore.KeyChange{ID: r.After.ID, Version: r.After.Version}
	switch was := r.Before.Key; {
	case r.change.Disable:
		back.Enable = true
	case r.change.Enable:
		back.Disable = true
	case r.change.Edit != nil:
		back.Edit = &keystore.KeyEdit{
			Description: changed(was.Description, r.change.Edit.Description), Scopes: changed(was.Scopes, r.change.Edit.Scopes),
			Expires: unexpired(was.Expires, r), Rules: changed(was.Rules, r.change.Edit.Rules),
			RotateEvery: changed(was.RotateEvery, r.change.Edit.RotateEvery),
			WarnBefore:  changed(was.WarnBefore, r.change.Edit.WarnBefore),
		}
	default:
		return keystore.KeyChange{}, false
	}
	return back, true
}

// changed returns the old value of a field that the edit was about.
func changed[T any](was T, edit *T) *T {
	if edit == nil {
		return nil
	}
	return &was
}

// unexpired returns the expiry to go back to. One that has passed meanwhile
// would be refused, and the whole undo with it.
func unexpired(was time.Time, r Result) *time.Time {
	if r.change.Edit.Expires == nil || !was.IsZero() && !was.After(r.After.Updated) {
		return nil
	}
	return &was
}
