package past_test

import (
	"context"
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/past"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/storetest"
)

// world is a store whose clock moves by an hour at each step.
type world struct {
	*testing.T
	st  *keystore.Store
	now time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, now: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)}
	w.st = storetest.New(t, keystore.WithClock(func() time.Time { return w.now }))
	return w
}

// step does something, and returns the time just after it.
func (w *world) step(do func(context.Context) error) time.Time {
	w.Helper()
	w.now = w.now.Add(time.Hour)
	if err := do(w.Context()); err != nil {
		w.Fatal(err)
	}
	return w.now
}

func (w *world) key(ref string) keystore.KeyView {
	w.Helper()
	v, err := w.st.Key(w.Context(), ref)
	if err != nil {
		w.Fatal(err)
	}
	return v
}

func (w *world) ask(at time.Time) past.Answer {
	w.Helper()
	a, err := past.Ask(w.Context(), w.st, at, w.now)
	if err != nil {
		w.Fatal(err)
	}
	return a
}

// story is what happens to a few keys; it returns the times between its steps.
func (w *world) story() []time.Time {
	st := w.st
	entries, _ := iprule.ParseList("203.0.113.0/24 # office")
	deny, _ := iprule.ParseList("203.0.113.64/26")
	edit := func(ref string, e keystore.KeyEdit) func(context.Context) error {
		return func(ctx context.Context) error {
			v := w.key(ref)
			_, err := st.EditKey(ctx, v.ID, v.Version, e)
			return err
		}
	}
	create := func(user, name string, k keystore.NewKey) func(context.Context) error {
		return func(ctx context.Context) error {
			u, err := st.User(ctx, user)
			if err != nil {
				return err
			}
			k.User, k.Name = u.ID, name
			_, _, err = st.CreateKey(ctx, k)
			return err
		}
	}
	add := func(n keystore.NewUser) func(context.Context) error {
		return func(ctx context.Context) error { _, err := st.AddUser(ctx, n); return err }
	}
	scopes, renamed := []keystore.Scope{"deploy:read"}, "ci nightly"
	var times []time.Time
	for _, do := range []func(context.Context) error{
		add(keystore.NewUser{Name: "bot", Permissions: []keystore.Scope{"deploy:*"}}),
		add(keystore.NewUser{Name: "root", Kind: keystore.Person, Admin: true, Contact: "root@corp"}),
		create("bot", "ci", keystore.NewKey{Expires: w.now.Add(40 * 24 * time.Hour), Scopes: []keystore.Scope{"deploy:write"}, Rules: iprule.Rules{Allow: entries}}),
		create("root", "backup", keystore.NewKey{Description: "all of it", RotateEvery: 36 * time.Hour, WarnBefore: 24 * time.Hour}),
		edit("bot/ci", keystore.KeyEdit{Rules: &iprule.Rules{Allow: entries, Deny: deny}}),
		edit("bot/ci", keystore.KeyEdit{Scopes: &scopes, Name: &renamed}),
		func(ctx context.Context) error {
			v := w.key("root/backup")
			_, err := st.DisableKey(ctx, v.ID, v.Version)
			return err
		},
		func(ctx context.Context) error {
			v := w.key("root/backup")
			_, err := st.EnableKey(ctx, v.ID, v.Version)
			return err
		},
		func(ctx context.Context) error {
			v := w.key("bot/ci nightly")
			_, _, err := st.RotateKey(ctx, v.ID, v.Version, keystore.Rotation{Now: true})
			return err
		},
		func(ctx context.Context) error {
			u, err := st.User(ctx, "bot")
			if err != nil {
				return err
			}
			name := "robot"
			_, err = st.EditUser(ctx, u.ID, u.Version, keystore.UserEdit{Name: &name})
			return err
		},
		func(ctx context.Context) error {
			v := w.key("root/backup")
			_, err := st.RevokeKey(ctx, v.ID, v.Version, "replaced")
			return err
		},
	} {
		times = append(times, w.step(do))
	}
	return times
}

