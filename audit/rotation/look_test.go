package rotation

import (
	"net/netip"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/keystore/token"
)

type fixture struct {
	*keystore.Store
	t   *testing.T
	at  time.Time
	rec *usage.Recorder
}

func newFixture(t *testing.T) *fixture {
	f := &fixture{t: t, at: now.Add(-10 * day)}
	st := storetest.New(t, keystore.WithClock(func() time.Time { return f.at }))
	f.Store, f.rec = st, usage.NewRecorder(st)
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// use records a use now, as a verifier would.
func (f *fixture) use(id token.ID, ip string) {
	f.t.Helper()
	who := keystore.Caller{IP: netip.MustParseAddr(ip), Agent: "curl", Route: "GET /"}
	s := keystore.Sighting{Time: f.at, Caller: who}
	must(f.t, f.rec.Record(f.t.Context(), keystore.UseBatch{
		Uses: map[token.ID]keystore.Uses{id: {First: s, Last: s, OK: 1}},
		Tallies: map[keystore.Tally]keystore.Count{
			{Secret: id, Hour: keystore.HourOf(f.at), Caller: who, Outcome: keystore.OK}: {N: 1, First: f.at, Last: f.at},
		},
	}))
}

// listen lets a verifier count for a time.
func (f *fixture) listen(d time.Duration) {
	f.t.Helper()
	for end := f.at.Add(d); f.at.Before(end); f.at = f.at.Add(time.Minute) {
		must(f.t, f.rec.Record(f.t.Context(), keystore.UseBatch{Watched: keystore.Span{From: f.at, To: f.at.Add(time.Minute - 1)}}))
	}
}

func (f *fixture) look(id keystore.KeyID) View {
	f.t.Helper()
	k, err := f.Key(f.t.Context(), string(id))
	must(f.t, err)
	v, err := Look(f.t.Context(), f.Store, k, day)
	must(f.t, err)
	return v
}

func TestLookFollowsARotation(t *testing.T) {
	f := newFixture(t)
	u, err := f.AddUser(t.Context(), keystore.NewUser{Name: "bot"})
	must(t, err)
	k, _, err := f.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "k"})
	must(t, err)
	old := k.Current().ID
	for range 9 * 24 {
		f.use(old, "10.0.0.1")
		f.at = f.at.Add(time.Hour)
	}
	if v := f.look(k.ID); v.Rotating() || len(v.NewUses) != 24 {
		t.Errorf("before the rotation: rotating %v, %d hours", v.Rotating(), len(v.NewUses))
	}
	k, _, err = f.RotateKey(t.Context(), k.ID, k.Version, keystore.Rotation{After: 24 * time.Hour})
	must(t, err)
	f.use(old, "10.0.0.1")
	v := f.look(k.ID)
	if !v.Rotating() || v.Old.ID != old || v.Verdict.Safe || len(v.Verdict.Clients) != 1 || v.Verdict.Clients[0].Usual != time.Hour {
		t.Errorf("right after it: %+v", v.Verdict)
	}
	f.use(k.Current().ID, "10.0.0.1")
	f.listen(3 * time.Hour)
	f.use(k.Current().ID, "10.0.0.1")
	v = f.look(k.ID)
	if !v.Verdict.Safe || v.Verdict.Clients[0].State != Switched {
		t.Errorf("three hours after the switch: %+v", v.Verdict)
	}
	f.use(old, "10.0.0.2")
	if v = f.look(k.ID); v.Verdict.Safe || v.Verdict.Clients[0].IP.String() != "10.0.0.2" {
		t.Errorf("somebody new on the old secret: %+v", v.Verdict)
	}
}

func TestDaysTellTheRhythmThatHoursNoMoreDo(t *testing.T) {
	f := newFixture(t)
	u, err := f.AddUser(t.Context(), keystore.NewUser{Name: "bot"})
	must(t, err)
	k, _, err := f.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "k"})
	must(t, err)
	for range 5 {
		f.use(k.Current().ID, "10.0.0.1")
		f.at = f.at.Add(7 * day)
	}
	k, _, err = f.RotateKey(t.Context(), k.ID, k.Version, keystore.Rotation{After: 24 * time.Hour})
	must(t, err)
	v := f.look(k.ID)
	if c := v.Verdict.Clients[0]; c.Usual != 7*day || c.Longest != 7*day || v.Verdict.Safe {
		t.Errorf("usual %v, longest %v, %+v", c.Usual, c.Longest, v.Verdict)
	}
}
