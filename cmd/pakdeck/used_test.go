package main

import (
	"context"
	"net/netip"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// cmdUsed records uses as a verifier would: used KEY IP OUTCOME N FIRST LAST,
// the last two being how long ago. They are counted half at either time.
func cmdUsed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 6 {
		ts.Fatalf("usage: used KEY IP OUTCOME N FIRST LAST")
	}
	now, err := time.Parse(time.RFC3339, ts.Getenv(testNow))
	ts.Check(err)
	n, err := strconv.ParseUint(args[3], 10, 64)
	ts.Check(err)
	ctx := context.Background()
	path := filepath.Join(ts.Getenv("XDG_DATA_HOME"), "pakdeck", "store.db")
	st, err := keystore.Open(ctx, path, keystore.WithClock(func() time.Time { return now }))
	ts.Check(err)
	k, err := st.Key(ctx, args[0])
	ts.Check(err)
	id, who, outcome := k.Current().ID, keystore.Caller{IP: netip.MustParseAddr(args[1]), Agent: "curl"}, keystore.Outcome(args[2])
	b := keystore.UseBatch{Uses: map[token.ID]keystore.Uses{}, Tallies: map[keystore.Tally]keystore.Count{}}
	for i, ago := range args[4:] {
		d, err := time.ParseDuration(ago)
		ts.Check(err)
		at, part := now.Add(-d), n/2
		if i == 1 {
			part = n - n/2
		}
		tally := keystore.Tally{Secret: id, Hour: keystore.HourOf(at), Outcome: outcome, Caller: who}
		b.Tallies[tally] = b.Tallies[tally].Add(keystore.Count{N: part, First: at, Last: at})
		seen := keystore.Sighting{Time: at, Caller: who}
		u := keystore.Uses{Denied: map[keystore.Outcome]uint64{outcome: part}, LastDenied: seen, LastReason: outcome}
		if outcome == keystore.OK {
			u = keystore.Uses{OK: part, First: seen, Last: seen}
		}
		b.Uses[id] = b.Uses[id].Add(u)
	}
	ts.Check(usage.NewRecorder(st).Record(ctx, b))
	ts.Check(st.Close())
}
