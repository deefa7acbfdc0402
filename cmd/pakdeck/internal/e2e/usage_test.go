package e2e

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/cmd/pakdeck/internal/server"
	"github.com/pakdeck/pakdeck/keystore"
)

// The campaign is short by default; `make clients` makes it as hard as it can
// be. Who serves in another process is told by serveFolder.
const (
	clientsEnv  = "PAKDECK_CLIENTS"
	forEnv      = "PAKDECK_CLIENTS_FOR"
	serveFolder = "PAKDECK_E2E_SERVE"
)

func campaign(t *testing.T) (clients int, lasts time.Duration) {
	clients, lasts = 20, 1500*time.Millisecond
	var err error
	if s := os.Getenv(clientsEnv); s != "" {
		clients, err = strconv.Atoi(s)
		must(t, err)
	}
	if s := os.Getenv(forEnv); s != "" {
		lasts, err = time.ParseDuration(s)
		must(t, err)
	}
	return clients, lasts
}

// tried is a key of the world and what comes of using it.
type tried struct {
	key     string
	from    string
	outcome keystore.Outcome
}

var all = []tried{
	{"good", client, keystore.OK},
	{"open", client, keystore.OK},
	{"listed", "203.0.113.7", keystore.OK},
	{"listed", "203.0.113.70", keystore.IPDenied},
	{"readonly", client, keystore.ScopeDenied},
	{"later", client, keystore.NotYetValid},
	{"disabled", client, keystore.Disabled},
	{"revoked", client, keystore.Revoked},
	{"owned", client, keystore.OwnerOff},
	{"expired", client, keystore.Expired},
	{"typo", client, keystore.Malformed},
	{"stray", client, keystore.Unknown},
}

// reply is one that a client got.
type reply struct {
	tried int // in all
	at    time.Time
}

// crowd is many clients that use keys of all kinds as quickly as they can.
type crowd struct {
	mu      sync.Mutex
	answers []reply
	got     atomic.Int64 // answers so far
	wg      sync.WaitGroup
}

// unleash lets clients ask the service until ctx ends or it is gone.
func (w *world) unleash(ctx context.Context, clients int) *crowd {
	c := &crowd{}
	for n := range clients {
		c.wg.Go(func() { c.ask(ctx, w, n) })
	}
	return c
}

func (c *crowd) ask(ctx context.Context, w *world, n int) {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", w.socket())
	}}
	defer transport.CloseIdleConnections()
	var mine []reply
	for i := n; ctx.Err() == nil; i++ {
		x := all[i%len(all)]
		// A request that was begun is waited for: only then is it known whether it counts.
		r, err := http.NewRequestWithContext(context.WithoutCancel(ctx), http.MethodGet, "http://pakdeck/auth?scope=chat:write", nil)
		if err != nil {
			break
		}
		r.Header.Set("Authorization", "Bearer "+w.keys[x.key].secret)
		r.Header.Set("X-Forwarded-For", x.from)
		r.Header.Set("User-Agent", fmt.Sprintf("client-%d/1.0", n%7))
		answered, err := transport.RoundTrip(r)
		if err != nil {
			break
		}
		_ = answered.Body.Close()
		mine = append(mine, reply{i % len(all), time.Now()})
		c.got.Add(1)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers = append(c.answers, mine...)
}

// own are the clients' own counts, by key and outcome.
func (c *crowd) own() map[tried]uint64 {
	c.wg.Wait()
	out := map[tried]uint64{}
	for _, a := range c.answers {
		out[all[a.tried]]++
	}
	return out
}

// stored is what the store holds of the same.
func (w *world) stored(t *testing.T, x tried) uint64 {
	t.Helper()
	of := usage.Everything()
	if x.outcome.Proven() {
		of = usage.OfKeys(w.keys[x.key].view.Key)
	}
	r, err := usage.Load(t.Context(), w.other, of, usage.Window(time.Now(), 3*time.Hour))
	must(t, err)
	if x.outcome == keystore.OK {
		if total := r.Total.OK; total != r.Sum().OK() {
			t.Errorf("%s: %d uses in all, %d by hour", x.key, total, r.Sum().OK())
		}
	}
	var callers usage.Counts
	for _, c := range r.Callers() {
		callers = callers.Add(c.Counts)
	}
	if callers != r.Sum() {
		t.Errorf("%s: by caller %v, by hour %v", x.key, callers, r.Sum())
	}
	return r.Sum().Of(x.outcome)
}

