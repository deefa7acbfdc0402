package lint_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
)

// only returns the single finding of a rule in a world.
func only(t *testing.T, w *world, id string) lint.Finding {
	t.Helper()
	list := lint.RunRules(w.Snapshot, []lint.Rule{ruleNamed(t, id)})
	if len(list) != 1 {
		t.Fatalf("%s: %d findings, want 1", id, len(list))
	}
	return list[0]
}

func TestASimplerListIsProposedWithItsNotes(t *testing.T) {
	for note, want := range map[string]string{
		"":             "pakdeck key edit build-bot/ci-deploy --allow 10.0.0.0/8",
		"the vpn's":    `pakdeck key edit build-bot/ci-deploy --allow '10.0.0.0/8 # the vpn'\''s'`,
		"vpn, office":  "",
		"a # b":        "",
		"@file":        "",
		keyString():    "",
		"not a secret": "pakdeck key edit build-bot/ci-deploy --allow '10.0.0.0/8 # not a secret'",
	} {
		w := newWorld()
		w.allow("10.0.0.0/8", "10.1.0.0/16")
		w.key().Rules.Allow[0].Note = note
		f := only(t, w, "PAK207")
		if f.Fix.Command != want {
			t.Errorf("note %q: %s, want %s", note, f.Fix.Command, want)
		}
		if e := []string{"allow       10.1.0.0/16", "allow       10.0.0.0/8"}; !slices.Equal(f.Evidence, e) {
			t.Errorf("evidence %q, want %q", f.Evidence, e)
		}
	}
}

func TestANameIsProposedIfTheConventionTakesIt(t *testing.T) {
	for name, want := range map[string]string{
		"Deploy Key (NEW)":     "pakdeck key edit 0000000000000k01 --name deploy-key-new",
		"支払い":                  "",
		"AKIAIOSFODNN7EXAMPLE": "",
	} {
		w := newWorld()
		w.key().Name = name
		if got := only(t, w, "PAK602").Fix.Command; got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}

func TestDurationsReadWell(t *testing.T) {
	for ago, want := range map[time.Duration]string{
		46 * day:           "unused for 46 days",
		47*day - time.Hour: "unused for 46 days",
	} {
		w := newWorld()
		w.used(ago)
		if got := only(t, w, "PAK106").Text; got != want {
			t.Errorf("%v: %q, want %q", ago, got, want)
		}
	}
	for left, want := range map[time.Duration]string{
		2 * day:           "in use and expires in 2 days",
		2*day - time.Hour: "in use and expires in 47 hours",
		90 * time.Minute:  "in use and expires in 1 hour",
	} {
		w := newWorld()
		w.ends(left)
		if got := only(t, w, "PAK103").Text; got != want {
			t.Errorf("%v: %q, want %q", left, got, want)
		}
	}
}

func TestADeadKeyIsLeftAlone(t *testing.T) {
	for _, list := range trials() {
		for _, c := range list {
			w := newWorld()
			c.spoil(w)
			for i := range w.Keys {
				w.Keys[i].Revoked = now
			}
			for _, f := range lint.Run(w.Snapshot) {
				if f.Object.Kind != lint.KindStore && f.Rule != "PAK605" && f.Rule != "PAK407" && !strings.HasPrefix(f.Rule, "PAK9") {
					t.Errorf("%s is told of revoked keys: %s (%s)", f.Rule, f.Text, c.name)
				}
			}
		}
	}
}
