package screen_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/screen"
)

func TestTimesAreWrittenWithTheirZone(t *testing.T) {
	env := screen.NewEnv(t.Context(), nil)
	at := time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)
	if got := env.Clock(at); got != "2026-11-23 14:32 UTC" {
		t.Errorf("without a zone: %q", got)
	}
	env.Zone = time.FixedZone("CET", 3600)
	if got := env.Clock(at); got != "2026-11-23 15:32 CET" {
		t.Errorf("with a zone: %q", got)
	}
	if got := env.Clock(time.Time{}); got != "never" {
		t.Errorf("no time: %q", got)
	}
}

func TestARelativePathBeginsAtHome(t *testing.T) {
	env := screen.NewEnv(t.Context(), nil)
	env.Home = "/home/mira"
	for typed, want := range map[string]string{
		"~/a.csv": "/home/mira/a.csv", "a.csv": "/home/mira/a.csv", "/tmp/../tmp/a.csv": "/tmp/a.csv", "": "", "  ": "", "dir/": "",
	} {
		if got, err := env.Path(typed); got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v; want %q", typed, got, err, want)
		}
	}
	if got := env.Tilde("/home/mira/a.csv") + " " + env.Tilde("/home/mirah"); got != "~/a.csv /home/mirah" {
		t.Errorf("for people: %s", got)
	}
}

func TestACommandEndsWithTheProgramOrAfterItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		env := screen.NewEnv(ctx, nil)
		wait := env.Do(func(ctx context.Context) tea.Msg {
			<-ctx.Done()
			return ctx.Err()
		})
		began := time.Now()
		if err, _ := wait().(error); err != context.DeadlineExceeded || time.Since(began) != 10*time.Second {
			t.Errorf("ended with %v after %v", err, time.Since(began))
		}
		cancel()
		if err, _ := wait().(error); err != context.Canceled {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestTellSendsTheMessage(t *testing.T) {
	if got := screen.Tell(screen.Back{})(); got != (screen.Back{}) {
		t.Errorf("got %v", got)
	}
}
