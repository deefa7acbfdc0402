package lint

import (
	"context"
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Snapshot is what is judged. It is only read. What is left out is not judged:
// without facts of the store its rules stay silent.
type Snapshot struct {
	Now     time.Time
	Keys    []keystore.KeyView
	Users   []keystore.User
	Waivers []Waiver
	// Activity is what was seen of each secret; nil: nothing is known of uses.
	Activity map[token.ID]*Activity
	// Demands are the scopes that uses of each secret needed; without a row nothing
	// is known.
	Demands map[token.ID]usage.Demands
	Without string // what was left out although it was asked for, and why
	Policy  keystore.Policy
	Config  Config
	Store   StoreFacts
}

// Options says what else [Take] reads.
type Options struct {
	// Journal verifies the whole journal for PAK701, which takes as long as the
	// journal is long.
	Journal bool
	// Patience is how long uses may be read, 0 for as long as it takes. If that
	// is too short, nothing is known of uses, and Snapshot.Without says so.
	Patience time.Duration
}

// Take reads a snapshot of a store. An error about the policy file matches
// [ErrConfig].
func Take(ctx context.Context, st *keystore.Store, o Options) (Snapshot, error) {
	s := Snapshot{Now: st.Now()}
	var err error
	if s.Policy, err = st.Policy(); err != nil {
		return s, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if s.Config, err = ReadConfig(st.PolicyPath()); err != nil {
		return s, err
	}
	err = together(
		func() (err error) { s.Users, err = st.Users(ctx); return err },
		func() (err error) { s.Keys, err = st.Keys(ctx); return err },
		func() error { return s.takeActivity(ctx, st, o.Patience) },
	)
	if err != nil {
		return s, err
	}
	if s.Waivers, err = Waivers(ctx, st); err != nil {
		return s, err
	}
	if s.Store, err = TakeStore(ctx, st); err != nil {
		return s, err
	}
	if o.Journal {
		var report journal.Report
		report, err = st.VerifyJournal(ctx)
		s.Store.Journal = &report
	}
	return s, err
}
