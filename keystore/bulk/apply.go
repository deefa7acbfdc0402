package bulk

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// Result is what became of one line of a plan.
type Result struct {
	Line
	After keystore.KeyView
	Done  bool  // it was changed; else there was nothing to change, or Err says why not
	Err   error // of the line, or of the change
}

// Do changes one key as its line says.
func Do(ctx context.Context, st *keystore.Store, l Line) Result {
	r := Result{Line: l, After: l.Before, Err: l.Err}
	if !l.Changes() {
		return r
	}
	after, err := st.ChangeKey(ctx, l.change)
	if err != nil {
		r.Err = err
		return r
	}
	r.After, r.Done = after, true
	return r
}

// Apply changes the keys of a plan, each in a transaction of its own, and tells
// each result at once. It ends early if ctx does, or if the store cannot be
// written; what is done then stays done.
func Apply(ctx context.Context, st *keystore.Store, plan []Line, tell func(Result)) error {
	for _, l := range plan {
		if err := ctx.Err(); err != nil {
			return err
		}
		r := Do(ctx, st, l)
		if r.Err != nil && !aboutTheKey(r.Err) {
			return r.Err
		}
		tell(r)
	}
	return nil
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
