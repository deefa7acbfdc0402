package lint_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
)

// spoilt returns a world with much that is wrong.
func spoilt() *world {
	w := newWorld()
	w.more(8)
	w.own(func(u *keystore.User) { u.Contact = "" })
	for i := range w.Keys {
		k := &w.Keys[i]
		switch i % 4 {
		case 0:
			k.Scopes, k.Description = nil, ""
		case 1:
			k.Rules.Allow = entries("192.0.2.0/25", "192.0.2.128/25", "10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16")
		case 2:
			k.Rules.Allow = nil
		case 3:
			k.Name = fmt.Sprintf("ci-deplo%c", 'a'+i)
		}
	}
	w.Store.Files[0].Mode |= 0o077
	return w
}

// sameChange compares changes, which hold values that cmp cannot look into.
var sameChange = cmp.Comparer(func(a, b *lint.Change) bool { return reflect.DeepEqual(a, b) })

func TestRunIsTheSameForEveryOrderOfKeys(t *testing.T) {
	want := lint.Run(spoilt().Snapshot)
	if len(want) < 20 {
		t.Fatalf("only %d findings", len(want))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		w := spoilt()
		r.Shuffle(len(w.Keys), func(i, j int) { w.Keys[i], w.Keys[j] = w.Keys[j], w.Keys[i] })
		if d := cmp.Diff(want, lint.Run(w.Snapshot), sameChange); d != "" {
			t.Fatalf("shuffled keys give other findings:\n%s", d)
		}
	}
}

func TestFindingsComeGravestFirst(t *testing.T) {
	list := lint.Run(spoilt().Snapshot)
	if !slices.IsSortedFunc(list, func(a, b lint.Finding) int {
		return slices.Index(lint.Severities[:], a.Severity) - slices.Index(lint.Severities[:], b.Severity)
	}) {
		t.Error("the findings are not sorted by severity")
	}
}

func TestRunLeavesTheSnapshotAsItIs(t *testing.T) {
	w, same := spoilt(), spoilt()
	lint.Run(w.Snapshot)
	if d := cmp.Diff(fmt.Sprintf("%+v", same.Snapshot.Keys), fmt.Sprintf("%+v", w.Snapshot.Keys)); d != "" {
		t.Errorf("Run changed the keys:\n%s", d)
	}
}

func TestFingerprintsTellFindingsApart(t *testing.T) {
	seen := map[string]lint.Finding{}
	for _, f := range lint.Run(spoilt().Snapshot) {
		if len(f.Fingerprint) != 16 {
			t.Errorf("fingerprint %q", f.Fingerprint)
		}
		if other, ok := seen[f.Fingerprint]; ok {
			t.Errorf("%s is the fingerprint of\n%+v\n%+v", f.Fingerprint, other, f)
		}
		seen[f.Fingerprint] = f
	}
}

func TestAFingerprintOutlivesTheWordingAndTheName(t *testing.T) {
	first := lint.RunRules(func() lint.Snapshot { w := newWorld(); w.used(46 * day); return w.Snapshot }(), []lint.Rule{ruleNamed(t, "PAK106")})
	w := newWorld()
	w.used(60 * day)
	w.key().Name = "other"
	later := lint.RunRules(w.Snapshot, []lint.Rule{ruleNamed(t, "PAK106")})
	if len(first) != 1 || len(later) != 1 || first[0].Text == later[0].Text || first[0].Fingerprint != later[0].Fingerprint {
		t.Errorf("%+v\n%+v\nwant other texts and one fingerprint", first, later)
	}
}

