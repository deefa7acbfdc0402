package lint

import (
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// noon is a Monday.
var noon = time.Date(2026, 11, 23, 12, 30, 0, 0, time.UTC)

// clocked returns a store on a clock that the test sets.
func clocked(t *testing.T) (st *keystore.Store, at *time.Time) {
	t.Helper()
	at = new(time.Time)
	*at = noon
	made := storetest.New(t)
	st, err := keystore.Open(t.Context(), made.Path(), keystore.WithClock(func() time.Time { return *at }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st, at
}

func TestActivityIsWhatWasRecorded(t *testing.T) {
	st, at := clocked(t)
	id := token.ID([]byte("secret000001"))
	record := func(ago time.Duration, ip string, o keystore.Outcome, n uint64) {
		t.Helper()
		*at = noon.Add(-ago)
		k := keystore.Tally{Secret: id, Hour: keystore.HourOf(*at), Outcome: o, Caller: keystore.Caller{IP: netip.MustParseAddr(ip), Agent: "curl"}}
		b := keystore.UseBatch{
			Uses:    map[token.ID]keystore.Uses{},
			Tallies: map[keystore.Tally]keystore.Count{k: {N: n, First: *at, Last: *at}},
		}
		if err := usage.NewRecorder(st).Record(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	record(60*day, "10.0.0.1", keystore.OK, 7)
	record(20*day, "10.0.0.2", keystore.OK, 30)
	record(3*time.Hour, "10.0.0.2", keystore.OK, 4)
	record(2*time.Hour, "10.0.0.3", keystore.IPDenied, 50)
	record(2*time.Hour, "10.0.0.4", keystore.IPDenied, 60)
	record(time.Hour, "10.0.0.3", keystore.IPDenied, 99)
	*at = noon
	s := take(t, st)
	a := s.Activity[id]
	if a == nil || a.OK() != 34 || a.Hours[12] != 30 || a.Today[9] != 4 || a.Days[0] != 4 || a.Days[14] != 0 {
		t.Fatalf("%+v", a)
	}
	if a.Worst.N != 110 || a.Worst.Outcome != keystore.IPDenied || !a.Worst.Start.Equal(noon.Truncate(time.Hour).Add(-2*time.Hour)) {
		t.Errorf("worst %+v", a.Worst)
	}
	hasty, err := Take(t.Context(), st, Options{Patience: 1})
	if err != nil || hasty.Activity != nil || hasty.Without != "uses, which could not be read within 1ns" {
		t.Errorf("without patience: %v, %v, %q", hasty.Activity, err, hasty.Without)
	}
	want := map[string]uint64{"10.0.0.1": 0, "10.0.0.2": 34, "10.0.0.3": 149, "10.0.0.4": 60}
	for _, x := range a.Seen {
		if n := x.Counts.OK() + x.Counts.Denied(); n != want[x.IP.String()] || x.Agent != "curl" {
			t.Errorf("%+v, want %d", x, want[x.IP.String()])
		}
	}
	if len(a.Seen) != 4 || !a.Seen[1].First.Equal(noon.Add(-20*day)) || !a.Seen[1].Last.Equal(noon.Add(-3*time.Hour)) {
		t.Errorf("seen %+v", a.Seen)
	}
}

func TestAKeyInAURLIsCounted(t *testing.T) {
	st, at := clocked(t)
	id := token.ID([]byte("secret000001"))
	for _, ago := range []time.Duration{40 * day, 2 * day, time.Hour} {
		*at = noon.Add(-ago)
		for _, route := range []string{"GET /v1/{key}/x", "GET /v1/x?{key}", "GET /v1/x"} {
			k := keystore.Tally{Secret: id, Hour: keystore.HourOf(*at), Outcome: keystore.OK, Caller: keystore.Caller{IP: netip.MustParseAddr("10.0.0.1"), Route: route}}
			b := keystore.UseBatch{Uses: map[token.ID]keystore.Uses{}, Tallies: map[keystore.Tally]keystore.Count{k: {N: 3, First: *at, Last: *at}}}
			if err := usage.NewRecorder(st).Record(t.Context(), b); err != nil {
				t.Fatal(err)
			}
		}
	}
	*at = noon
	if a := take(t, st).Activity[id]; a.InURL != 12 || !a.LastInURL.Equal(noon.Add(-time.Hour)) {
		t.Errorf("%d, last %v", a.InURL, a.LastInURL)
	}
}

func TestWhatVerifiersBelieveIsReadFromTheJournal(t *testing.T) {
	st, at := clocked(t)
	for _, said := range []struct {
		ago  time.Duration
		list []string
	}{{9 * day, []string{"10.9.9.9"}}, {2 * day, []string{"10.0.0.5", "unix"}}, {time.Hour, []string{"10.0.0.5", "10.7.1.2/16"}}} {
		*at = noon.Add(-said.ago)
		err := st.RecordEvent(t.Context(), journal.EventServeHeartbeat, "", journal.Change{Field: journal.FieldTrustedProxies, After: said.list})
		if err != nil {
			t.Fatal(err)
		}
	}
	*at = noon
	got := fmt.Sprint(take(t, st).Store.Proxies)
	if !strings.Contains(got, "10.0.0.5/32") || !strings.Contains(got, "10.7.0.0/16") || strings.Count(got, "/") != 2 {
		t.Errorf("%s", got)
	}
}

func TestSignsOfLifeAndJumpsOfTheClock(t *testing.T) {
	st, at := clocked(t)
	event := func(ago time.Duration, e journal.Event) {
		t.Helper()
		*at = noon.Add(-ago)
		if err := st.RecordEvent(t.Context(), e, ""); err != nil {
			t.Fatal(err)
		}
	}
	event(9*day, journal.EventServeStart)
	event(10*time.Hour, journal.EventServeStart)
	event(9*time.Hour, journal.EventServeHeartbeat)
	event(5*time.Hour, journal.EventServeStart)
	event(4*time.Hour, journal.EventServeStop)
	*at = noon
	s := take(t, st)
	if len(s.Store.Signs) != 4 || len(s.Store.Jumps) != 0 || !s.Store.Newest.Equal(noon.Add(-4*time.Hour)) {
		t.Fatalf("signs %+v, jumps %+v, newest %v", s.Store.Signs, s.Store.Jumps, s.Store.Newest)
	}
	if got := found(t, s, "PAK703"); !slices.Equal(got, []string{"a verifier was silent for 4 hours and had not ended"}) {
		t.Errorf("%q", got)
	}
	event(6*time.Hour, journal.EventServeStart)
	*at = noon
	if got := found(t, take(t, st), "PAK704"); !slices.Equal(got, []string{"the clock went back by 2h0m0s before record 6"}) {
		t.Errorf("%q", got)
	}
	event(-time.Hour, journal.EventServeStop)
	*at = noon
	if got := found(t, take(t, st), "PAK704"); len(got) != 2 || got[1] != "the newest record is 1h0m0s ahead of the clock here" {
		t.Errorf("%q", got)
	}
}

func TestADamagedStoreIsFound(t *testing.T) {
	st, _ := withKey(t)
	b, err := os.ReadFile(st.Path())
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		if string(b[i:min(len(b), i+14)]) == `"event":"user.` {
			b[i+9] = 'X'
		}
	}
	if err := os.WriteFile(st.Path(), b, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Take(t.Context(), st, Options{Journal: true})
	if err != nil || len(found(t, s, "PAK701")) != 1 {
		t.Errorf("%v, %+v", err, s.Store.Journal)
	}
}
