package tui

import (
	"context"
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
)

// follow turns a deep link into a place: "keys/build-bot/ci" is a key, by any
// of its names. What it names must exist.
func follow(ctx context.Context, st *keystore.Store, link string) (screen.Go, error) {
	place, rest, _ := strings.Cut(link, "/")
	to := screen.Go{Place: place}
	switch {
	case place == "":
		to.Place = screen.Keys
	case !isTab(place):
		return to, fmt.Errorf("there is no view %s: use %s", text.Quote(link), tabNames())
	case rest == "":
	case place == screen.Keys:
		v, err := st.Key(ctx, rest)
		if err != nil {
			return to, err
		}
		to.Key = v.ID
	case place == screen.Users:
		u, err := st.User(ctx, rest)
		if err != nil {
			return to, err
		}
		to.User = u.ID
	case place == screen.Usage:
		return toUsage(ctx, st, to, rest)
	case place == screen.Journal:
		to.Filter = rest
	default:
		return to, fmt.Errorf("the view %q takes nothing behind it, but there is %s", place, text.Quote(rest))
	}
	return to, nil
}

// toUsage goes to the uses of a key, or else of a user.
func toUsage(ctx context.Context, st *keystore.Store, to screen.Go, ref string) (screen.Go, error) {
	v, err := st.Key(ctx, ref)
	if err == nil {
		to.Key = v.ID
		return to, nil
	}
	u, missing := st.User(ctx, ref)
	if missing != nil {
		return to, err
	}
	to.User = u.ID
	return to, nil
}

func isTab(place string) bool { return tabIndex(place) >= 0 }

// tabIndex returns the place of a tab in tabs, or -1.
func tabIndex(place string) int {
	for i, tab := range tabs {
		if tab.place == place {
			return i
		}
	}
	return -1
}

func tabNames() string {
	names := make([]string, len(tabs))
	for i, tab := range tabs {
		names[i] = tab.place
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
