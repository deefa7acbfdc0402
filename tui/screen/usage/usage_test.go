package usage_test

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// start shows the screen that a deep link leads to.
func start(t *testing.T, link string, w, h int, change ...func(*tui.Options)) *decktest.Deck {
	t.Helper()
	at := decktest.At(link)
	return decktest.Start(t, decktest.Sample(t), w, h, append(change, at)...)
}

const gateway = "usage/edge/edge-gateway-eu"

func TestScreens(t *testing.T) {
	for name, scene := range map[string]struct {
		link string
		keys []string
	}{
		"store":   {"usage", nil},
		"callers": {"usage", []string{"tab"}},
		"user":    {"usage/build-bot", nil},
		"key":     {gateway, nil},
		"day":     {gateway, []string{"[", "[", "j"}},
		"quarter": {gateway, []string{"]"}},
		"unused":  {"usage/build-bot/billing-export", nil},
	} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			d := start(t, scene.link, w, h)
			d.Press(scene.keys...)
			d.Settle()
			return d
		})
	}
	decktest.Golden(t, "ascii", func(t *testing.T, w, h int) *decktest.Deck {
		return start(t, gateway, w, h, func(o *tui.Options) { o.ASCII = true })
	})
}

// use lets a key be used once more.
func use(t *testing.T, d *decktest.Deck, ref, ip string, o keystore.Outcome) {
	t.Helper()
	v := d.Store.Key(ref)
	at := d.Store.Clock.Now()
	who := keystore.Caller{IP: netip.MustParseAddr(ip), Agent: "curl", Route: "GET /"}
	seen := keystore.Sighting{Time: at, Caller: who}
	u := keystore.Uses{First: seen, Last: seen, OK: 1}
	if o != keystore.OK {
		u = keystore.Uses{Denied: map[keystore.Outcome]uint64{o: 1}, LastDenied: seen, LastReason: o}
	}
	err := usage.NewRecorder(d.Store.Store).Record(t.Context(), keystore.UseBatch{
		Uses: map[token.ID]keystore.Uses{v.Current().ID: u},
		Tallies: map[keystore.Tally]keystore.Count{
			{Secret: v.Current().ID, Hour: keystore.HourOf(at), Outcome: o, Caller: who}: {N: 1, First: at, Last: at},
		},
		Notable: []keystore.Use{{Sighting: seen, Outcome: o, Key: v.ID, Ref: v.Ref(), Secret: v.Current().ID, Reason: "denied by d1"}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// later lets time pass.
func later(d *decktest.Deck, by time.Duration) {
	d.Store.Clock.Add(by)
	d.Settle()
	d.Settle()
}

func TestItIsLiveWhileTheTerminalHasTheFocus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "usage/build-bot/billing-export", 100, 30)
		d.Want("0 uses", "never used", "nobody in this time", "live")
		use(t, d, "build-bot/billing-export", "192.0.2.1", keystore.OK)
		later(d, 2*time.Second)
		d.Want("1 use ", "192.0.2.1")
		d.Blur()
		use(t, d, "build-bot/billing-export", "192.0.2.2", keystore.OK)
		later(d, 10*time.Second)
		d.Advance(10 * time.Second)
		d.Want("paused", "1 use ")
		d.Without("192.0.2.2")
		d.Focus()
		d.Settle()
		later(d, 2*time.Second)
		d.Want("live", "2 uses", "192.0.2.2")
	})
}

func TestAnHourThatBeginsIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, gateway, 100, 30)
		d.Press("[", "[")
		d.Settle()
		d.Want("[24h]", "14:00")
		use(t, d, "edge/edge-gateway-eu", "203.0.113.9", keystore.OK)
		later(d, 24*time.Hour)
		d.Want("0 uses", "last 1d ago")
	})
}

func TestTheZoneOfTheOperatorMovesHoursAndDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, gateway, 100, 30)
		d.Want("UTC 00", "Mon ............▓▓")
		d.Press("T")
		d.Settle()
		d.Want("CET 00", "Mon ..............▓▓")
	})
}

func TestRangesEndWithAReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, gateway, 100, 30)
		d.Want("24h 7d [30d] 90d")
		d.Press("]", "]")
		d.Want("[90d]", "not kept for longer")
		d.Press("[", "[", "[", "[")
		d.Want("[24h]", "the shortest range")
		d.Press("tab")
		d.Want("this is one key")
	})
}

func TestFromAKeyToItsCallersToTheirRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "usage", 140, 45)
		d.Want("all keys", "edge/edge-gateway-eu")
		d.Press("o", "g", "enter") // by refused uses
		d.Settle()
		d.Want("Usage of edge/edge-gateway-eu", "203.0.113.70", "is 100%")
		d.Press("o", "g")
		d.Want("917 ip_denied: now ")
		d.Press("enter")
		d.Settle()
		d.Want("Journal", "203.0.113.70", "outcome:denied", "1 record")
		d.Press("esc", "d")
		d.Settle()
		d.Want("outcome:denied", "since:30d")
		d.Press("esc", "a")
		d.Settle()
		d.Want("event:use")
	})
}

func TestFromTheListsOfKeysAndUsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "keys", 100, 30)
		d.Press("g", "t")
		d.Settle()
		d.Want("Usage of ")
		d.Press("2", "t")
		d.Settle()
		d.Want("Usage of build-bot", "metrics-pusher")
	})
}

func TestAStoreThatCannotBeReadIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, gateway, 100, 30)
		if err := d.Store.Close(); err != nil {
			t.Fatal(err)
		}
		d.Press("]")
		d.Settle()
		d.Want("The uses cannot be read: ")
	})
}

func TestASmallTerminalShowsWhatFits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, gateway, 60, 16)
		d.Want("edge/edge-gateway-eu", "[30d]", "CALLER")
	})
}

func TestAFilterNarrowsTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "usage", 140, 45)
		d.Want("build-bot/metrics-pusher", "edge/edge-gateway-eu")
		d.Type("/GATEWAY-eu edge")
		d.Settle()
		d.Want("edge/edge-gateway-eu", "1 shown")
		d.Without("build-bot/metrics-pusher")
		d.Press("tab")
		d.Want("end the filter first")
		d.Press("enter")
		d.Want("filter: GATEWAY-eu edge")
		d.Press("enter") // now it opens
		d.Settle()
		d.Want("Usage of edge/edge-gateway-eu", "203.0.113.70")
		d.Type("/203.0.113.70")
		d.Settle()
		d.Want("203.0.113.70", "1 shown")
		d.Press("esc")
		d.Without("1 shown")
		d.Type("/no such")
		d.Paste("\x1b[31m agent")
		d.Press("enter")
		d.Settle()
		d.Want("nothing matches no such")
		d.Press("esc", "esc")
		d.Settle()
		d.Want("all keys", "filter: GATEWAY-eu edge")
		d.Press("esc")
		d.Want("build-bot/metrics-pusher")
	})
}
