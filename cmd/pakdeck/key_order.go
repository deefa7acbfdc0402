package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// keyOrders are the orders of lists of keys. Never comes after every date.
var keyOrders = map[string]func(v viewer, x, y keystore.KeyView) int{
	"name":    func(viewer, keystore.KeyView, keystore.KeyView) int { return 0 },
	"created": func(_ viewer, x, y keystore.KeyView) int { return x.Created.Compare(y.Created) },
	"expires": func(_ viewer, x, y keystore.KeyView) int { return compareNever(x.Expires, y.Expires) },
	"used":    func(_ viewer, x, y keystore.KeyView) int { return compareNever(x.Uses.Last.Time, y.Uses.Last.Time) },
	"uses":    func(_ viewer, x, y keystore.KeyView) int { return cmp.Compare(x.Uses.OK, y.Uses.OK) },
	"state": func(v viewer, x, y keystore.KeyView) int {
		return slices.Index(keystore.States[:], v.state(x)) - slices.Index(keystore.States[:], v.state(y))
	},
}

func orderNames() []string { return slices.Sorted(maps.Keys(keyOrders)) }

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

// sortKeys sorts by the name of an order, which a "-" reverses; equals are
// sorted by owner and name.
func sortKeys(keys []keystore.KeyView, by string, v viewer) error {
	name, reverse := strings.CutPrefix(by, "-")
	compare, ok := keyOrders[name]
	if !ok {
		return usagef("--sort %s: sort by %s, with a - before it for the reverse", text.Quote(by), joined(orderNames(), "or"))
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
