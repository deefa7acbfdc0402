package main

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/audit/records"
	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/text"
)

// victimJSON is a key that is made useless, and who will notice.
type victimJSON struct {
	ID      keystore.KeyID `json:"id"`
	User    string         `json:"user"`
	Name    string         `json:"name"`
	Uses    uint64         `json:"uses_7d"`
	Callers []string       `json:"callers_7d"`
	Last    *sightingJSON  `json:"last_used"`
	Contact string         `json:"contact"`
}

// printVictims tells who used the keys in the last 7 days.
func (a *app) printVictims(ctx context.Context, st *keystore.Store, keys []keystore.KeyView) error {
	const week, shown = 7 * 24 * time.Hour, 3
	out := make([]victimJSON, len(keys))
	rows := make([][]string, len(keys))
	for i, k := range keys {
		r, err := usage.Load(ctx, st, usage.OfKeys(k.Key), usage.Window(st.Now(), week))
		if err != nil {
			return err
		}
		out[i] = victimJSON{k.ID, k.Owner.Name, k.Name, r.Sum().OK(), []string{}, records.SightingOf(k.Uses.Last, ""), k.Owner.Contact}
		for _, addr := range r.Top(shown) {
			if addr.OK() > 0 {
				out[i].Callers = append(out[i].Callers, addr.IP.String())
			}
		}
		rows[i] = []string{k.Ref(), text.Plural(out[i].Uses, "use"), lastText(k.Uses, st), joined(out[i].Callers, "and"), k.Owner.Contact}
	}
	if a.json {
		return a.printJSON(out)
	}
	if len(rows) == 0 {
		return nil
	}
	return a.printTable([]string{"KEY", "IN 7 DAYS", "LAST", "FROM", "CONTACT"}, rows)
}

func lastText(u keystore.Uses, st *keystore.Store) string {
	if u.Last.Time.IsZero() {
		return "never"
	}
	return expiry.In(u.Last.Time, st.Now())
}
