// Package due lists what has to be done about keys, and by when: a key that
// expires, a secret that is to be rotated by the policy or by the key's own
// interval, an old secret whose grace ends. Only keys that work are listed;
// nobody has to do anything about the others.
package due

import (
	"cmp"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// What is to be done.
type What string

// The kinds of things to be done.
const (
	Expires What = "expires" // the key stops working
	Rotate  What = "rotate"  // the secret has been in use for as long as it may
	Retires What = "retires" // the old secret of a rotation stops working
)

// Item is one thing to be done.
type Item struct {
	Key  keystore.KeyView
	What What
	At   time.Time
}

// Overdue reports whether the time has come.
func (i Item) Overdue(now time.Time) bool { return !now.Before(i.At) }

// List returns what is to be done within a time from now, the most urgent
// first. A key that wants to be warned of earlier is listed from then on. What is expired is over and not listed.
func List(keys []keystore.KeyView, p keystore.Policy, now time.Time, within time.Duration) []Item {
	var out []Item
	for _, k := range keys {
		if !k.StateAt(now, 0).Works() {
			continue
		}
		add := func(what What, at time.Time, within time.Duration) {
			if !at.IsZero() && at.Sub(now) <= within {
				out = append(out, Item{k, what, at})
			}
		}
		add(Expires, k.Expires, max(within, k.WarnBefore))
		add(Rotate, k.RotateBy(p), within)
		if old, ok := k.RetiringAt(now); ok {
			add(Retires, old.Retires, within)
		}
	}
	slices.SortFunc(out, func(a, b Item) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key.ID, b.Key.ID), cmp.Compare(a.What, b.What))
	})
	return out
}
