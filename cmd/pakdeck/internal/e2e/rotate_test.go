package e2e

import (
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// rotations is how many rotations are tried: few with the other tests, 200
// with "make rotations".
func rotations(t *testing.T) int {
	text := os.Getenv("PAKDECK_ROTATIONS")
	if text == "" {
		return 6
	}
	n, err := strconv.Atoi(text)
	must(t, err)
	return n
}

// traffic is a client that asks again and again, with the key string that it
// has at the moment.
type traffic struct {
	key   atomic.Pointer[string]
	asked atomic.Int64
	bad   atomic.Int64 // answers other than 200
	stop  chan struct{}
	done  chan struct{}
}

func (w *world) traffic(base, key string) *traffic {
	c := &traffic{stop: make(chan struct{}), done: make(chan struct{})}
	c.key.Store(&key)
	go func() {
		defer close(c.done)
		for {
			select {
			case <-c.stop:
				return
			default:
			}
			key := *c.key.Load()
			if got := (call{}).as(key).get(w.t, base); got.status != 200 {
				w.t.Logf("request %d, with the secret %s: %d", c.asked.Load(), key[4:16], got.status)
				c.bad.Add(1)
			}
			c.asked.Add(1)
		}
	}()
	w.t.Cleanup(c.end)
	return c
}

func (c *traffic) end() {
	select {
	case <-c.stop:
	default:
		close(c.stop)
	}
	<-c.done
}

// after waits until the client has asked n times more.
func (c *traffic) after(t *testing.T, n int64) {
	t.Helper()
	from := c.asked.Load()
	eventually(t, 30*time.Second, "the client goes on", func() bool { return c.asked.Load() >= from+n })
}

// A client that switches to the new secret at a random moment of a planned
// rotation is never refused; nor is it when the old secret is retired after it.
func TestAPlannedRotationFailsNoRequest(t *testing.T) {
	w := newWorld(t)
	nginx := w.nginx()
	owner := w.user("rotated", "chat:*", "models:*")
	k := w.issue(w.other, "rotated", keystore.NewKey{User: owner.ID, Name: "k"})
	works := func(key string) {
		t.Helper()
		eventually(t, 5*time.Second, "a new key string works", func() bool { return call{}.as(key).get(t, nginx.base).status == 200 })
	}
	works(k.secret)
	client := w.traffic(nginx.base, k.secret)
	client.after(t, 3)
	view := k.view
	graces := []keystore.Rotation{{Until: time.Now().Add(time.Hour)}, {After: time.Hour}}
	for i := range rotations(t) {
		view = w.key(view)
		after, secret, err := w.other.RotateKey(t.Context(), view.ID, view.Version, graces[i%2])
		must(t, err)
		next := secret.Reveal()
		works(next)
		client.after(t, rand.Int64N(6))
		client.key.Store(&next)
		client.after(t, 2)
		view = w.key(after)
		_, err = w.other.RetireSecret(t.Context(), view.ID, view.Version)
		if errors.Is(err, keystore.ErrConflict) { // its first use was recorded meanwhile
			view = w.key(after)
			_, err = w.other.RetireSecret(t.Context(), view.ID, view.Version)
		}
		must(t, err)
		client.after(t, 1+rand.Int64N(3))
	}
	client.end()
	t.Logf("%d requests during %d rotations, %d refused", client.asked.Load(), rotations(t), client.bad.Load())
	if n := client.bad.Load(); n > 0 {
		t.Errorf("%d of %d requests were refused", n, client.asked.Load())
	}
}

// key returns a key as it is now: a use may have changed it.
func (w *world) key(v keystore.KeyView) keystore.KeyView {
	w.t.Helper()
	v, err := w.other.Key(w.t.Context(), string(v.ID))
	must(w.t, err)
	return v
}

// In an emergency the old secret is refused once the time has passed in which
// every verifier follows; the command waits for it before it returns.
func TestAnEmergencyRefusesTheOldSecret(t *testing.T) {
	w := newWorld(t)
	nginx := w.nginx()
	owner := w.user("leaky", "chat:*", "models:*")
	var late int
	n := rotations(t)
	var delays []time.Duration
	for i := range n {
		k := w.issue(w.other, "leaky", keystore.NewKey{User: owner.ID, Name: "k" + strconv.Itoa(i)})
		status := func() int { return call{}.as(k.secret).get(t, nginx.base).status }
		eventually(t, 5*time.Second, "the key works", func() bool { return status() == 200 })
		_, secret, err := w.other.RotateKey(t.Context(), k.view.ID, 1, keystore.Rotation{Now: true})
		must(t, err)
		began := time.Now()
		eventually(t, 5*time.Second, "the old secret is refused", func() bool { return status() == 401 })
		delays = append(delays, time.Since(began))
		if time.Since(began) > verify.Follows {
			late++
		}
		if got := (call{}).as(secret.Reveal()).get(t, nginx.base).status; got != 200 {
			t.Errorf("the new secret: %d", got)
		}
	}
	slices.Sort(delays)
	t.Logf("refused after the return: median %v, slowest %v; %d of %d later than %v", delays[n/2], delays[n-1], late, n, verify.Follows)
	if delays[n/2] > verify.Follows {
		t.Errorf("median %v, want at most %v", delays[n/2], verify.Follows)
	}
}
