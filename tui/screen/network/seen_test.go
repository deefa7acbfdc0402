package network_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// seen has the key used as a service would have counted it.
func seen(t *testing.T, st *decktest.Store) {
	t.Helper()
	v := st.Key(ref)
	batch := keystore.UseBatch{Tallies: map[keystore.Tally]keystore.Count{}}
	for _, c := range []struct {
		ip      string
		outcome keystore.Outcome
		n       uint64
		ago     time.Duration
	}{
		{"198.51.100.7", keystore.OK, 41208, time.Hour},
		{"198.51.100.9", keystore.OK, 12, 3 * 24 * time.Hour},
		{"10.4.7.2", keystore.OK, 312, 26 * time.Hour},
		{"198.51.100.70", keystore.IPDenied, 917, 2 * time.Hour},
		{"203.0.113.5", keystore.IPDenied, 4, 5 * time.Hour},
		{"203.0.113.5", keystore.ScopeDenied, 7, 5 * time.Hour},
		{"10.4.7.3", keystore.OK, 5000, 40 * 24 * time.Hour}, // too long ago
	} {
		at := decktest.Now.Add(-c.ago)
		tally := keystore.Tally{
			Secret: v.Current().ID, Hour: keystore.HourOf(at), Outcome: c.outcome,
			Caller: keystore.Caller{IP: netip.MustParseAddr(c.ip), Agent: "curl", Route: "GET /"},
		}
		batch.Tallies[tally] = keystore.Count{N: c.n, First: at, Last: at}
	}
	if err := usage.NewRecorder(st.Store).Record(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

func TestWhoWasSeenAtEverySize(t *testing.T) {
	for _, size := range decktest.Tried() {
		runOn(t, func(st *decktest.Store) { seen(t, st) }, size.W, size.H, func(d *decktest.Deck) {
			d.Settle()
			d.Press("d", "n")
			d.Type("203.0.113.0/24", "enter", "esc")
			d.GoldenBody("seen")
			d.Press("ctrl+s")
			d.GoldenBody("seen-preview")
		})
	}
}

func TestADryRunCountsTheUsesOfThirtyDays(t *testing.T) {
	runOn(t, func(st *decktest.Store) { seen(t, st) }, 140, 45, func(d *decktest.Deck) {
		d.Settle()
		d.Want("HITS 30d", "41 220", "917", "DRY RUN, last 30 days", "5 addresses seen, none changes")
		d.Press("d") // the office goes
		d.Want("5 addresses seen, 2 changed; 41 220", "of 41 532 uses refused", "198.51.100.7  allow -> deny  41 208")
		d.Press("ctrl+s")
		d.Want("would have refused 41,220 of 41,532 uses of the last 30 days")
		d.Press("esc", "u")
		d.Want("none changes")
	})
}

func TestSimplifyingDecidesTheSameAndIsUndone(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Press("n")
		for _, s := range []string{"10.4.7.0/27", "10.4.7.64/26", "10.4.6.0/25"} {
			d.Type(s, "enter")
		}
		d.Press("esc")
		d.Want("ALLOW (5)")
		d.Press("s")
		d.Want("6 entries became 4 that decide the same", "10.4.7.0/25", "ALLOW (3)")
		d.Press("u")
		d.Want("ALLOW (5)")
		d.Press("u", "u", "u", "s")
		d.Want("it cannot be said with fewer entries")
	})
}

func TestTheAllowListIsFittedToTheCallers(t *testing.T) {
	runOn(t, func(st *decktest.Store) { seen(t, st) }, 140, 45, func(d *decktest.Deck) {
		d.Settle()
		d.Press("f")
		d.Want("let in the 3 callers of 30d", "10.4.7.2/32", "5 addresses seen, none changes")
		d.Press("ctrl+s")
		d.Without("would have refused")
		d.Press("y")
		d.Settle()
		rules := d.Store.Key(ref).Rules.Compile()
		for _, ip := range []string{"198.51.100.7", "198.51.100.9", "10.4.7.2"} {
			if !rules.Allowed(netip.MustParseAddr(ip)) {
				t.Errorf("%s is refused", ip)
			}
		}
		if rules.Allowed(netip.MustParseAddr("10.4.7.3")) {
			t.Error("nobody was seen at 10.4.7.3, and it is let in")
		}
	})
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Settle()
		d.Press("f")
		d.Want("nobody was seen whom the list could be fitted to")
	})
}
