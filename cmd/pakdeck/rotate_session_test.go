package main

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// sessionBench is a bench with two keys that is sure to be rotated now: what
// waits for a use has to see the clock go on.
func sessionBench(t *testing.T) (*bench, *keystore.Store, string) {
	b := newBench(t).filled()
	b.must("key", "create", "--user", "bot", "--name", "second", "--expires", "30d")
	return b, b.open(), t.TempDir()
}

// voices is what a command says while it runs.
type voices struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (v *voices) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.text.Write(p)
}

func (v *voices) String() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.text.String()
}

// says waits until the command has said something.
func (v *voices) says(t *testing.T, want string) {
	t.Helper()
	deadline, tick := time.After(20*time.Second), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(v.String(), want) {
		select {
		case <-deadline:
			t.Fatalf("it does not say %q but:\n%s", want, v)
		case <-tick.C:
		}
	}
}

// firstUse lets the new secret of a step be used.
func firstUse(t *testing.T, st *keystore.Store, n int) {
	t.Helper()
	all, err := session.List(t.Context(), st)
	if err != nil {
		t.Fatal(err)
	}
	s := keystore.Sighting{Time: st.Now()}
	err = st.RecordUses(t.Context(), keystore.UseBatch{Uses: map[token.ID]keystore.Uses{all[0].Steps[n].New: {First: s, Last: s, OK: 1}}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestASessionWaitsForEachKeyToBeUsed(t *testing.T) {
	b, st, dir := sessionBench(t)
	said, done := &voices{}, make(chan int, 1)
	go func() {
		done <- b.app(strings.NewReader(""), &bytes.Buffer{}, said).run(t.Context(), []string{"rotate-session", "start", "bot/ci", "bot/second", "--dir", dir})
	}()
	said.says(t, "bot/ci: waiting for its first use")
	if strings.Contains(said.String(), "bot/second: the new secret") {
		t.Error("the second key was rotated before the first one was in use")
	}
	firstUse(t, st, 0)
	said.says(t, "bot/second: waiting for its first use")
	firstUse(t, st, 1)
	if code := <-done; code != exitOK {
		t.Errorf("exit code %d:\n%s", code, said)
	}
	said.says(t, "2 of 2 keys done, 2 in use")
}

func TestAnInterruptedSessionIsResumed(t *testing.T) {
	b, st, dir := sessionBench(t)
	ctx, interrupt := context.WithCancelCause(t.Context())
	said, done := &voices{}, make(chan int, 1)
	go func() {
		done <- b.app(strings.NewReader(""), &bytes.Buffer{}, said).run(ctx, []string{"rotate-session", "start", "bot/ci", "bot/second", "--dir", dir})
	}()
	said.says(t, "waiting for its first use")
	interrupt(errors.New("ctrl+c"))
	if code := <-done; code != exitInterrupted {
		t.Errorf("exit code %d:\n%s", code, said)
	}
	hint := regexp.MustCompile(`go on with: pakdeck (rotate-session resume r\w+)`).FindStringSubmatch(said.String())
	if hint == nil {
		t.Fatalf("it does not say how to go on:\n%s", said)
	}
	firstUse(t, st, 0)
	r := b.run(append(strings.Fields(hint[1]), "--skip", "bot/second")...)
	if r.code != exitOK || !strings.Contains(r.err, "2 of 2 keys done, 1 in use") || !strings.Contains(r.out, "bot/second  skipped") {
		t.Errorf("exit code %d: %s%s", r.code, r.out, r.err)
	}
	if k, err := st.Key(t.Context(), "bot/second"); err != nil || len(k.Secrets) != 1 {
		t.Errorf("the key that was left out has %d secrets (%v)", len(k.Secrets), err)
	}
}

func TestRotateWaitsForTheFirstUse(t *testing.T) {
	b, st, _ := sessionBench(t)
	said, done := &voices{}, make(chan int, 1)
	var out bytes.Buffer
	go func() {
		done <- b.app(strings.NewReader(""), &out, said).run(t.Context(), []string{"key", "rotate", "bot/ci", "--after-first-use", "2h", "--wait=1m"})
	}()
	said.says(t, "waiting for the first use")
	k, err := st.Key(t.Context(), "bot/ci")
	if err != nil {
		t.Fatal(err)
	}
	s := keystore.Sighting{Time: st.Now()}
	if err := st.RecordUses(t.Context(), keystore.UseBatch{Uses: map[token.ID]keystore.Uses{k.Current().ID: {First: s, Last: s, OK: 1}}}); err != nil {
		t.Fatal(err)
	}
	if code := <-done; code != exitOK || !strings.Contains(said.String(), "first used 2026-11-23T14:32:00Z") {
		t.Errorf("exit code %d:\n%s", code, said)
	}
	if k, err = st.Key(t.Context(), "bot/ci"); err != nil || !k.Secrets[1].Retires.Equal(s.Time.Add(2*time.Hour)) {
		t.Errorf("the old secret retires %v (%v)", k.Secrets[1].Retires, err)
	}
}
