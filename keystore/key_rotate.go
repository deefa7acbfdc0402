package keystore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/quote"
	"github.com/pakdeck/pakdeck/keystore/token"
)

const (
	// MaxSecrets is how many generations of a key's secret are kept. Older ones
	// are forgotten with their uses; their ids still lead to the key.
	MaxSecrets = 12
	// MaxGrace is the longest time for which two secrets may work side by side.
	MaxGrace = 366 * day
)

// Rotation says how long the old secret of a key works beside the new one:
// exactly one of Until, After and Now is set.
type Rotation struct {
	Until time.Time     // until that instant
	After time.Duration // for that long after the first use of the new secret
	Now   bool          // not at all: somebody else may have it
	// Session names the rotation session that this is part of, for the
	// journal; it may be empty.
	Session string
}

// RotateKey gives a key a new secret. The key string is returned this once and
// kept nowhere. A key whose old secret still works is not rotated again,
// except with Now, which ends all old ones.
func (s *Store) RotateKey(ctx context.Context, id KeyID, version uint64, r Rotation) (KeyView, token.Key, error) {
	var view KeyView
	var secret token.Key
	if err := r.check(s.Now()); err != nil {
		return view, secret, err
	}
	if err := s.checkGrace(r); err != nil {
		return view, secret, err
	}
	err := s.change(ctx, func(t tx) (rec journal.Record, err error) {
		view, rec, err = t.alterKey(id, journal.EventKeyRotate, func(v *KeyView) error {
			if err := mayRotate(*v, version, r, t.now); err != nil {
				return err
			}
			var kept Secret
			if kept, secret, err = s.mint(t.now); err != nil {
				return err
			}
			kept.Session = r.Session
			return t.rotate(&v.Key, kept, r)
		})
		rec.Reason = r.words()
		return rec, err
	})
	if err != nil {
		return view, token.Key{}, err
	}
	return view, secret, nil
}

// CheckRotation reports what stands against a rotation, as RotateKey would. It
// changes nothing.
func (s *Store) CheckRotation(v KeyView, r Rotation) error {
	now := s.Now()
	return errors.Join(r.check(now), s.checkGrace(r), mayRotate(v, v.Version, r, now))
}

// check checks what needs no look at the store.
func (r Rotation) check(now time.Time) error {
	ways := 0
	for _, given := range []bool{!r.Until.IsZero(), r.After != 0, r.Now} {
		if given {
			ways++
		}
	}
	switch {
	case ways != 1:
		return &FieldError{"grace", "", "say how long the old secret works: until a date, for a time after the first use of the new one, or not at all"}
	case !r.Until.IsZero() && !r.Until.After(now):
		return &FieldError{"grace", r.Until.UTC().Format(time.RFC3339), "is in the past; use a later date, or end the old secret at once"}
	case r.After < 0, r.After > MaxGrace, r.Until.Sub(now) > MaxGrace:
		return &FieldError{"grace", "", fmt.Sprintf("must be at most %s", lifetime(MaxGrace))}
	}
	return checkText("session", r.Session, 0, MaxKeyName)
}

// checkGrace holds the grace against the policy.
func (s *Store) checkGrace(r Rotation) error {
	p, err := s.Policy()
	if err != nil || p.MaxGrace == 0 {
		return err
	}
	if max(r.Until.Sub(s.Now()), r.After) <= p.MaxGrace {
		return nil
	}
	return &PolicyError{Path: s.PolicyPath(), Violations: []Violation{{
		Rule: "max_grace", Field: "secrets", Text: "two secrets may work side by side for at most " + lifetime(p.MaxGrace),
	}}}
}

// mayRotate refuses a second rotation while the old secret of the first one
// still works: clients that have not switched would be cut off unseen.
func mayRotate(v KeyView, version uint64, r Rotation, now time.Time) error {
	if err := changeable(v, version); err != nil {
		return err
	}
	if old, ok := v.RetiringAt(now); ok && !r.Now {
		return &stateError{fmt.Sprintf("key %s is being rotated already, the old secret %s still works: retire it first, or call the rotation off",
			quote.Text(v.Ref()), old.ID)}
	}
	return nil
}

// words tell the rotation in the journal.
func (r Rotation) words() string {
	text := "planned"
	if r.Now {
		text = "emergency"
	}
	if r.Session != "" {
		text += ", session " + r.Session
	}
	return text
}

// rotate makes kept the current secret of a key and lets the old one retire.
func (t tx) rotate(k *Key, kept Secret, r Rotation) error {
	for i := range k.Secrets {
		old := &k.Secrets[i]
		switch {
		case r.Now && old.StateAt(t.now) != Retired:
			old.retire(t.now)
		case old.State == Current:
			old.State, old.Retires, old.Grace = Retiring, r.Until.UTC().Truncate(time.Second), r.After
		default:
			old.settle(t.now)
		}
	}
	k.Secrets = slices.Insert(k.Secrets, 0, kept)
	return errors.Join(t.addSecret(k.ID, kept.ID), t.forgetSecrets(k))
}

// retire ends a secret.
func (s *Secret) retire(now time.Time) { s.State, s.Retires, s.Grace = Retired, now, 0 }

// settle writes down that a grace has ended.
func (s *Secret) settle(now time.Time) {
	if s.StateAt(now) == Retired {
		s.State, s.Grace = Retired, 0
	}
}

// forgetSecrets drops the oldest generations of a key that work no longer. After
// rotations that were called off, one that works may be older than they are.
func (t tx) forgetSecrets(k *Key) error {
	for i := len(k.Secrets) - 1; i >= 0 && len(k.Secrets) > MaxSecrets; i-- {
		last := k.Secrets[i]
		if last.StateAt(t.now) != Retired {
			continue
		}
		k.Secrets = slices.Delete(k.Secrets, i, i+1)
		if err := t.Delete(usesRow(last.ID)); err != nil {
			return err
		}
	}
	return nil
}

// CheckInterval reports why d cannot be how old a secret may grow; 0 is as the
// policy says.
func CheckInterval(d time.Duration) error {
	if d == 0 || d >= time.Hour && d <= 100*MaxGrace && d%time.Hour == 0 {
		return nil
	}
	return &FieldError{"rotate every", d.String(), "use whole hours or days, such as 90d"}
}

// CheckWarning reports why d cannot be how long before its expiry a key is
// expiring; 0 is as the policy says.
func CheckWarning(d time.Duration) error {
	if CheckInterval(d) == nil {
		return nil
	}
	return &FieldError{"warn before", d.String(), "use whole hours or days, such as 14d"}
}
