package past

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// World is the users and keys at a time. Of a key's secrets it knows the ids and
// states only.
type World struct {
	At    time.Time
	Size  int64 // so many records tell of it; the last of them is a change
	Users map[keystore.UserID]keystore.User
	Keys  map[keystore.KeyID]keystore.Key
}

// newWorld returns the world before the first record.
func newWorld(at time.Time) World {
	return World{At: at, Users: map[keystore.UserID]keystore.User{}, Keys: map[keystore.KeyID]keystore.Key{}}
}

// isChange reports whether a record may change a world.
func isChange(r journal.Record) bool {
	return r.Object.ID != "" && len(r.Diff) > 0 && (r.Object.Kind == "user" || r.Object.Kind == "key")
}

// apply makes the change that a record tells of.
func (w *World) apply(r journal.Record) error {
	w.Size = r.Seq + 1
	if !isChange(r) {
		return nil
	}
	var err error
	switch r.Object.Kind {
	case "user":
		u := w.Users[keystore.UserID(r.Object.ID)]
		if u.ID == "" {
			u.ID, u.Created = keystore.UserID(r.Object.ID), r.Time
		}
		u.Updated = r.Time
		u.Version++
		err = applyAll(r.Diff, userFields(&u))
		w.Users[u.ID] = u
	case "key":
		k := w.Keys[keystore.KeyID(r.Object.ID)]
		if k.ID == "" {
			owner, _, _ := strings.Cut(r.Object.Name, "/")
			k.ID, k.Created, k.User = keystore.KeyID(r.Object.ID), r.Time, w.userNamed(owner)
		}
		k.Updated = r.Time
		k.Version++
		err = applyAll(r.Diff, keyFields(&k))
		w.Keys[k.ID] = k
	}
	if err != nil {
		return fmt.Errorf("journal record %d: %w", r.Seq, err)
	}
	return nil
}

// userNamed returns the id of the user that has a name.
func (w *World) userNamed(name string) keystore.UserID {
	for id, u := range w.Users {
		if u.Name == name {
			return id
		}
	}
	return ""
}

// View returns a key with its owner.
func (w World) View(id keystore.KeyID) (keystore.KeyView, bool) {
	k, ok := w.Keys[id]
	return keystore.KeyView{Key: k, Owner: w.Users[k.User]}, ok
}

// Question is what is asked of the keys of a world. The zero value asks which
// keys worked at all.
type Question struct {
	Scope keystore.Scope // "" for any
	IP    netip.Addr     // the zero Addr for any
}

// Refusal says why a key could not do what a question asks, or "". It checks in
// the order in which a verification does.
func (q Question) Refusal(v keystore.KeyView, at time.Time) keystore.Outcome {
	switch {
	case !v.Revoked.IsZero() && !v.Revoked.After(at):
		return keystore.Revoked
	case !v.DisabledAt.IsZero():
		return keystore.Disabled
	case v.Owner.Disabled:
		return keystore.OwnerOff
	case at.Before(v.NotBefore):
		return keystore.NotYetValid
	case !v.Expires.IsZero() && !at.Before(v.Expires):
		return keystore.Expired
	case q.IP.IsValid() && !v.Rules.Decide(q.IP).Allowed:
		return keystore.IPDenied
	case q.Scope != "" && !keystore.CoversAny(v.EffectiveScopes(), q.Scope):
		return keystore.ScopeDenied
	}
	return ""
}

// Able returns the keys that could do what a question asks, by user/name.
func (w World) Able(q Question) []keystore.KeyView {
	var out []keystore.KeyView
	for id := range w.Keys {
		if v, _ := w.View(id); q.Refusal(v, w.At) == "" {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b keystore.KeyView) int { return strings.Compare(a.Ref(), b.Ref()) })
	return out
}
