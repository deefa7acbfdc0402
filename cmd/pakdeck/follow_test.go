package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore/follow"
)

// Whatever hands a new secret over waits until the first request with it
// succeeds.
func TestANewSecretIsHandedOverWhenVerifiersFollow(t *testing.T) {
	for name, args := range map[string][]string{
		"create":  {"key", "create", "--user", "bot", "--name", "second", "--expires", "30d"},
		"rotate":  {"key", "rotate", "bot/ci"},
		"session": {"rotate-session", "start", "bot/ci", "--wait", "0", "--dir"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t).filled()
				if name == "session" {
					args = append(args, t.TempDir())
				}
				began := time.Now() // of the bubble: it goes on only while all wait
				b.must(args...)
				if d := time.Since(began); d < follow.Within {
					t.Errorf("it returned after %v, and verifiers follow within %v", d, follow.Within)
				}
			})
		})
	}
	t.Run("dry run", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t).filled()
			began := time.Now()
			b.must("key", "create", "--user", "bot", "--name", "second", "--expires", "30d", "--dry-run")
			if d := time.Since(began); d != 0 {
				t.Errorf("nothing was issued, but it waited %v", d)
			}
		})
	})
}
