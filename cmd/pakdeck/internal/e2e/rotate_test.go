package e2e

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
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

// program builds pakdeck as it is shipped, and returns its path.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pakdeck")
	if out, err := exec.Command("go", "build", "-o", path, "github.com/pakdeck/pakdeck/cmd/pakdeck").CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	return path
}

// In an emergency the command returns once every verifier follows: the very next
// request with the old secret is refused, and the new one is accepted.
func TestAnEmergencyRefusesTheOldSecret(t *testing.T) {
	w := newWorld(t)
	nginx, pakdeck := w.nginx(), program(t)
	owner := w.user("leaky", "chat:*", "models:*")
	var took []time.Duration
	for i := range rotations(t) {
		k := w.issue(w.other, "leaky", keystore.NewKey{User: owner.ID, Name: "k" + strconv.Itoa(i)})
		status := func(key string) int { return call{}.as(key).get(t, nginx.base).status }
		eventually(t, 5*time.Second, "the key works", func() bool { return status(k.secret) == 200 })
		began := time.Now()
		out, err := exec.Command(pakdeck, "--store", w.store.Path(), "key", "rotate", string(k.view.ID), "--now").Output()
		must(t, err)
		took = append(took, time.Since(began))
		if got := status(k.secret); got != 401 {
			t.Errorf("rotation %d: the first request with the old secret after the return: %d", i, got)
		}
		if got := status(strings.TrimSpace(string(out))); got != 200 {
			t.Errorf("rotation %d: the first request with the new secret: %d", i, got)
		}
	}
	slices.Sort(took)
	t.Logf("the command took: median %v, slowest %v", took[len(took)/2], took[len(took)-1])
}