func TestTheReplayedPresentIsTheStore(t *testing.T) {
	w := newWorld(t)
	times := w.story()
	a := w.ask(times[0])
	keys, err := w.st.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range keys {
		got, _ := a.Now.View(want.ID)
		for i := range want.Secrets {
			want.Secrets[i] = keystore.Secret{ID: want.Secrets[i].ID, State: want.Secrets[i].State}
		}
		want.Uses, want.Owner.Permissions, got.Owner.Permissions = got.Uses, nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s is replayed as\n%+v\nwant\n%+v", want.Ref(), got, want)
		}
	}
	if len(a.Now.Keys) != len(keys) || len(a.Now.Users) != 2 {
		t.Errorf("%d keys and %d users", len(a.Now.Keys), len(a.Now.Users))
	}
}

func able(w past.World, q past.Question) []string {
	out := []string{}
	for _, v := range w.Able(q) {
		out = append(out, v.Ref())
	}
	return out
}

func TestWhichKeysCouldDoWhatThen(t *testing.T) {
	w := newWorld(t)
	times := w.story()
	write := past.Question{Scope: "deploy:write", IP: netip.MustParseAddr("203.0.113.70")}
	for i, want := range [][]string{
		1:  {},
		2:  {"bot/ci"},
		3:  {"bot/ci", "root/backup"},
		4:  {"root/backup"}, // the address is denied now
		5:  {"root/backup"},
		6:  {}, // disabled
		7:  {"root/backup"},
		9:  {"root/backup"},
		10: {}, // revoked
	} {
		if got := able(w.ask(times[i]).Then, write); want != nil && !slices.Equal(got, want) {
			t.Errorf("after step %d: %v, want %v", i, got, want)
		}
	}
	if got := able(w.ask(times[8]).Then, past.Question{Scope: "deploy:read", IP: netip.MustParseAddr("203.0.113.7")}); !slices.Equal(got, []string{"bot/ci nightly", "root/backup"}) {
		t.Errorf("before the user was renamed: %v", got)
	}
	if got := able(w.ask(times[9]).Then, past.Question{}); !slices.Equal(got, []string{"robot/ci nightly", "root/backup"}) {
		t.Errorf("after the user was renamed: %v", got)
	}
	w.now = w.now.Add(60 * 24 * time.Hour)
	if got := able(w.ask(w.now).Then, past.Question{}); len(got) != 0 {
		t.Errorf("after all have expired: %v", got)
	}
}

func TestWhatChangedSince(t *testing.T) {
	w := newWorld(t)
	times := w.story()
	a := w.ask(times[3])
	verdicts := a.Verdicts(past.Question{Scope: "deploy:write", IP: netip.MustParseAddr("203.0.113.70")})
	if len(verdicts) != 2 {
		t.Fatalf("%d verdicts", len(verdicts))
	}
	for i, want := range []struct {
		ref    string
		now    keystore.Outcome
		events []string
	}{
		{"bot/ci", keystore.IPDenied, []string{"key.edit", "key.edit", "key.rotate", "user.edit"}},
		{"root/backup", keystore.Revoked, []string{"key.disable", "key.enable", "key.revoke"}},
	} {
		v := verdicts[i]
		var events []string
		for _, r := range v.Since {
			events = append(events, r.Event)
		}
		if v.Key.Ref() != want.ref || v.Then != "" || v.Now != want.now || !slices.Equal(events, want.events) {
			t.Errorf("%s: then %q, now %q, since %v; want %+v", v.Key.Ref(), v.Then, v.Now, events, want)
		}
	}
	before := w.ask(times[1]).Verdicts(past.Question{Scope: "deploy:read", IP: netip.MustParseAddr("203.0.113.7")})
	if len(before) != 1 || before[0].Then != keystore.Unknown || before[0].Now != "" || before[0].Key.Ref() != "robot/ci nightly" {
		t.Errorf("what can be done now and could not: %+v", before)
	}
}
