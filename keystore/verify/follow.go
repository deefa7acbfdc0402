package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore/follow"
)

// Run follows the store and records uses until ctx ends; then it records what
// is left and returns. Its error is nil unless the last uses were lost.
func (v *Verifier) Run(ctx context.Context) error {
	notices, err := v.store.Watch(ctx)
	if err != nil {
		return fmt.Errorf("watching the store: %w", err)
	}
	tick := time.NewTicker(v.opt.FlushEvery)
	defer tick.Stop()
	v.uses.watch(v.opt.Now())
	defer v.announce()()
	// What changed between New and Watch gave no notice.
	v.read(ctx)
	v.started.Do(func() { close(v.follows) })
	for {
		select {
		case <-ctx.Done():
			return v.drain()
		case _, open := <-notices:
			if !open {
				notices = nil
			}
			v.read(ctx)
		case <-tick.C:
			v.attempt(&v.mute, v.Flush(ctx), "uses are recorded again")
			v.read(ctx)
		}
	}
}

// announce lets those who change the store know how far the index follows, until
// the function that it returns is called.
func (v *Verifier) announce() (end func()) {
	known, err := follow.Announce(v.store.Path(), v.position.Size)
	if err != nil {
		if !v.opt.Uncounted {
			v.opt.Warn(fmt.Errorf("who changes a key cannot know when this verifier follows: %w", err))
		}
		return func() {}
	}
	v.known = known
	return func() {
		v.known = nil
		v.background(known.Close())
	}
}

// background passes on an error, unless it only says that Run was told to end.
func (v *Verifier) background(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		v.opt.Warn(err)
	}
}

func (v *Verifier) read(ctx context.Context) {
	v.attempt(&v.blind, v.sync(ctx), "the store can be read again")
}

// attempt passes on an error, and when there is none any more.
func (v *Verifier) attempt(failing *bool, err error, well string) {
	if err == nil && *failing {
		v.opt.Info(well)
	}
	*failing = err != nil
	v.background(err)
}

// sync reads what changed in the store. Only New and Run call it.
func (v *Verifier) sync(ctx context.Context) error {
	began := v.opt.Now()
	v.anchor.Store(&began)
	c, err := v.store.ChangesSince(ctx, v.position)
	if err != nil {
		return err
	}
	// A policy that cannot be read leaves the advice as it was; it decides nothing.
	if p, err := v.store.Policy(); err == nil {
		v.index.rotate.Store(int64(p.RotateEvery))
	}
	v.index.apply(c)
	v.position = c.Position
	v.synced.Store(began.UnixMilli())
	if v.known != nil {
		return v.known.Reached(v.position.Size)
	}
	return nil
}

// drain writes the last uses after Run was told to end.
func (v *Verifier) drain() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := v.flush(ctx, true); err != nil {
		return fmt.Errorf("the last uses were not recorded: %w", err)
	}
	return nil
}

// Flush writes the uses counted since the last one. If the store cannot be
// written they are kept for the next one.
func (v *Verifier) Flush(ctx context.Context) error { return v.flush(ctx, false) }

// flush also says until when somebody counted, if it is the last one.
func (v *Verifier) flush(ctx context.Context, last bool) error {
	batch := v.uses.take(v.opt.Now(), last)
	if batch.Empty() && batch.Watched.IsZero() {
		return nil
	}
	if err := v.opt.Record(ctx, batch); err != nil {
		v.uses.putBack(batch)
		return fmt.Errorf("recording uses: %w", err)
	}
	return nil
}
