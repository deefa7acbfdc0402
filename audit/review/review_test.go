package review_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/storetest"
)

type fixture struct {
	*keystore.Store
	t  *testing.T
	at time.Time
}

func newFixture(t *testing.T, names ...string) *fixture {
	t.Helper()
	f := &fixture{t: t, at: time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)}
	f.Store = storetest.New(t, keystore.WithClock(func() time.Time { return f.at }), keystore.WithActor(keystore.Actor{User: "mira"}))
	_, err := f.AddUser(t.Context(), keystore.NewUser{Name: "bot", Kind: keystore.Service})
	must(t, err)
	for _, n := range names {
		f.add(n)
	}
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// add issues a key an hour later.
func (f *fixture) add(name string) keystore.KeyView {
	f.t.Helper()
	f.at = f.at.Add(time.Hour)
	u, err := f.User(f.t.Context(), "bot")
	must(f.t, err)
	k, _, err := f.CreateKey(f.t.Context(), keystore.NewKey{User: u.ID, Name: name})
	must(f.t, err)
	return k
}

func (f *fixture) key(name string) keystore.KeyView {
	f.t.Helper()
	k, err := f.Key(f.t.Context(), "bot/"+name)
	must(f.t, err)
	return k
}

func (f *fixture) decide(name string, v review.Verdict, comment string) {
	f.t.Helper()
	f.at = f.at.Add(time.Minute)
	_, err := review.Decide(f.t.Context(), f.Store, f.key(name), v, comment)
	must(f.t, err)
}

func (f *fixture) load(n int) review.State {
	f.t.Helper()
	s, err := review.Load(f.t.Context(), f.Store, n)
	must(f.t, err)
	return s
}

func (f *fixture) left() (names []string) {
	f.t.Helper()
	keys, err := f.Keys(f.t.Context())
	must(f.t, err)
	for _, k := range f.load(0).Left(keys) {
		names = append(names, k.Name)
	}
	return names
}

func TestASessionIsLeftAndTakenUp(t *testing.T) {
	f := newFixture(t, "b", "a", "c")
	_, err := review.Load(t.Context(), f.Store, 0)
	if !errors.Is(err, review.ErrNone) {
		t.Fatalf("before the first: %v", err)
	}
	s, err := review.Begin(t.Context(), f.Store)
	must(t, err)
	if s.Number != 1 || s.By != "mira" {
		t.Errorf("%+v", s)
	}
	if _, err := review.Begin(t.Context(), f.Store); !errors.Is(err, review.ErrOpen) {
		t.Errorf("begun twice: %v", err)
	}
	if got := fmt.Sprint(f.left()); got != "[a b c]" {
		t.Errorf("left %s", got)
	}
	f.decide("b", review.Keep, "")
	f.add("later")
	other, err := keystore.Open(t.Context(), f.Path(), keystore.WithActor(keystore.Actor{User: "jonas"}))
	must(t, err)
	t.Cleanup(func() { _ = other.Close() })
	d, err := review.Decide(t.Context(), other, f.key("a"), review.Revoke, "nobody knows it")
	must(t, err)
	if d.By != "jonas" || fmt.Sprint(f.left()) != "[c]" {
		t.Errorf("%+v, left %v", d, f.left())
	}
	f.decide("a", review.Disable, "to be sure")
	if got := f.load(0).Decisions[f.key("a").ID]; got.Verdict != review.Disable || got.By != "mira" || len(f.load(0).Decisions) != 2 {
		t.Errorf("decided again: %+v", got)
	}
	if _, err := review.Decide(t.Context(), f.Store, f.key("later"), review.Keep, ""); !errors.Is(err, keystore.ErrInvalid) {
		t.Errorf("a key that was not there: %v", err)
	}
	_, err = review.End(t.Context(), f.Store)
	must(t, err)
	if _, err := review.Decide(t.Context(), f.Store, f.key("c"), review.Keep, ""); !errors.Is(err, review.ErrNone) {
		t.Errorf("decided after the end: %v", err)
	}
	if _, err := review.End(t.Context(), f.Store); !errors.Is(err, review.ErrNone) {
		t.Errorf("ended twice: %v", err)
	}
	if _, err := review.Load(t.Context(), f.Store, 7); !errors.Is(err, review.ErrNone) {
		t.Errorf("a review that never was: %v", err)
	}
}

func TestEverythingButKeepWantsAComment(t *testing.T) {
	f := newFixture(t, "a")
	_, err := review.Begin(t.Context(), f.Store)
	must(t, err)
	for _, c := range []struct{ v, comment string }{{"revoke", ""}, {"burn", "why"}, {"ask", "a\nb"}, {"keep", " a"}} {
		if _, err := review.Decide(t.Context(), f.Store, f.key("a"), review.Verdict(c.v), c.comment); !errors.Is(err, keystore.ErrInvalid) {
			t.Errorf("%s %q: %v", c.v, c.comment, err)
		}
	}
	if len(f.load(0).Decisions) != 0 {
		t.Error("something was decided")
	}
}

