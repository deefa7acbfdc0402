package term

import (
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// issued makes n keys on the command line and returns their key strings.
func (c cli) issued(n int) []string {
	c.t.Helper()
	var out []string
	for i := range n {
		out = append(out, c.ok("key", "create", "--user", "build-bot", "--name", fmt.Sprintf("key-%02d", i), "--expires", "90d"))
	}
	return out
}

// refused checks that a key string is not accepted.
func (c cli) refused(secret string) {
	c.t.Helper()
	if out, errs, code := c.run(secret+"\n", "key", "explain", "-"); code != 1 {
		c.t.Errorf("key explain: exit %d, want 1\n%s%s", code, out, errs)
	}
}

// fingers press keys and count them.
type fingers struct {
	*tmux
	n int
}

// do presses keys one after the other and waits for what they lead to.
func (f *fingers) do(keys string, then ...string) string {
	f.t.Helper()
	for key := range strings.FieldsSeq(keys) {
		f.n++
		f.press(key)
	}
	return f.see(then...)
}

// atMost fails the test if more keys were pressed.
func (f *fingers) atMost(n int) {
	f.t.Helper()
	f.t.Logf("%d key presses", f.n)
	if f.n > n {
		f.t.Errorf("%d key presses, want at most %d", f.n, n)
	}
}

// asking is who asks the service; see [service.ask].
var asking = keystore.Caller{IP: netip.MustParseAddr("198.51.100.7"), Agent: "term-test/1", Route: "GET /auth"}

// used makes a store with a key that a client used every hour of three days, until
// five hours ago, and returns the key string. A verifier was counting since then.
func (c cli) used() string {
	c.t.Helper()
	at := time.Now().Add(-72 * time.Hour)
	must := func(err error) {
		c.t.Helper()
		if err != nil {
			c.t.Fatal(err)
		}
	}
	ctx := c.t.Context()
	must(os.Mkdir(filepath.Dir(c.store), 0o700))
	st, err := keystore.Create(ctx, c.store, keystore.CreateOptions{}, keystore.WithClock(func() time.Time { return at }))
	must(err)
	u, err := st.AddUser(ctx, keystore.NewUser{Name: "build-bot"})
	must(err)
	k, secret, err := st.CreateKey(ctx, keystore.NewKey{User: u.ID, Name: "key-00", Expires: at.AddDate(0, 3, 0)})
	must(err)
	id, first, last := k.Current().ID, at, at
	b := keystore.UseBatch{Tallies: map[keystore.Tally]keystore.Count{}}
	for ; at.Before(time.Now().Add(-5 * time.Hour)); at = at.Add(time.Hour) {
		last = at
		b.Tallies[keystore.Tally{Secret: id, Hour: keystore.HourOf(at), Caller: asking.Family(), Outcome: keystore.OK}] = keystore.Count{N: 1, First: at, Last: at}
	}
	b.Uses = map[token.ID]keystore.Uses{id: {First: keystore.Sighting{Time: first, Caller: asking}, Last: keystore.Sighting{Time: last, Caller: asking}, OK: uint64(len(b.Tallies))}}
	rec := usage.NewRecorder(st)
	must(rec.Record(ctx, b))
	for ; at.Before(time.Now()); at = at.Add(time.Hour) {
		must(rec.Record(ctx, keystore.UseBatch{Watched: keystore.Span{From: at.Add(-time.Hour), To: at}}))
	}
	must(st.Close())
	return secret.Reveal()
}

// One key with a verifier at work, from the list to the end of the old secret, in
// at most 8 key presses, the hand-over among them.
func TestAKeyIsRotatedWithEightKeys(t *testing.T) {
	c := newCLI(t)
	old := c.used()
	service := c.serve()
	f := &fingers{tmux: inTmux(t, c, 80, 24)}
	f.see("key-00")
	f.do("r", "one secret, made")
	f.do("r", "Rotate build-bot/key-00?", listens)
	secret := keyString.FindString(f.do("y", "shown once", "the verifier knows it"))
	f.see("hides in 5")
	if got := service.ask(secret); got != http.StatusOK { // the client switches
		t.Fatalf("the new secret: %d", got)
	}
	f.do("c", "sent through tmux")
	f.do("Space", "[x] I stored this key")
	f.do("Enter", "rotating: the old secret works until", "SAFE TO RETIRE")
	f.do("R", "retired ", "one secret, made")
	f.atMost(8)
	c.works(secret)
	poll(t, "the end of the old secret", func() bool { return service.ask(old) == http.StatusUnauthorized })
}

// A secret that somebody may still use goes only once the key's name was typed.
func TestAnUnsafeSecretGoesByName(t *testing.T) {
	c := issuer(t)
	old := c.issued(1)[0]
	m := inTmux(t, c, 80, 24)
	m.see("key-00")
	secret := c.ok("key", "rotate", "key-00")
	m.press("r")
	m.see("rotating: the old secret works until", "NOT SAFE")
	m.press("R")
	m.see("type the name key-00", listens)
	m.typed("key-00")
	m.press("Enter")
	m.see("retired ", "one secret, made")
	c.works(secret)
	c.refused(old)
}

func TestTenKeysAreHandedOverToFilesInASession(t *testing.T) {
	c := issuer(t)
	old := c.issued(10)
	service := c.serve()
	folder := filepath.Join(c.home, "handover")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	f := &fingers{tmux: inTmux(t, c, 100, 30)}
	f.see("key-09")
	f.do("*", "10 marked")
	f.do("r", "1 of 10")
	f.do("S", "New secrets for 10 keys")
	f.do("Tab / h a n d o v e r", "/handover")
	f.do("Enter", "Rotate 10 keys?", "not encrypted", listens)
	screen := f.do("1 0 Enter", "10 of 10 keys done, 0 in use")
	f.atMost(18)
	if keyString.MatchString(screen) {
		t.Error("a key string is on the screen")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.pak"))
	if err != nil || len(files) != 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
		if got := service.ask(keyString.FindString(string(b))); err != nil || got != http.StatusOK {
			t.Errorf("%s: %d, %v", path, got, err)
		}
	}
	f.see("10 of 10 keys done, 10 in use")
	for _, secret := range old {
		c.works(secret)
	}
	c.ok("audit", "verify")
}

// A dashboard that is killed while a key string is on the clipboard leaves the key
// as it was; the session says so, and gives it another.
func TestAKilledSessionGoesOnWithAnotherSecret(t *testing.T) {
	c := issuer(t)
	old := c.issued(2)
	m := runInTmux(t, c, 80, 24, "echo $$ > "+c.home+"/pid; exec "+shell([]string{binary}))
	m.see("key-01")
	m.press("*", "r")
	m.see("1 of 2")
	m.press("S")
	m.see("New secrets for 2 keys")
	m.press("Down", "Down", "Enter")
	m.see("Rotate 2 keys?", listens)
	m.press("2", "Enter")
	m.see("on your clipboard", "sent through tmux")
	pid, err := os.ReadFile(filepath.Join(c.home, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("kill", "-9", strings.TrimSpace(string(pid))).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c.works(old[0])
	m = inTmux(t, c, 80, 24)
	m.see("key-01")
	m.press(":")
	m.typed("key.session")
	m.press("Enter")
	m.see("0 of 2 keys done", "never handed over")
	m.press("Enter")
	m.see("on your clipboard", "sent through tmux")
	m.press("x")
	m.see("1 of 2 keys done", "skipped", "build-bot/key-01: n once it has arrived; sent through tmux")
	m.press("n")
	m.see("2 of 2 keys done")
	c.works(old[0])
	c.works(old[1])
	if key := c.key("key-00"); key.State != "active" {
		t.Errorf("the key that was left out is %s", key.State)
	}
	c.ok("audit", "verify")
}

// A pasted log of 1,000 lines holds 12 key strings: three cut off, two of
// another store. Its end comes in under 15 key presses, and the next requests with
// the keys are refused.
func TestAnIncidentFromAPastedLog(t *testing.T) {
	c := issuer(t)
	mine := c.issued(11)
	other := newCLI(t)
	other.ok("init")
	other.ok("user", "add", "build-bot")
	lines := make([]string, 1000)
	for i := range lines {
		lines[i] = fmt.Sprintf("2026-11-23T14:32:%02dZ GET /v1/models 200", i%60)
	}
	for i, secret := range mine[:10] {
		if i >= 7 {
			secret = secret[:20+i]
		}
		lines[90*i] += " key=" + secret
	}
	for i, secret := range other.issued(2) {
		lines[950+10*i] += " key=" + secret
	}
	service := c.serve()
	if got := service.ask(mine[0]); got != http.StatusOK {
		t.Fatalf("before: %d", got)
	}
	f := &fingers{tmux: inTmux(t, c, 100, 30)}
	f.see("key-09")
	f.do(": i n c i", "key.incident")
	f.do("Enter", "Keys in wrong hands")
	f.paste(strings.Join(lines, "\n"))
	f.n++
	screen := f.see("gives away 12 secrets", "10 keys of this store in danger", "whole             91", "other store", "198.51.100.7")
	if keyString.MatchString(screen) {
		t.Error("a key string is on the screen")
	}
	f.do("X", "Revoke 10 keys?", listens)
	f.do("1 0 Enter", "revoked 10 of 10 keys")
	f.atMost(14)
	for _, secret := range mine[:10] {
		poll(t, "the end of a key", func() bool { return service.ask(secret) == http.StatusUnauthorized })
		c.refused(secret)
	}
	c.works(mine[10])
}