// awaitBatches returns when so many batches of uses are stored, and no sooner
// than after a time.
func (w *world) awaitBatches(t *testing.T, n int, atLeast time.Duration) {
	t.Helper()
	notices, err := w.other.Watch(t.Context())
	must(t, err)
	began, deadline := time.Now(), time.After(atLeast+20*time.Second)
	for seen := w.stored(t, all[0]); n > 0 || time.Since(began) < atLeast; {
		select {
		case <-notices:
			if now := w.stored(t, all[0]); now > seen {
				n, seen = n-1, now
			}
		case <-deadline:
			t.Fatalf("%d batches are missing", n)
		}
	}
}

func TestEveryUseIsCounted(t *testing.T) {
	w := newWorld(t)
	w.stop()
	w.failures = -1 // nobody is held off
	w.serve()
	clients, lasts := campaign(t)
	ctx, cancel := context.WithTimeout(t.Context(), lasts)
	defer cancel()
	c := w.unleash(ctx, clients)
	own := c.own()
	w.stop()
	var sum uint64
	for _, x := range all {
		if got := w.stored(t, x); got != own[x] || got == 0 {
			t.Errorf("%s %s: %d counted, %d answered", x.key, x.outcome, got, own[x])
		}
		sum += own[x]
	}
	t.Logf("%d clients got %d answers in %v; every one is counted", clients, sum, lasts)
}

// TestServeForAnother is no test: it serves in a process of its own, which
// the test below kills.
func TestServeForAnother(t *testing.T) {
	folder := os.Getenv(serveFolder)
	if folder == "" {
		t.Skip("only for the other test")
	}
	st, err := keystore.Open(t.Context(), filepath.Join(folder, "store.db"))
	must(t, err)
	t.Log(server.Run(context.Background(), st, server.Config{
		Listen: "unix:" + filepath.Join(folder, "killed.sock"), TrustedProxies: []string{"unix"}, FailuresPerMinute: -1,
		Ready: func(net.Addr) {},
	}))
}

func TestAKillLosesASecondOfCountsAndNothingElse(t *testing.T) {
	w := newWorld(t)
	w.stop()
	w.socketName = "killed.sock"
	program := exec.Command(os.Args[0], "-test.run=^TestServeForAnother$")
	program.Env = append(os.Environ(), serveFolder+"="+w.folder)
	must(t, program.Start())
	eventually(t, 10*time.Second, "the service listens", func() bool {
		conn, err := net.Dial("unix", w.socket())
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	clients, lasts := campaign(t)
	c := w.unleash(t.Context(), clients)
	w.awaitBatches(t, 2, lasts)
	stored := c.got.Load() // at most
	eventually(t, time.Minute, "answers that are in no batch", func() bool { return c.got.Load() > stored+2000 })
	must(t, program.Process.Kill())
	killed := time.Now()
	_ = program.Wait()
	own := c.own()

	var counted, answered uint64
	for _, x := range all {
		got := w.stored(t, x)
		counted, answered = counted+got, answered+own[x]
		// Those under way at the kill may be counted and not answered.
		if got > own[x]+uint64(clients) {
			t.Errorf("%s %s: %d counted, %d answered", x.key, x.outcome, got, own[x])
		}
	}
	lost := int(answered) - int(counted)
	worth := c.worth(lost, killed)
	t.Logf("%d clients got %d answers; a kill lost %d, the last %v of them", clients, answered, lost, worth.Round(time.Millisecond))
	// A batch is written every second, and writing takes its time on a busy machine.
	if most := 2 * time.Second; worth > most {
		t.Errorf("the uses of %v are lost, want those of a second", worth)
	}
	w.checkJournal(t, c, killed.Add(-2*time.Second))
}

// worth is how long before the kill as many answers had come as were lost.
func (c *crowd) worth(lost int, killed time.Time) time.Duration {
	if lost <= 0 {
		return 0
	}
	slices.SortFunc(c.answers, func(a, b reply) int { return b.at.Compare(a.at) })
	return killed.Sub(c.answers[min(lost, len(c.answers))-1].at)
}

// checkJournal checks that the journal is whole and has a record of everything
// that was answered before a time.
func (w *world) checkJournal(t *testing.T, c *crowd, before time.Time) {
	t.Helper()
	report, err := w.other.VerifyJournal(t.Context())
	if err != nil || !report.Intact {
		t.Fatalf("the journal is broken: %v, %+v", err, report)
	}
	seen := map[string]bool{}
	for _, r := range w.uses() {
		seen[r.Object.ID+r.Outcome] = true
	}
	for _, a := range c.answers {
		x := all[a.tried]
		var id string
		if x.outcome.Proven() {
			id = string(w.keys[x.key].view.ID)
		}
		if a.at.Before(before) && !seen[id+string(x.outcome)] {
			t.Fatalf("%s %s was answered at %v, and there is no record of it", x.key, x.outcome, a.at)
		}
	}
}
