package usage

import (
	"context"
	"errors"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
)

func TestFollowTellsOfUsesAsTheyComeIn(t *testing.T) {
	f := newFixture(t)
	seen, done := make(chan keystore.Uses), make(chan error, 1)
	go func() {
		done <- Follow(t.Context(), f.Store, one, func(u keystore.Uses) bool {
			seen <- u
			return u.OK > 0
		})
	}()
	refused := batch()
	refused.Uses[one] = keystore.Uses{Denied: map[keystore.Outcome]uint64{keystore.IPDenied: 1}, LastDenied: keystore.Sighting{Time: epoch}, LastReason: keystore.IPDenied}
	must(t, f.Record(t.Context(), refused))
	if u := <-seen; u.OK != 0 || u.LastReason != keystore.IPDenied {
		t.Errorf("first %+v", u)
	}
	f.record(use{two, "192.0.2.1", keystore.OK, epoch, 1}) // of another secret
	f.record(use{one, "192.0.2.1", keystore.OK, epoch, 1})
	if u := <-seen; u.OK != 1 || u.Last.Caller != caller("192.0.2.1") {
		t.Errorf("then %+v", u)
	}
	must(t, <-done)
	must(t, Follow(t.Context(), f.Store, one, func(u keystore.Uses) bool { return u.OK == 1 }))
}

func TestFollowEndsWithItsContext(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := Follow(ctx, f.Store, one, func(keystore.Uses) bool {
		t.Error("a use was seen")
		return true
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
