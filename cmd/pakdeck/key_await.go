package main

import (
	"context"
	"errors"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// awaitUse tells of the uses of a new secret until one is accepted. That there
// was none in time is a negative answer.
func (a *app) awaitUse(ctx context.Context, st *keystore.Store, id token.ID, most time.Duration) error {
	a.note("waiting for the first use, at most %s; ctrl+c ends the waiting, not the key", most)
	inTime, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	err := usage.Follow(inTime, st, id, func(u keystore.Uses) bool {
		if u.OK > 0 {
			a.note("first used %s", sightingText(u.First, viewer{now: st.Now()}))
			return true
		}
		a.note("refused (%s) %s", u.LastReason, sightingText(u.LastDenied, viewer{now: st.Now()}))
		return false
	})
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		a.note("it was not used in %s", most)
		return errNegative
	}
	return err
}
