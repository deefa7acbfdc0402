// Package words is what the dashboard says of a change before it is made, in
// sentences that hold with a screen and without one: who will notice, what cannot
// be taken back, where the new key strings go. It does nothing and asks nothing.
package words

import (
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// recently is how new a use must be to count as one that will be missed.
const recently = 7 * 24 * time.Hour

// Victims says who will notice that keys no longer work.
func Victims(keys []keystore.KeyView, now time.Time) string {
	used := 0
	var last keystore.KeyView
	for _, k := range keys {
		if now.Sub(k.Uses.Last.Time) < recently {
			used++
		}
		if k.Uses.Last.Time.After(last.Uses.Last.Time) {
			last = k
		}
	}
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
