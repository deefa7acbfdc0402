package review_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// as opens the store for somebody else.
func (f *fixture) as(a keystore.Actor) *keystore.Store {
	f.t.Helper()
	st, err := keystore.Open(f.t.Context(), f.Path(), keystore.WithActor(a), keystore.WithClock(func() time.Time { return f.at }))
	must(f.t, err)
	f.t.Cleanup(func() { _ = st.Close() })
	return st
}

// sudo is somebody who works as root.
func sudo(who string) keystore.Actor {
	return keystore.Actor{User: "root", Claims: journal.Claims{SudoUser: who}}
}

func TestWhoHasAStakeInAKey(t *testing.T) {
	f := newFixture(t)
	makers := map[string]keystore.Actor{
		"mira": {UID: 1000, User: "mira"}, "root": {User: "root"}, "root for mira": sudo("mira"),
	}
	for name, who := range makers {
		(&fixture{f.as(who), t, f.at}).add(strings.ReplaceAll(name, " ", "-"))
	}
	for _, c := range []struct {
		by   string
		who  keystore.Actor
		want review.Stake
	}{
		{"mira", keystore.Actor{UID: 1000, User: "mira"}, review.Creator},
		{"mira", keystore.Actor{UID: 1000, User: "mira2"}, review.Creator},
		{"mira", keystore.Actor{UID: 1001, User: "jonas"}, review.NoStake},
		{"mira", sudo("mira"), review.Creator},
		{"mira", sudo("jonas"), review.NoStake},
		{"mira", keystore.Actor{UID: 7, User: "BOT"}, review.Owner},
		{"mira", sudo("bot"), review.Owner},
		{"root", keystore.Actor{User: "root"}, review.Creator},
		{"root", sudo("jonas"), review.Creator}, // a claim makes nobody somebody else
		{"root-for-mira", sudo("mira"), review.Creator},
		{"root-for-mira", sudo("jonas"), review.NoStake},
		{"root-for-mira", keystore.Actor{UID: 1000, User: "mira"}, review.Creator},
		{"root-for-mira", keystore.Actor{User: "root"}, review.Creator},
	} {
		got, err := review.StakeOf(t.Context(), f.as(c.who), f.key(c.by))
		if err != nil || got != c.want {
			t.Errorf("%+v looks at what %s made: %q, %v; want %q", c.who, c.by, got, err, c.want)
		}
	}
}

func TestAKeyThatNobodyMadeHasNoCreator(t *testing.T) {
	f := newFixture(t, "a")
	ghost := f.key("a")
	ghost.ID = "0000000000000000"
	if got, err := review.StakeOf(t.Context(), f.Store, ghost); err == nil {
		t.Errorf("%q", got)
	}
}

func TestTheReportSaysWhoIsNoSecondPerson(t *testing.T) {
	f := newFixture(t, "a", "b")
	jonas := f.as(keystore.Actor{UID: 1001, User: "jonas"})
	_, err := review.Begin(t.Context(), jonas)
	must(t, err)
	f.decide("a", review.Keep, "")
	_, err = review.Decide(t.Context(), jonas, f.key("b"), review.Keep, "")
	must(t, err)
	r, err := review.Make(t.Context(), f.Store, f.load(0))
	must(t, err)
	if r.Self != 1 || r.Decisions[0].Self != review.Creator || r.Decisions[1].Self != review.NoStake {
		t.Errorf("%+v", r)
	}
	signed, err := review.Sign(f.Store, r)
	must(t, err)
	for _, want := range []string{"the owner or the creator of the key: 1\n", "## No second person looked at\n\n- bot/a: keep, mira created it\n"} {
		if !strings.Contains(string(signed), want) {
			t.Errorf("the report lacks %q:\n%s", want, signed)
		}
	}
}

func TestFourEyesRefuseToKeep(t *testing.T) {
	f := newFixture(t, "a")
	must(t, os.WriteFile(f.PolicyPath(), []byte("[review]\nfour_eyes = true\n"), 0o600))
	_, err := review.Begin(t.Context(), f.Store)
	must(t, err)
	_, err = review.Decide(t.Context(), f.Store, f.key("a"), review.Keep, "")
	if !errors.Is(err, keystore.ErrPolicy) || !strings.Contains(err.Error(), "somebody else must keep bot/a: mira created it") {
		t.Fatalf("%v", err)
	}
	f.decide("a", review.Revoke, "not needed")
	_, err = review.Decide(t.Context(), f.as(keystore.Actor{UID: 1001, User: "jonas"}), f.key("a"), review.Keep, "")
	must(t, err)
	must(t, os.WriteFile(f.PolicyPath(), []byte("[review]\nfour_eye = true\n"), 0o600))
	if _, err = review.Decide(t.Context(), f.Store, f.key("a"), review.Revoke, "x"); err == nil || !strings.Contains(err.Error(), `"review.four_eye"`) {
		t.Errorf("with a typo in the policy: %v", err)
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add("[review]\nfour_eyes = true\n")
	f.Add("[review]\nfour_eyes = 1\n[lint]\nx = 2")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := review.ParsePolicy(text)
		if err != nil && p != (review.Policy{}) {
			t.Errorf("%+v and %v", p, err)
		}
	})
}
