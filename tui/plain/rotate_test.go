package plain_test

import (
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

const rotated = "edge/edge-gateway-eu"

// use lets a secret be used now, while a verifier counts.
func use(t *testing.T, st *decktest.Store, id token.ID, o keystore.Outcome) {
	t.Helper()
	at := st.Clock.Now()
	who := keystore.Caller{IP: netip.MustParseAddr("198.51.100.7"), Agent: "curl", Route: "GET /"}
	s := keystore.Sighting{Time: at, Caller: who}
	err := usage.NewRecorder(st.Store).Record(t.Context(), keystore.UseBatch{
		Uses:    map[token.ID]keystore.Uses{id: {First: s, Last: s, OK: 1}},
		Tallies: map[keystore.Tally]keystore.Count{{Secret: id, Hour: keystore.HourOf(at), Outcome: o, Caller: who}: {N: 3, First: at, Last: at}},
		Watched: keystore.Span{From: at, To: at.Add(time.Minute)},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAKeyIsRotatedWatchedAndRetired(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(t, st, "rotation "+rotated, "retire "+rotated, "rotate "+rotated, "soon", "never", "400d", "24h", "yes", "", "")
	want(
		t, said, "Only one secret of "+rotated+" works", "Failed: only one secret", `"soon"`, "the old secret has to end", "at most",
		"The old secret works until 2026-11-24 14:32 UTC, in 1 d.", "Gave "+rotated+" a new secret.",
	)
	if len(keyString.FindAllString(said, -1)) != 1 {
		t.Errorf("the new key string is not there once:\n%s", said)
	}
	v := st.Key(rotated)
	old, _ := v.RetiringAt(st.Clock.Now())
	use(t, st, old.ID, keystore.OK)
	said = converse(t, st, "rotate "+rotated, "24h", ".", "rotation "+rotated, "retire "+rotated, "yes", "retire "+rotated, "edge-gateway-eu")
	want(
		t, said, "Old secret: "+old.ID.String()+", works until", "Caller of the old one: 198.51.100.7 with curl, uses it",
		"Not safe to retire: 2 of 2 callers still use it", "Nothing was changed.", "Retired "+old.ID.String()+" of "+rotated,
	)
	if _, works := st.Key(rotated).RetiringAt(st.Clock.Now()); works {
		t.Error("the old secret works on")
	}
}

func TestAnEmergencyWantsTheName(t *testing.T) {
	for answer, changed := range map[string]bool{"yes": false, "edge-gateway-eu": true} {
		st := decktest.Sample(t)
		before := st.Key(rotated)
		said := converse(t, st, "rotate "+rotated, "now", answer, "", "")
		want(t, said, "Whoever uses it is cut off.")
		if after := st.Key(rotated); changed != (after.Current().ID != before.Current().ID) {
			t.Errorf("%q: %s became %s", answer, before.Current().ID, after.Current().ID)
		}
	}
}

func TestARotationIsCalledOff(t *testing.T) {
	st := decktest.Sample(t)
	before := st.Key(rotated).Current().ID
	converse(t, st, "rotate "+rotated, "after 2h", "yes", "", "")
	use(t, st, st.Key(rotated).Current().ID, keystore.OK)
	want(t, converse(t, st, "calloff "+rotated, "yes", "calloff "+rotated, "edge-gateway-eu"),
		"Called the rotation", "Nothing was changed.", "Called the rotation of "+rotated+" off.")
	if now := st.Key(rotated).Current().ID; now != before {
		t.Errorf("%s works, not %s", now, before)
	}
}

func TestSeveralKeysAreChangedAfterTheirNumberWasTyped(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []string
		want    []string
		changed bool
	}{
		{"the number", []string{"bulk user:edge", "disable", "", "3"}, []string{"edge/edge-gateway-eu, used", "disabled none -> 2026-11-23 14:32", "3 keys would change", "Changed 3 of 3 keys."}, true},
		{"another number", []string{"bulk", "user:edge", "disable", "maybe", "no", "2"}, []string{"Nothing was changed."}, false},
		{"a yes", []string{"bulk user:edge", "disable", "no", "yes"}, []string{"Nothing was changed."}, false},
		{"no such change", []string{"bulk user:edge", "explode", "."}, []string{`"explode" is none of them`}, false},
		{"nothing to change", []string{"bulk user:edge", "enable"}, []string{"edge/edge-gateway-eu stays as it is.", "no key would change"}, false},
		{"revoked", []string{"bulk user:edge", "revoke", "moved", "no", "3"}, []string{"revoke_reason none -> moved", "Changed 3 of 3 keys."}, true},
		{"extended", []string{"bulk user:edge", "1", "soon", "30d", "", "3"}, []string{`"soon"`, "expires 2027", "Changed 3 of 3 keys."}, true},
		{"all or none", []string{"bulk user:edge", "description", "at the edge", "yes", "3"}, []string{"description none -> at the edge", "Changed 3 of 3 keys."}, true},
		{"taken back", []string{"keys user:edge", "bulk 1-3", "disable", "yes", "3", "undo", "yes"}, []string{"3 keys.", "Took back the changes of 3 keys."}, true},
		{"no key", []string{"bulk user:nobody"}, []string{"no key matches"}, false},
		{"no filter", []string{"bulk x:y"}, []string{"Failed: "}, false},
	} {
		st := decktest.Sample(t)
		before := st.Key(rotated)
		want(t, converse(t, st, c.answers...), c.want...)
		if after := st.Key(string(before.ID)); c.changed != (after.Version != before.Version) {
			t.Errorf("%s: version %d became %d", c.name, before.Version, after.Version)
		}
	}
}

func TestUsesFindingsAndWhatIsDueAreTold(t *testing.T) {
	st := decktest.Sample(t)
	use(t, st, st.Key(rotated).Current().ID, keystore.IPDenied)
	said := converse(t, st, "usage "+rotated, "usage", "lint legacy/legacy-sync", "finding 1", "finding 99", "due", "key 1")
	want(
		t, said, rotated+", last 30 days: ", "From 198.51.100.7: 0 uses, 3 refused, last just now", "Refused as ip_denied: 920", "Sun 2026-11-22: ", "From 198.51.100.7: ", "All keys, last 30 days: ",
		"1. error, PAK", "Evidence: ", "Fix: ", "Why: ", `"99" is no number of the last list of findings`, "1. build-bot/ci-deploy-staging expires, 2026-11-25", "Key: build-bot/ci-deploy-staging",
	)
	if strings.Contains(said, "panic") {
		t.Error(said)
	}
}

func TestTheJournalIsReadAndVerified(t *testing.T) {
	st := decktest.Sample(t)
	head, err := st.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	last := strconv.FormatInt(head.Size, 10)
	said := converse(t, st, "edit "+rotated, "", "", "", "", "", "60d", "", "yes", "journal event:key.edit", "record "+last, "record 9999", "record x", "verify")
	want(t, said, last+". 2026-11-23 14:32 UTC, key.edit "+rotated, "record "+last+":", "rotate_every: 60 days", "Proof:", "holds: ", "To save the proof: prove "+last, "9999", `"x" is no number of a record`, "Intact: ")

	path := st.Path() + ".checkpoints"
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := decktest.Sample(t)
	if err := os.WriteFile(other.Path()+".checkpoints", kept, 0o600); err != nil {
		t.Fatal(err)
	}
	want(t, converse(t, other, "verify"), "Failed: ")
}

func TestARevocationIsTakenBack(t *testing.T) {
	st := decktest.Sample(t)
	want(t, converse(t, st, "revoke "+rotated, "a slip", "edge-gateway-eu", "unrevoke "+rotated, "yes"), "It can be restored within 1h.", "Restored "+rotated)
	if !st.Key(rotated).Revoked.IsZero() {
		t.Error("it is revoked")
	}
}
