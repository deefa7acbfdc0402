package usage_test

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Who used a key in the last 30 days, from where, and how regularly?
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "usage")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	now := time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)
	st, err := keystore.Create(ctx, filepath.Join(dir, "store.db"), keystore.CreateOptions{},
		keystore.WithClock(func() time.Time { return now }))
	if err != nil {
		panic(err)
	}
	defer st.Close()
	u, _ := st.AddUser(ctx, keystore.NewUser{Name: "ci"})
	k, _, _ := st.CreateKey(ctx, keystore.NewKey{User: u.ID, Name: "deploy"})

	// A verifier does this for itself, with verify.Options{Record: recorder.Record}.
	recorder := usage.NewRecorder(st)
	for hours := range 10 {
		at := now.Add(-2 * time.Hour * time.Duration(hours))
		runner := keystore.Caller{IP: netip.MustParseAddr("192.0.2.7"), Agent: "curl", Route: "POST /deploy"}
		seen := keystore.Sighting{Time: at, Caller: runner}
		err := recorder.Record(ctx, keystore.UseBatch{
			Uses: map[token.ID]keystore.Uses{k.Current().ID: {First: seen, Last: seen, OK: 4}},
			Tallies: map[keystore.Tally]keystore.Count{
				{Secret: k.Current().ID, Hour: keystore.HourOf(at), Outcome: keystore.OK, Caller: runner}: {N: 4, First: at, Last: at},
			},
			Watched: keystore.Span{From: at.Add(-time.Minute), To: at},
		})
		if err != nil {
			panic(err)
		}
	}

	r, err := usage.Load(ctx, st, usage.OfKeys(k.Key), usage.Window(now, 30*24*time.Hour))
	if err != nil {
		panic(err)
	}
	fmt.Println(r.Sum().OK(), "uses, last", r.Total.Last.Time.Format(time.RFC3339), "usually every", r.Rhythm().Usual)
	for _, c := range r.Callers() {
		fmt.Println(c.IP, c.Agent, c.Route, c.OK(), "times since", c.First.Format(time.DateOnly))
	}
	days := r.Days(time.UTC)
	fmt.Println("yesterday", days[len(days)-2].OK(), "today", days[len(days)-1].OK(), "and a month ago, known:", !days[0].Gap())
	// Output:
	// 40 uses, last 2026-11-23T14:32:00Z usually every 2h0m0s
	// 192.0.2.7 curl POST /deploy 40 times since 2026-11-22
	// yesterday 8 today 32 and a month ago, known: false
}
