package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// The seeds of what is invented: of ids and secrets, and of when keys are used.
var (
	storeSeed = [32]byte([]byte("pakdeck demo: ids and secrets 01"))
	storySeed = [32]byte([]byte("pakdeck demo: callers and hours1"))
)

var operators = map[operator]keystore.Actor{
	mira:    {UID: 1000, User: "mira", Via: "tui", Claims: journal.Claims{SSHConnection: "198.51.100.7 50122 192.0.2.1 22"}},
	jonas:   {UID: 1001, User: "jonas", Via: "cli"},
	service: {UID: 990, User: "pakdeck", Via: "serve"},
}

// teller makes the story come true, one event after the other.
type teller struct {
	store   *keystore.Store
	now     time.Time // when the story ends
	clock   time.Time // what the store takes for the present
	dice    *rand.Rand
	users   map[string]keystore.UserID
	lives   []*life
	notable []keystore.Use // to come
	strange []tried        // to come
}

// tried is attempts by a stranger.
type tried struct {
	keystore.Tally
	keystore.Count
}

// event is something that happens at a time.
type event struct {
	at time.Time
	do func(context.Context) error
}

// Create makes a demo store at path as it would be at the time now, and opens
// it. What exists is never touched: see [keystore.Create].
func Create(ctx context.Context, path string, now time.Time) (*keystore.Store, error) {
	now = now.UTC().Truncate(time.Second)
	t := &teller{
		now: now, clock: now.Add(-2*365*day - day), dice: rand.New(rand.NewChaCha8(storySeed)),
		users: map[string]keystore.UserID{},
	}
	st, err := keystore.Create(ctx, path, keystore.CreateOptions{Demo: true},
		keystore.WithClock(func() time.Time { return t.clock }), keystore.WithRand(rand.NewChaCha8(storeSeed)),
		keystore.WithActor(operators[mira]))
	if err != nil {
		return nil, err
	}
	t.store = st
	if err := errors.Join(t.tell(ctx), st.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("making the demo store: %w", err), remove(path))
	}
	return keystore.Open(ctx, path)
}

// remove removes a store that was made halfway. A half story would be taken
// for the whole one at the next start.
func remove(path string) error {
	return errors.Join(os.Remove(path+".checkpoints"), os.Remove(path), os.Remove(path+".keyring"))
}

// tell lets everything happen in the order of time.
func (t *teller) tell(ctx context.Context) error {
	events := []event{{t.ago(35.5), t.startServing}, {t.ago(4), t.meetStrangers}}
	for _, p := range people {
		events = append(events, event{t.ago(p.made), func(ctx context.Context) error { return t.addUser(ctx, p) }})
	}
	for i := range issues {
		events = append(events, event{t.ago(issues[i].made), func(ctx context.Context) error { return t.issue(ctx, &issues[i]) }})
	}
	for _, turn := range turns {
		events = append(events, event{t.ago(turn.ago), func(ctx context.Context) error { return t.turn(ctx, turn) }})
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	for _, e := range events {
		if err := t.recordUses(ctx, e.at); err != nil {
			return err
		}
		t.clock = e.at
		if err := e.do(ctx); err != nil {
			return err
		}
	}
	if err := t.recordUses(ctx, t.now); err != nil {
		return err
	}
	return t.watch(ctx)
}

// watch tells when the service was counting: since it began, but for the time
// when it was down.
func (t *teller) watch(ctx context.Context) error {
	r := usage.NewRecorder(t.store.As(operators[service]))
	return errors.Join(
		r.Watched(ctx, keystore.Span{From: t.ago(35.5), To: t.now.Add(-downFrom - time.Minute)}),
		r.Watched(ctx, keystore.Span{From: t.now.Add(-downTo + time.Minute), To: t.now}),
	)
}

func (t *teller) ago(days float64) time.Time {
	return t.now.Add(-time.Duration(days * float64(day))).Truncate(time.Second)
}

func (t *teller) startServing(ctx context.Context) error {
	return t.store.As(operators[service]).RecordEvent(ctx, journal.EventServeStart, "127.0.0.1:7425")
}

// sortUses puts uses in the order of time.
func sortUses(uses []keystore.Use) {
	slices.SortStableFunc(uses, func(a, b keystore.Use) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Ref, b.Ref))
	})
}