func TestDecisionsAreJournalled(t *testing.T) {
	f := newFixture(t, "a")
	_, err := review.Begin(t.Context(), f.Store)
	must(t, err)
	f.decide("a", review.Rotate, "old")
	f.decide("a", review.Keep, "")
	_, err = review.End(t.Context(), f.Store)
	must(t, err)
	var got []string
	must(t, f.Journal(t.Context(), 0, func(_ int64, raw []byte) error {
		r, err := journal.Decode(raw)
		if strings.HasPrefix(r.Event, "review.") {
			got = append(got, r.Event+" "+r.Object.Name)
		}
		return err
	}))
	want := "[review.begin review 1 review.decide bot/a review.decide bot/a review.end review 1]"
	if fmt.Sprint(got) != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestTheReportTellsCoverageAndDifferences(t *testing.T) {
	f := newFixture(t, "a", "b", "c")
	_, err := review.Begin(t.Context(), f.Store)
	must(t, err)
	f.decide("a", review.Keep, "")
	f.decide("b", review.Revoke, "done with")
	f.decide("c", review.Ask, "what is `it`?")
	_, err = review.End(t.Context(), f.Store)
	must(t, err)
	f.at = f.at.Add(time.Hour)
	k := f.key("b")
	_, err = f.RevokeKey(t.Context(), k.ID, k.Version, "as reviewed")
	must(t, err)
	f.add("new")
	f.at = f.at.Add(time.Hour)
	_, err = review.Begin(t.Context(), f.Store)
	must(t, err)
	f.decide("c", review.Keep, "it is the importer")
	text := "another description"
	c := f.key("c")
	_, err = f.EditKey(t.Context(), c.ID, c.Version, keystore.KeyEdit{Description: &text})
	must(t, err)
	r, err := review.Make(t.Context(), f.Store, f.load(0))
	must(t, err)
	if r.Review != 2 || r.Coverage != (review.Coverage{Keys: 3, Decided: 1}) || fmt.Sprint(r.Left) != "[bot/a bot/new]" || r.Ended != nil {
		t.Errorf("%+v", r)
	}
	if d := r.Since; d == nil || d.Review != 1 || fmt.Sprint(d.New) != "[bot/new]" || fmt.Sprint(d.Gone) != "[bot/b]" || d.Changed != 1 {
		t.Errorf("%+v", d)
	}
	if l := r.Decisions[0]; l.Before != review.Ask || !l.Changed || l.Ref != "bot/c" {
		t.Errorf("%+v", l)
	}
	first, err := review.Make(t.Context(), f.Store, f.load(1))
	must(t, err)
	if first.Since != nil || first.Verdicts[review.Revoke] != 1 || len(first.Left) != 0 || first.Ended == nil {
		t.Errorf("%+v", first)
	}
}

func TestTheReportIsSignedWithTheJournalsKey(t *testing.T) {
	f := newFixture(t, "a|b_c")
	_, err := review.Begin(t.Context(), f.Store)
	must(t, err)
	f.decide("a|b_c", review.Restrict, "narrow <it>")
	r, err := review.Make(t.Context(), f.Store, f.load(0))
	must(t, err)
	signed, err := review.Sign(f.Store, r)
	must(t, err)
	v, err := note.NewVerifier(f.VerifierKey())
	must(t, err)
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		t.Fatalf("with the public key alone: %v", err)
	}
	b, err := r.JSON()
	must(t, err)
	sum := sha256.Sum256(b)
	for _, want := range []string{hex.EncodeToString(sum[:]), r.Checkpoint.Root, `| bot/a\|b\_c | restrict | narrow \<it\> | mira |`} {
		if !strings.Contains(n.Text, want) {
			t.Errorf("the report lacks %q:\n%s", want, n.Text)
		}
	}
	if _, err := f.OpenReport(signed); err != nil {
		t.Error(err)
	}
	changed := strings.Replace(string(signed), "restrict", "keep", 1)
	if _, err := f.OpenReport([]byte(changed)); err == nil {
		t.Error("a changed report was taken")
	}
}

func TestNobodyGetsACheckpointSigned(t *testing.T) {
	f := newFixture(t)
	head, err := f.Head(t.Context())
	must(t, err)
	forged := f.Origin() + "\n99\n" + strings.Repeat("A", 43) + "=\n"
	for _, text := range []string{forged, "\n" + forged, "# x", f.Origin() + " \n1\nAAAA\n", ""} {
		if b, err := f.SignReport(text); err == nil {
			t.Errorf("signed %q beside checkpoint %d", b, head.Size)
		}
	}
}
