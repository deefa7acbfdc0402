package backup

import (
	"context"
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Stop is something that works in a backup though the present store refuses it.
type Stop struct {
	Kind string // "key" or "user"
	Ref  string // user/name, or the user's name
	Why  string // "revoked: laptop stolen", "disabled", "rotated"

	repeat func(context.Context, *keystore.Store) error
}

// stops compares an older state of a store with the present one. A key whose
// secret was replaced since cannot get the new one back; it is stopped, because
// the old one may be in wrong hands.
func stops(ctx context.Context, old, present *keystore.Store) ([]Stop, error) {
	list, err := stoppedUsers(ctx, old, present)
	if err != nil {
		return nil, err
	}
	then, err := old.Keys(ctx)
	if err != nil {
		return nil, err
	}
	now, err := present.Keys(ctx)
	if err != nil {
		return nil, err
	}
	byID := make(map[keystore.KeyID]*keystore.KeyView, len(now))
	for i := range now {
		byID[now[i].ID] = &now[i]
	}
	for i := range then {
		if k := byID[then[i].ID]; k != nil {
			list = appendStop(list, &then[i], k, present.Now())
		}
	}
	return list, nil
}

func stoppedUsers(ctx context.Context, old, present *keystore.Store) (list []Stop, err error) {
	then, err := old.Users(ctx)
	if err != nil {
		return nil, err
	}
	now, err := present.Users(ctx)
	if err != nil {
		return nil, err
	}
	off := map[keystore.UserID]bool{}
	for _, u := range now {
		off[u.ID] = u.Disabled
	}
	for _, u := range then {
		if off[u.ID] && !u.Disabled {
			list = append(list, Stop{"user", u.Name, "disabled", func(ctx context.Context, st *keystore.Store) error {
				_, err := st.DisableUser(ctx, u.ID, u.Version)
				return err
			}})
		}
	}
	return list, nil
}

// appendStop adds what stopped a key since then, if anything did.
func appendStop(list []Stop, then, now *keystore.KeyView, at time.Time) []Stop {
	c := keystore.KeyChange{ID: then.ID, Version: then.Version}
	why := ""
	switch {
	case !then.Revoked.IsZero():
		return list
	case !now.Revoked.IsZero():
		why = "revoked: " + now.RevokeReason
		c.Revoke = &keystore.Revocation{Reason: now.RevokeReason, Compromised: now.Compromised}
	case !then.DisabledAt.IsZero():
		return list
	case !now.DisabledAt.IsZero():
		why, c.Disable = "disabled", true
	case replaced(then.Key, now.Key, at):
		why, c.Disable = "rotated", true
	default:
		return list
	}
	return append(list, Stop{"key", then.Ref(), why, func(ctx context.Context, st *keystore.Store) error {
		_, err := st.ChangeKey(ctx, c)
		return err
	}})
}

// replaced reports whether a secret that worked then works no more.
func replaced(then, now keystore.Key, at time.Time) bool {
	works := map[token.ID]bool{}
	for _, s := range now.Secrets {
		works[s.ID] = s.StateAt(at) != keystore.Retired
	}
	for _, s := range then.Secrets {
		if s.StateAt(at) != keystore.Retired && !works[s.ID] {
			return true
		}
	}
	return false
}

// carry makes a store refuse what is on a list.
func carry(ctx context.Context, st *keystore.Store, list []Stop) error {
	for _, s := range list {
		if err := s.repeat(ctx, st); err != nil {
			return fmt.Errorf("stopping %s %s: %w", s.Kind, s.Ref, err)
		}
	}
	return nil
}
