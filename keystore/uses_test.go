package keystore_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/token"
)

func sighting(after time.Duration, ip string) keystore.Sighting {
	return keystore.Sighting{
		Time:   epoch.Add(after),
		Caller: keystore.Caller{IP: netip.MustParseAddr(ip), Agent: "curl/8.5", Route: "GET /v1/models"},
	}
}

func TestUsesAddUp(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	id := v.Current().ID
	first, last, refused := sighting(0, "10.0.0.1"), sighting(2*time.Minute, "2001:db8::1"), sighting(time.Minute, "203.0.113.7")
	for _, u := range []keystore.Uses{
		{First: sighting(time.Minute, "10.0.0.2"), Last: last, OK: 3},
		{First: first, Last: first, OK: 2, Denied: map[keystore.Outcome]uint64{keystore.IPDenied: 1}, LastDenied: refused, LastReason: keystore.IPDenied},
	} {
		must(t, f.RecordUses(t.Context(), keystore.UseBatch{Uses: map[token.ID]keystore.Uses{id: u}}))
	}
	got, err := f.Key(t.Context(), string(v.ID))
	must(t, err)
	want := keystore.Uses{
		First: first, Last: last, OK: 5, LastDenied: refused, LastReason: keystore.IPDenied,
		Denied: map[keystore.Outcome]uint64{keystore.IPDenied: 1},
	}
	if d := cmp.Diff(want, got.Uses, sameTimes); d != "" {
		t.Errorf("uses:\n%s", d)
	}
	keys, err := f.Keys(t.Context())
	must(t, err)
	if d := cmp.Diff(want, keys[0].Uses, sameTimes); d != "" {
		t.Errorf("uses in the list:\n%s", d)
	}
	if f.size() != 3 {
		t.Errorf("counts alone made journal records: %d in all, want 3", f.size())
	}
}

func TestACallersOwnWordsCannotSpoilTheStore(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	s := sighting(0, "10.0.0.1")
	s.Agent, s.Route = "\xff\xfe", "GET /\xc3"
	must(t, f.RecordUses(t.Context(), keystore.UseBatch{Uses: map[token.ID]keystore.Uses{v.Current().ID: {First: s, Last: s, OK: 1}}}))
	keys, err := f.Keys(t.Context())
	if err != nil || keys[0].Uses.Last.Agent != "\uFFFD" {
		t.Errorf("after an agent that is not UTF-8: %+v, %v", keys, err)
	}
}

func TestANotableUseIsARecord(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	use := keystore.Use{
		Sighting: sighting(time.Second, "203.0.113.70"), Outcome: keystore.IPDenied, Key: v.ID, Ref: v.Ref(),
		Secret: v.Current().ID, Reason: "denied by d1",
	}
	use.Agent = "evil\x1b[2J" + strings.Repeat("x", 5000)
	must(t, f.RecordUses(t.Context(), keystore.UseBatch{Notable: []keystore.Use{use}}))
	records := f.records()
	r := records[len(records)-1]
	if r.Event != "use" || r.Outcome != "ip_denied" || r.Object.ID != string(v.ID) ||
		r.Source.IP != "203.0.113.70" || r.Source.Secret != v.Current().ID.String() || !r.Time.Equal(use.Time) {
		t.Errorf("record = %+v", r)
	}
	if len(r.Source.Agent) > 300 {
		t.Errorf("the agent has %d bytes", len(r.Source.Agent))
	}
	if report, err := f.VerifyJournal(t.Context()); err != nil || !report.Intact {
		t.Errorf("journal: %+v, %v", report, err)
	}
}

func TestChangesSinceTellsWhatChanged(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	u := f.user("bot")
	v := f.key(u, "k")
	f.key(u, "other")
	all, err := f.ChangesSince(ctx, keystore.Position{})
	must(t, err)
	if !all.All || len(all.Users) != 1 || len(all.Keys) != 2 {
		t.Fatalf("from the start: all %v, %d users, %d keys", all.All, len(all.Users), len(all.Keys))
	}
	none, err := f.ChangesSince(ctx, all.Position)
	must(t, err)
	if none.All || len(none.Users)+len(none.Keys) != 0 || none.Position != all.Position {
		t.Errorf("nothing changed: %+v", none)
	}
	_, err = f.DisableKey(ctx, v.ID, v.Version)
	must(t, err)
	_, err = f.DisableUser(ctx, u.ID, u.Version)
	must(t, err)
	must(t, f.RecordUses(ctx, keystore.UseBatch{Notable: []keystore.Use{{Sighting: sighting(0, "10.0.0.1"), Outcome: keystore.OK, Key: v.ID}}}))
	some, err := f.ChangesSince(ctx, all.Position)
	must(t, err)
	if some.All || len(some.Users) != 1 || len(some.Keys) != 1 || some.Keys[0].ID != v.ID || some.Keys[0].DisabledAt.IsZero() {
		t.Errorf("changes = %+v", some)
	}
}

func TestAnotherHistoryIsReadWhole(t *testing.T) {
	f, other := newFixture(t), newFixture(t)
	f.user("bot")
	other.user("bot")
	other.user("bot2")
	foreign, err := other.ChangesSince(t.Context(), keystore.Position{})
	must(t, err)
	for name, since := range map[string]keystore.Position{
		"longer":      foreign.Position,
		"same length": {Size: 2, Last: foreign.Last},
	} {
		if c, err := f.ChangesSince(t.Context(), since); err != nil || !c.All {
			t.Errorf("%s: all %v, %v; want everything", name, c.All, err)
		}
	}
}

func TestUsesDoNotFillTheCheckpointFile(t *testing.T) {
	f := newFixture(t)
	note := func() {
		f.clock.Add(time.Second)
		must(t, f.RecordUses(t.Context(), keystore.UseBatch{Notable: []keystore.Use{{Sighting: sighting(0, "10.0.0.1"), Outcome: keystore.Unknown}}}))
	}
	count := func() int {
		side, err := journal.ReadCheckpointFile(f.CheckpointPath(), f.Verifier())
		must(t, err)
		return len(side)
	}
	for range 5 {
		note()
	}
	if n := count(); n != 2 {
		t.Errorf("%d checkpoints after the first uses, want 2: of the creation and of the first use", n)
	}
	f.clock.Add(time.Minute)
	note()
	f.user("bot")
	if n := count(); n != 4 {
		t.Errorf("%d checkpoints a minute and a change later, want 4", n)
	}
}
