package created_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// First contact: whoever hands a key over sees at once that it works.
func TestTheFirstUseIsToldAsItComesIn(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		p.Want("first use  not yet")
		id := p.issued.Key.Current().ID
		record := func(ip string, u func(keystore.Sighting) keystore.Uses) {
			t.Helper()
			seen := keystore.Sighting{
				Time:   p.Store.Clock.Now(),
				Caller: keystore.Caller{IP: netip.MustParseAddr(ip), Agent: "curl/8.5\x1b[31m"},
			}
			if err := p.Store.RecordUses(t.Context(), keystore.UseBatch{Uses: map[token.ID]keystore.Uses{id: u(seen)}}); err != nil {
				t.Fatal(err)
			}
			p.Store.Clock.Add(2 * time.Second)
			p.Settle()
		}
		record("203.0.113.70", func(s keystore.Sighting) keystore.Uses {
			return keystore.Uses{Denied: map[keystore.Outcome]uint64{keystore.IPDenied: 1}, LastDenied: s, LastReason: keystore.IPDenied}
		})
		p.Want("refused (ip_denied) 2s ago from 203.0.113.70")
		record("192.0.2.7", func(s keystore.Sighting) keystore.Uses { return keystore.Uses{OK: 1, First: s, Last: s} })
		p.Want("first use  2s ago from 192.0.2.7 by curl/8.5")
	})
}
