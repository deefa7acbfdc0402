package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/pakdeck/pakdeck/keystore"
)

// tryEdit returns what an edit would make of a key, or why it would be
// refused. It only looks.
func tryEdit(ctx context.Context, st *keystore.Store, before keystore.KeyView, version uint64, e keystore.KeyEdit) (keystore.KeyView, error) {
	switch {
	case before.Version != version:
		return before, &keystore.ConflictError{Kind: "key", Name: before.Ref(), Seen: version, Stored: before.Version, Theirs: before}
	case !before.Revoked.IsZero():
		return before, fmt.Errorf("%w: key %s was revoked; issue a new one", keystore.ErrState, quote(before.Ref()))
	}
	after := edited(before, e)
	errs := []error{
		keystore.CheckKeyName(after.Name), keystore.CheckDescription(after.Description), after.Rules.Validate(),
		checkTimes(after, e), checkScopes(after, e),
	}
	if after.Name != before.Name {
		errs = append(errs, checkFree(ctx, st, after))
	}
	return after, errors.Join(append(errs, tryPolicy(st, before, after))...)
}

// edited returns the key with the fields of an edit.
func edited(k keystore.KeyView, e keystore.KeyEdit) keystore.KeyView {
	replace(&k.Name, e.Name)
	replace(&k.Description, e.Description)
	replace(&k.Scopes, e.Scopes)
	replace(&k.NotBefore, e.NotBefore)
	replace(&k.Expires, e.Expires)
	replace(&k.Rules, e.Rules)
	return k
}

func replace[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

func checkTimes(k keystore.KeyView, e keystore.KeyEdit) error {
	if (e.NotBefore == nil && e.Expires == nil) || k.Expires.IsZero() || k.NotBefore.Before(k.Expires) {
		return nil
	}
	return usagef("not before %s: must lie before the expiry, %s", instant(k.NotBefore), instant(k.Expires))
}

func checkScopes(k keystore.KeyView, e keystore.KeyEdit) error {
	if e.Scopes == nil {
		return nil
	}
	allowed := k.Owner.Allowed()
	i := slices.IndexFunc(k.Scopes, func(s keystore.Scope) bool {
		return len(keystore.Effective([]keystore.Scope{s}, allowed)) == 0
	})
	if i < 0 {
		return nil
	}
	return usagef("scope %q: is outside the permissions of %s (%s)", k.Scopes[i], k.Owner.Name, permissionText(k.Owner))
}

func checkFree(ctx context.Context, st *keystore.Store, k keystore.KeyView) error {
	other, err := st.Key(ctx, k.Ref())
	if err != nil || other.ID == k.ID || other.Ref() != k.Ref() || !other.Revoked.IsZero() {
		if errors.Is(err, keystore.ErrNotFound) || errors.Is(err, keystore.ErrAmbiguous) {
			err = nil
		}
		return err
	}
	return usagef("name %s: is taken by another key of this user (%s)", quote(k.Name), other.ID)
}

// tryPolicy holds the changed fields against the policy. An old key that
// breaks a new rule elsewhere can still be changed.
func tryPolicy(st *keystore.Store, before, after keystore.KeyView) error {
	p, err := st.Policy()
	if err != nil {
		return err
	}
	known := p.Check(before.Key, before.Owner)
	found := slices.DeleteFunc(p.Check(after.Key, after.Owner), func(v keystore.Violation) bool {
		return slices.Contains(known, v)
	})
	if len(found) == 0 {
		return nil
	}
	return &keystore.PolicyError{Path: st.PolicyPath(), Violations: found}
}
