package follow_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/storetest"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// bubble runs f with a store in a bubble, in which waiting takes no time.
func bubble(t *testing.T, f func(t *testing.T, st *keystore.Store)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		st := storetest.New(t)
		f(t, st)
	})
}

// announce lets a verifier run that has read so much.
func announce(t *testing.T, st *keystore.Store, size int64) *follow.Verifier {
	t.Helper()
	v, err := follow.Announce(st.Path(), size)
	must(t, err)
	t.Cleanup(func() { _ = v.Close() })
	return v
}

func TestAwaitEndsWhenAllHaveFollowed(t *testing.T) {
	bubble(t, func(t *testing.T, st *keystore.Store) {
		head, err := st.Head(t.Context())
		must(t, err)
		announce(t, st, head.Size+3)
		slow := announce(t, st, head.Size-1)
		time.AfterFunc(11500*time.Microsecond, func() { _ = slow.Reached(head.Size) })
		r := follow.Await(t.Context(), st)
		if got := r.String(); got != "2 verifiers know it after 12 ms" {
			t.Errorf("%s: %+v", got, r)
		}
	})
}

func TestWhoHangsIsTold(t *testing.T) {
	bubble(t, func(t *testing.T, st *keystore.Store) {
		head, err := st.Head(t.Context())
		must(t, err)
		announce(t, st, head.Size)
		announce(t, st, 0)
		if got := follow.Await(t.Context(), st).String(); got != "1 of 2 verifiers had not followed after 2s" {
			t.Error(got)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if r := follow.Await(ctx, st); r.Took > time.Second || r.Late == 0 {
			t.Errorf("after ctx has ended: %+v", r)
		}
	})
}

func TestWhereVerifiersAreIsToldAtOnceAndNothingIsRemoved(t *testing.T) {
	bubble(t, func(t *testing.T, st *keystore.Store) {
		if got := follow.Running(st.Path()); got != nil {
			t.Errorf("none runs: %v", got)
		}
		announce(t, st, 7)
		killed := filepath.Join(st.Path()+".verifiers", "killed")
		must(t, os.WriteFile(killed, make([]byte, 8), 0o600))
		began := time.Now()
		got := follow.Running(st.Path())
		if len(got) != 1 || got[0].Size != 7 || filepath.Dir(got[0].Path) != filepath.Dir(killed) {
			t.Errorf("%+v", got)
		}
		if _, err := os.Stat(killed); err != nil || !time.Now().Equal(began) {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestWithoutVerifiersItWaitsAsLongAsOneTakes(t *testing.T) {
	bubble(t, func(t *testing.T, st *keystore.Store) {
		if r := follow.Await(t.Context(), st); r.Took != follow.Within || r.String() != "no verifier runs here" {
			t.Errorf("%v: %+v", r, r)
		}
	})
}

// A verifier that ended, or was killed, is not waited for, and leaves nothing.
func TestWhoHasEndedIsNotWaitedFor(t *testing.T) {
	bubble(t, func(t *testing.T, st *keystore.Store) {
		must(t, announce(t, st, 0).Close())
		dir := st.Path() + ".verifiers"
		must(t, os.WriteFile(filepath.Join(dir, "killed"), make([]byte, 8), 0o600))
		must(t, os.Symlink("/etc/passwd", filepath.Join(dir, "link")))
		ends := announce(t, st, 0)
		time.AfterFunc(29500*time.Microsecond, func() { _ = ends.Close() })
		if r := follow.Await(t.Context(), st); r.Took != 30*time.Millisecond || r.Late != 0 {
			t.Errorf("%+v", r)
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != 1 || left[0].Name() != "link" {
			t.Errorf("%v, %v", left, err)
		}
	})
}

func TestAnnounceTellsWhyItCannot(t *testing.T) {
	if _, err := follow.Announce(filepath.Join(t.TempDir(), "gone", "store.db"), 0); err == nil {
		t.Error("there is no such folder")
	}
}
