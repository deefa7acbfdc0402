package server

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestCheckpointsAreHandedOnBesideEverythingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls, warned atomic.Int32
		slow := func(ctx context.Context) error {
			calls.Add(1)
			<-ctx.Done() // a witness that does not answer
			return ctx.Err()
		}
		good := func(context.Context) error { calls.Add(1); return nil }
		p := newPublishing([]Publisher{slow, good}, func(err error) {
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			warned.Add(1)
		})
		p.start()
		synctest.Wait()
		for range 5 { // hours, while the first round is under way
			p.now()
		}
		synctest.Wait()
		if n := calls.Load(); n != 1 {
			t.Errorf("%d calls while the first hangs", n)
		}
		time.Sleep(publishTimeout + time.Second)
		synctest.Wait()
		if n := calls.Load(); n != 3 {
			t.Errorf("%d calls after the first round, want that round and one more", n)
		}
		time.Sleep(publishTimeout + time.Second)
		p.stop()
		if warned.Load() < 2 || calls.Load() < 4 {
			t.Errorf("%d warnings, %d calls", warned.Load(), calls.Load())
		}
	})
}
