// Package bulk makes one change to many keys: first as a plan that says for
// each key exactly what will be different or why it cannot be, then key by key,
// or all or nothing.
//
// A plan is bound to the versions that were looked at. A key that somebody else
// has changed meanwhile is not changed: what was agreed to is not what would
// happen. No key is changed by half, whoever stops or kills the process: some are
// then changed and the others as they were, and the same change planned again goes
// on where it ended.
package bulk

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// Change is what is to be done to every key: disable it, enable it, revoke it,
// or else the edits of those fields that are set.
type Change struct {
	Disable, Enable bool
	Revoke          *keystore.Revocation

	Extend      time.Duration // the expiry moves this much further away
	Expires     *time.Time    // or it is this one; a zero time is never
	Description *string
	RotateEvery *time.Duration
	WarnBefore  *time.Duration
	Scopes      List[keystore.Scope]
	Allow, Deny List[iprule.Entry]
}

// List is the change of a list: it is replaced, or added to and taken from.
// What is to be added and is there already, or to be taken away and is not
// there, makes no difference.
type List[T any] struct {
	Set         bool // the list becomes New
	New         []T
	Add, Remove []T
}

func (l List[T]) empty() bool { return !l.Set && len(l.Add)+len(l.Remove) == 0 }

// of returns the changed list.
func (l List[T]) of(now []T, same func(a, b T) bool) []T {
	if l.Set {
		return slices.Clone(l.New)
	}
	out := slices.DeleteFunc(slices.Clone(now), func(x T) bool {
		return slices.ContainsFunc(l.Remove, func(r T) bool { return same(x, r) })
	})
	for _, a := range l.Add {
		if !slices.ContainsFunc(out, func(x T) bool { return same(x, a) }) {
			out = append(out, a)
		}
	}
	return out
}

// of returns the change of one key as it is now.
func (c Change) of(k keystore.Key) keystore.KeyChange {
	out := keystore.KeyChange{ID: k.ID, Version: k.Version, Disable: c.Disable, Enable: c.Enable, Revoke: c.Revoke}
	if c.Disable || c.Enable || c.Revoke != nil {
		return out
	}
	e := &keystore.KeyEdit{Description: c.Description, Expires: c.Expires, RotateEvery: c.RotateEvery, WarnBefore: c.WarnBefore}
	if c.Extend > 0 && !k.Expires.IsZero() {
		at := k.Expires.Add(c.Extend)
		e.Expires = &at
	}
	if !c.Scopes.empty() {
		scopes := c.Scopes.of(k.Scopes, func(a, b keystore.Scope) bool { return a == b })
		slices.Sort(scopes)
		e.Scopes = &scopes
	}
	if !c.Allow.empty() || !c.Deny.empty() {
		same := func(a, b iprule.Entry) bool { return a.Prefix == b.Prefix }
		e.Rules = &iprule.Rules{Allow: c.Allow.of(k.Rules.Allow, same), Deny: c.Deny.of(k.Rules.Deny, same)}
	}
	out.Edit = e
	return out
}

// surprises refuses what an empty list turns into its contrary: it permits the
// most, so taking the last entry away widens, and adding the first one narrows.
// Both are to be asked for as such.
func (c Change) surprises(before, after keystore.Key) error {
	switch {
	case !c.Scopes.Set && len(before.Scopes) == 0 && len(after.Scopes) > 0:
		return &keystore.FieldError{Field: "scopes", Text: "one added would take all others away: it has none, which means all of its owner's"}
	case !c.Allow.Set && len(before.Rules.Allow) == 0 && len(after.Rules.Allow) > 0:
		return &keystore.FieldError{Field: "allow", Text: "one added would refuse all others: the list is empty, which means any address"}
	case !c.Scopes.Set && len(before.Scopes) > 0 && len(after.Scopes) == 0:
		return &keystore.FieldError{Field: "scopes", Text: "the last one would go, and the key could do all that its owner may"}
	case !c.Allow.Set && len(before.Rules.Allow) > 0 && len(after.Rules.Allow) == 0:
		return &keystore.FieldError{Field: "allow", Text: "the last entry would go, and any address could use the key"}
	}
	return nil
}

// Line is the plan for one key.
type Line struct {
	Before, After keystore.KeyView
	Diff          []keystore.Change // empty: nothing to change
	Err           error             // why it cannot be changed

	change keystore.KeyChange
}

// Changes reports whether the line would change something.
func (l Line) Changes() bool { return l.Err == nil && len(l.Diff) > 0 }

// Plan looks what a change would do to each key. Keys that cannot be changed
// are lines with an error; Plan itself fails only if the store cannot be read.
func Plan(ctx context.Context, st *keystore.Store, keys []keystore.KeyView, c Change) ([]Line, error) {
	plan := make([]Line, 0, len(keys))
	for some := range slices.Chunk(keys, keystore.MaxAtOnce) {
		changes := make([]keystore.KeyChange, len(some))
		for i, k := range some {
			changes[i] = c.of(k.Key)
		}
		previews, err := st.PreviewChanges(ctx, changes)
		if err != nil {
			return nil, err
		}
		for i, p := range previews {
			l := Line{Before: some[i], After: p.After, Diff: p.Diff, Err: p.Err, change: changes[i]}
			if l.Err == nil {
				l.Err = c.surprises(l.Before.Key, l.After.Key)
			}
			if l.Err != nil && !aboutTheKey(l.Err) {
				return nil, l.Err
			}
			plan = append(plan, l)
		}
	}
	return plan, nil
}

// aboutTheKey tells a refusal of one key from a store that cannot be used.
func aboutTheKey(err error) bool {
	return slices.ContainsFunc([]error{
		keystore.ErrInvalid, keystore.ErrPolicy, keystore.ErrState, keystore.ErrConflict, keystore.ErrNotFound, keystore.ErrAmbiguous,
	}, func(class error) bool { return errors.Is(err, class) })
}

// Count returns how many lines of a plan change something.
func Count(plan []Line) (n int) {
	for _, l := range plan {
		if l.Changes() {
			n++
		}
	}
	return n
}