func TestAnEmptySnapshotHasNothingWrongWithIt(t *testing.T) {
	if list := lint.Run(lint.Snapshot{}); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

func TestScores(t *testing.T) {
	for _, c := range []struct {
		counts lint.Counts
		want   int
	}{
		{lint.Counts{}, 100},
		{lint.Counts{Error: 1, Warning: 2, Info: 3}, 56},
		{lint.Counts{Error: 4}, 0},
		{lint.Counts{Warning: 13}, 0},
	} {
		if got := c.counts.Score(); got != c.want {
			t.Errorf("%+v has score %d, want %d", c.counts, got, c.want)
		}
	}
	list := lint.Run(spoilt().Snapshot)
	total := lint.Counts{}
	for _, c := range lint.ByObject(list) {
		total.Error, total.Warning, total.Info = total.Error+c.Error, total.Warning+c.Warning, total.Info+c.Info
	}
	if total != lint.Count(list) || total.Total() != len(list) {
		t.Errorf("by object %+v, in all %+v of %d", total, lint.Count(list), len(list))
	}
}

func TestSeveritiesCompare(t *testing.T) {
	for _, c := range []struct {
		s, least lint.Severity
		want     bool
	}{
		{lint.Error, lint.Warning, true},
		{lint.Warning, lint.Warning, true},
		{lint.Info, lint.Warning, false},
		{lint.Error, "", false},
	} {
		if got := c.s.AtLeast(c.least); got != c.want {
			t.Errorf("%q at least %q: %v", c.s, c.least, got)
		}
	}
}

func TestNoFindingHoldsASecret(t *testing.T) {
	secret := keyString()
	w := newWorld()
	w.more(7)
	for i := range w.Keys {
		k := &w.Keys[i]
		k.Name = "old " + secret + strings.Repeat("x", i)
		k.Description = "was " + secret
		k.Scopes, k.Expires = nil, k.Created
		k.Expires = now.Add(day)
		k.Rules.Allow = entries("10.0.0.0/8", "10.1.0.0/16")
		k.Rules.Allow[0].Note = secret
	}
	list := lint.Run(w.Snapshot)
	if len(list) < 30 {
		t.Fatalf("only %d findings", len(list))
	}
	tail := secret[20:]
	for _, f := range list {
		if s := fmt.Sprintf("%+v %+v", f, f.Fix); strings.Contains(s, tail) {
			t.Errorf("%s gives the secret away", f.Rule)
		}
	}
}

func TestACommandNamesAHostileKeyByItsID(t *testing.T) {
	for _, name := range []string{"$(reboot)", "a b", "--help", "x;y", "it's", "AKIAIOSFODNN7EXAMPLE"} {
		w := newWorld()
		w.key().Name = name
		w.used(60 * day)
		for _, f := range lint.RunRules(w.Snapshot, []lint.Rule{ruleNamed(t, "PAK106")}) {
			want := "pakdeck key disable 0000000000000k01"
			if name == "--help" {
				want = "pakdeck key disable build-bot/--help"
			}
			if f.Fix.Command != want {
				t.Errorf("%q: %s", name, f.Fix.Command)
			}
		}
	}
}

func TestAProposedEndKeepsToThePolicy(t *testing.T) {
	for most, want := range map[time.Duration]string{
		0:        "--expires 2027-01-12T14:32:00Z",
		60 * day: "--expires 2026-12-13T14:32:00Z",
		40 * day: "",
	} {
		w := newWorld()
		w.key().Expires = time.Time{}
		w.Policy.MaxLifetime = most
		list := lint.RunRules(w.Snapshot, []lint.Rule{ruleNamed(t, "PAK101")})
		if len(list) != 1 || !strings.HasSuffix(list[0].Fix.Command, want) || (list[0].Fix.Command == "") != (want == "") {
			t.Errorf("at most %v: %+v, want %q", most, list[0].Fix, want)
		}
	}
}

// TestFingerprintsOutliveRenames renames everything that has a name: whoever
// follows findings by their fingerprints must not lose one.
func TestFingerprintsOutliveRenames(t *testing.T) {
	fingerprints := func(w *world) string {
		var out []string
		for _, f := range lint.Run(w.Snapshot) {
			if f.Rule != "PAK601" && f.Rule != "PAK602" { // they judge names
				out = append(out, f.Rule+" "+f.Fingerprint)
			}
		}
		return strings.Join(out, "\n")
	}
	spoilt := func() *world {
		w := newWorld()
		w.own(func(u *keystore.User) { u.Contact = "" })
		k := w.key()
		k.Scopes, k.Expires, k.Description = nil, time.Time{}, ""
		w.allow("10.0.0.0/8", "10.4.7.0/26", "10.4.7.0/27")
		w.Store.Files[1].Mode = 0o644
		w.signs(beat(9*time.Hour), beat(time.Hour))
		return w
	}
	before := spoilt()
	after := spoilt()
	after.own(func(u *keystore.User) { u.Name = "robot" })
	after.key().Name, after.Store.Path = "rollout", "/srv/pakdeck/store.db"
	want, got := fingerprints(before), fingerprints(after)
	if want != got || strings.Count(want, "\n") < 5 {
		t.Errorf("before\n%s\nafter\n%s", want, got)
	}
}
