package whatif

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
)

// Window is how far evidence reaches back.
const Window = 30 * 24 * time.Hour

// Load reads what was seen of a key in the [Window] before now.
func Load(ctx context.Context, st *keystore.Store, k keystore.Key, now time.Time) (Evidence, error) {
	r, err := usage.Load(ctx, st, usage.OfKeys(k), usage.Window(now, Window))
	if err != nil {
		return Evidence{}, err
	}
	e := EvidenceOf(r)
	d, known, err := usage.DemandsOf(ctx, st, k)
	if known {
		e.Demands = &d
	}
	return e, err
}

// EvidenceOf returns what a report of a key's uses tells. Refusals for another
// reason than the address say nothing about address rules.
func EvidenceOf(r *usage.Report) Evidence {
	e := Evidence{From: r.From, To: r.To, Beyond: r.Beyond().OK()}
	for _, a := range r.Addresses() {
		ok, denied := a.OK(), a.Of(keystore.IPDenied)
		if ok+denied > 0 {
			e.Addresses = append(e.Addresses, Address{IP: a.IP, OK: ok, Denied: denied, First: a.First, Last: a.Last})
		}
	}
	return e
}
