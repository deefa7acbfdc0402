package keys_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/tui/decktest"
)

const gateway = "edge/edge-gateway-eu"

// revoke ends the key under the cursor for a reason.
func revoke(d *decktest.Deck, reason string) {
	d.Press("X")
	d.Type(reason, "enter")
	d.Type("edge-gateway-eu", "enter")
	d.Settle()
}

func onGateway(t *testing.T) *decktest.Deck {
	t.Helper()
	return decktest.Start(t, decktest.Sample(t), 100, 30, decktest.At("keys/"+gateway))
}

func TestASlipOfARevocationIsTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := onGateway(t)
		revoke(d, "wrong key")
		d.Want("revoked for ever", "undo")
		d.Press("U")
		d.Settle()
		d.Want("restored " + gateway)
		if v := d.Store.Key(gateway); !v.Revoked.IsZero() {
			t.Errorf("revoked %v", v.Revoked)
		}
	})
}

func TestACompromisedKeyIsNotTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := onGateway(t)
		revoke(d, "leaked in a build log")
		d.Want("revoked for ever")
		d.Without("undo")
		d.Press("h", "G", "k")
		for range 15 {
			if d.Contains("> edge-gateway-eu") {
				break
			}
			d.Press("k")
		}
		d.Press(":")
		d.Type("key.restore", "enter")
		d.Settle()
		if v := d.Store.Key(gateway); v.Revoked.IsZero() {
			t.Error("it was restored")
		}
	})
}

func TestARevocationIsTakenBackFromTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		v := st.Key(gateway)
		if _, err := st.RevokeKey(t.Context(), v.ID, v.Version, "slip"); err != nil {
			t.Fatal(err)
		}
		d := decktest.Start(t, st, 100, 30, decktest.At("keys/"+gateway))
		restore := func() {
			d.Press(":")
			d.Type("key.restore", "enter")
			d.Settle()
		}
		st.Clock.Add(61 * time.Minute)
		d.Settle()
		restore()
		d.Want("more than 60 minutes ago")
		st.Clock.Add(-time.Hour)
		d.Settle()
		d.Settle()
		restore()
		d.Want("restored " + gateway)
	})
}
