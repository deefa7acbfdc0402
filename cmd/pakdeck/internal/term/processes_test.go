package term

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// service is a running `pakdeck serve` on a unix socket.
type service struct {
	t      *testing.T
	cmd    *exec.Cmd
	client *http.Client
	log    *bytes.Buffer
}

func (c cli) serve(args ...string) *service {
	c.t.Helper()
	socket := filepath.Join(c.home, "auth.sock")
	s := &service{t: c.t, log: &bytes.Buffer{}}
	s.cmd = exec.Command(binary, append([]string{"serve", "--listen", "unix:" + socket, "--trusted-proxy", "unix"}, args...)...)
	s.cmd.Env, s.cmd.Stderr = c.env(), s.log
	if err := s.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	s.client = &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		},
	}}
	c.t.Cleanup(s.stop)
	poll(c.t, "the service", func() bool {
		r, err := s.client.Get("http://pakdeck/readyz")
		if err != nil {
			return false
		}
		r.Body.Close()
		return r.StatusCode == http.StatusOK
	})
	return s
}

// stop ends the service as a service manager does. Its log must not hold a
// key string.
func (s *service) stop() {
	if s.cmd.ProcessState != nil {
		return
	}
	if err := s.cmd.Process.Signal(interrupt); err != nil {
		s.t.Error(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("serve: %v\n%s", err, s.log)
	}
	if keyString.Match(s.log.Bytes()) {
		s.t.Error("the log of serve holds a key string")
	}
}

// ask presents a key as a proxy does and returns the status.
func (s *service) ask(key string) int {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://pakdeck/auth", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("X-Forwarded-For", "198.51.100.7")
	r.Header.Set("User-Agent", "term-test/1")
	answer, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

func TestDashboardsServiceAndCommandsShareOneStore(t *testing.T) {
	c := newCLI(t)
	c.ok("init")
	c.ok("user", "add", "build-bot")
	const keys, writers, each = 20, 2, 8
	secrets := make([]string, keys)
	for i := range secrets {
		secrets[i] = c.ok("key", "create", "--user", "build-bot", "--name", fmt.Sprintf("key-%02d", i), "--expires", "90d")
	}
	service := c.serve()
	dashboards := []*tmux{inTmux(t, c, 100, 30), inTmux(t, c, 80, 24)}
	for _, d := range dashboards {
		d.see("key-00", "key-01")
	}

	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if _, errs, code := c.run("", "user", "add", fmt.Sprintf("user-%d-%d", w, i)); code != 0 {
					t.Errorf("user add: exit %d: %s", code, errs)
				}
			}
		})
	}
	delays := make([]time.Duration, keys)
	for i, secret := range secrets {
		if status := service.ask(secret); status != http.StatusOK {
			t.Fatalf("key-%02d before its end: status %d", i, status)
		}
		c.ok("key", "revoke", fmt.Sprintf("build-bot/key-%02d", i), "--reason", "test")
		delays[i] = until(t, func() bool { return service.ask(secret) == http.StatusUnauthorized })
	}
	wg.Wait()
	slices.Sort(delays)
	t.Logf("from the return of revoke to the refusal: median %v, 90 %% %v, worst %v of %d", delays[keys/2], delays[keys*9/10], delays[keys-1], keys)
	if delays[keys/2] > 100*time.Millisecond {
		t.Errorf("half of the revoked keys were accepted for more than 100 ms: %v", delays)
	}
	for _, d := range dashboards {
		d.gone("key-00")
		if s := d.screen(); strings.Contains(s, "busy") {
			t.Errorf("a dashboard could not get at the store:\n%s", s)
		}
	}
	var users []struct{ Name string }
	c.json(&users, "user", "list")
	if len(users) != 1+writers*each {
		t.Errorf("%d users, want %d: a write was lost", len(users), 1+writers*each)
	}
	service.stop()
	if out := c.ok("audit", "verify"); !strings.HasPrefix(out, "intact") {
		t.Errorf("audit verify: %s", out)
	}
}

// until asks as fast as it can until the answer is true, and returns how long
// that took.
func until(t *testing.T, done func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	for !done() {
		if time.Since(began) > patience {
			t.Fatalf("not within %v", patience)
		}
	}
	return time.Since(began)
}

func TestTheFirstUseShowsOnTheCommandLineAndInTheDashboard(t *testing.T) {
	c := newCLI(t)
	c.ok("init")
	c.ok("user", "add", "build-bot")
	secret := c.ok("key", "create", "--user", "build-bot", "--name", "ci-deploy", "--expires", "90d")
	service := c.serve()
	dashboard := inTmux(t, c, 100, 30)
	dashboard.see("ci-deploy")
	for range 3 {
		if status := service.ask(secret); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
	}
	var key struct {
		Uses     int
		LastUsed struct {
			Time  time.Time
			IP    string
			Agent string
		} `json:"last_used"`
	}
	took := until(t, func() bool {
		c.json(&key, "key", "show", "ci-deploy")
		return key.Uses == 3
	})
	t.Logf("the uses were readable after %v", took)
	if key.LastUsed.IP != "198.51.100.7" || key.LastUsed.Agent != "term-test/1" || time.Since(key.LastUsed.Time) > time.Minute {
		t.Errorf("last used = %+v", key.LastUsed)
	}
	dashboard.see("198.51.100.7")
}
