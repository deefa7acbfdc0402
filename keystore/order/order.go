// Package order puts lists of keys in order: by name, by a date, by how they are
// used, by their state. Equal ones stand by owner and name, and never comes after
// every date. It refuses an order that does not exist.
package order

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// View is what a state depends on besides the key.
type View struct {
	Now  time.Time
	Warn time.Duration // before the expiry
}

// orders by their names.
var orders = map[string]func(v View, x, y keystore.KeyView) int{
	"name":    func(View, keystore.KeyView, keystore.KeyView) int { return 0 },
	"created": func(_ View, x, y keystore.KeyView) int { return x.Created.Compare(y.Created) },
	"expires": func(_ View, x, y keystore.KeyView) int { return compareNever(x.Expires, y.Expires) },
	"used":    func(_ View, x, y keystore.KeyView) int { return compareNever(x.Uses.Last.Time, y.Uses.Last.Time) },
	"uses":    func(_ View, x, y keystore.KeyView) int { return cmp.Compare(x.Uses.OK, y.Uses.OK) },
	"state":   func(v View, x, y keystore.KeyView) int { return v.rank(x) - v.rank(y) },
}

func (v View) rank(k keystore.KeyView) int {
	return slices.Index(keystore.States[:], k.StateAt(v.Now, v.Warn))
}

// Names returns the names of the orders.
func Names() []string { return slices.Sorted(maps.Keys(orders)) }

func compareNever(x, y time.Time) int {
	switch {
	case x.IsZero() && y.IsZero():
		return 0
	case x.IsZero():
		return 1
	case y.IsZero():
		return -1
	}
	return x.Compare(y)
}

// Sort sorts by the name of an order, which a "-" reverses.
func Sort(keys []keystore.KeyView, by string, v View) error {
	name, reverse := strings.CutPrefix(by, "-")
	compare, ok := orders[name]
	if !ok {
		all := Names()
		last := len(all) - 1
		return fmt.Errorf("sort by %s or %s, with a - before it for the reverse", strings.Join(all[:last], ", "), all[last])
	}
	slices.SortFunc(keys, func(x, y keystore.KeyView) int {
		order := cmp.Or(compare(v, x, y), cmp.Compare(x.Ref(), y.Ref()))
		if reverse {
			return -order
		}
		return order
	})
	return nil
}
