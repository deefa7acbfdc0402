// Package words is what the dashboard says of keys, and of a change before it is
// made, in sentences that hold with a screen and without one: who will notice, what
// cannot be taken back, where the new key strings go. It does nothing and asks
// nothing.
package words

import (
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// Recently is how new a use must be to count as one that will be missed.
const Recently = 7 * 24 * time.Hour

// Victims says who will notice that keys no longer work.
func Victims(keys []keystore.KeyView, now time.Time) string {
	used := 0
	var last *keystore.KeyView
	for i := range keys {
		k := &keys[i]
		if now.Sub(k.Uses.Last.Time) < Recently {
			used++
		}
		if last == nil || k.Uses.Last.Time.After(last.Uses.Last.Time) {
			last = k
		}
	}
	return Used(used, last, now)
}

// Used is [Victims] for who knows how many were used of late, and which one last.
func Used(used int, last *keystore.KeyView, now time.Time) string {
	if used == 0 {
		return "None of them was used in the last 7 days."
	}
	verb := "were"
	if used == 1 {
		verb = "was"
	}
	from := ""
	if ip := last.Uses.Last.IP; ip.IsValid() {
		from = " from " + ip.String()
	}
	return fmt.Sprintf("%d of them %s used in the last 7 days, %s %s ago%s.", used, verb, last.Ref(), text.Ago(now.Sub(last.Uses.Last.Time)), from)
}
