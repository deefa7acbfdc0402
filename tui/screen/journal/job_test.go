package journal

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// model is the screen on an empty store.
func model(t *testing.T) Model {
	t.Helper()
	st := storetest.New(t)
	env := screen.NewEnv(t.Context(), st)
	env.Theme, env.Home = theme.New(theme.Mono, theme.Unicode()), "/home/mira"
	m := New(env, screen.Go{Place: screen.Journal}).(Model)
	m.Resize(100, 24)
	return m
}

// parts runs the commands of a batch beside the test and returns what they bring.
func parts(cmd tea.Cmd) chan tea.Msg {
	out := make(chan tea.Msg, 8)
	var run func(tea.Cmd)
	run = func(c tea.Cmd) {
		switch msg := c().(type) {
		case tea.BatchMsg:
			for _, c := range msg {
				run(c)
			}
		default:
			out <- msg
		}
	}
	for _, c := range cmd().(tea.BatchMsg) {
		go run(c)
	}
	return out
}

func TestAJobShowsHowFarItIsAndIsStoppedByEsc(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := model(t)
		messages := parts(m.begun("verifying", func(ctx context.Context, p *progress) (tea.Msg, error) {
			p.set(3, 10)
			<-ctx.Done()
			return nil, ctx.Err()
		}))
		if got := strings.Join(m.status(), " "); !strings.Contains(got, "verifying") {
			t.Errorf("status %q", got)
		}
		time.Sleep(heard)
		cmd := m.hear((<-messages).(jobMsg))
		if got := m.status()[0]; got != "verifying: 3 of 10 (30%), esc stops" {
			t.Errorf("status %q", got)
		}
		closed, ok := m.Close()
		if !ok || closed.(Model).job.progress != m.job.progress {
			t.Fatal("esc does not stop the job")
		}
		after, stop := closed.Update(board.Msg{Board: m.env.Board})
		for _, c := range flatten(stop) {
			c()
		}
		if say, ok := (<-messages).(screen.Say); !ok || say.Text != "stopped verifying at 3 records of 10" {
			t.Errorf("said %+v", say)
		}
		m = after.(Model)
		if m.hear((<-messages).(jobMsg)) != nil || m.job.running() {
			t.Error("the job is still thought to be under way")
		}
		if late := m.hear(cmd().(jobMsg)); late != nil {
			t.Error("an old tick goes on")
		}
	})
}

// flatten runs a command that may be a batch.
func flatten(cmd tea.Cmd) []tea.Cmd {
	if cmd == nil {
		return nil
	}
	if batch, ok := cmd().(tea.BatchMsg); ok {
		return batch
	}
	return nil
}

func TestWhatAJobFailsOfIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := model(t)
		messages := parts(m.begun("exporting", func(context.Context, *progress) (tea.Msg, error) {
			return nil, errors.New("disk full")
		}))
		time.Sleep(heard)
		synctest.Wait()
		for range 3 {
			switch msg := (<-messages).(type) {
			case screen.Failed:
				if msg.Doing != "exporting" || msg.Err.Error() != "disk full" {
					t.Errorf("%+v", msg)
				}
			case jobMsg:
				if m.hear(msg) != nil || m.job.running() {
					t.Error("the job is still thought to be under way")
				}
			default:
				t.Errorf("%T", msg)
			}
		}
	})
}

func TestTheEndingOfAFileChoosesTheFormat(t *testing.T) {
	for path, want := range map[string]string{
		"a.ndjson": "ndjson", "a.CSV": "csv", "x/a.ocsf": "ocsf", "a.ocsf.json": "ocsf", "a": "ndjson", "csv": "ndjson", "x.csv/a.txt": "ndjson",
	} {
		if got := trail.FormatOf(path); string(got) != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestTheTitleNamesWhatTheJournalIsOf(t *testing.T) {
	m := model(t)
	id := keystore.KeyID("1m4dyv7r0vr087kh")
	m.env.Board = &board.Board{Keys: []keystore.KeyView{{Key: keystore.Key{ID: id, Name: "nightly import"}, Owner: keystore.User{Name: "bot"}}}}
	for given, want := range map[string]string{
		"":                                    "Journal",
		"key:" + string(id):                   "Journal of bot/nightly import",
		"key:" + string(id) + " ip:192.0.2.1": "Journal of bot/nightly import ip:192.0.2.1",
		"user:bot":                            "Journal of bot",
		"!user:bot":                           "Journal !user:bot",
		"key:gone since:7d":                   "Journal key:gone since:7d",
		"event:use outcome:denied":            "Journal event:use outcome:denied",
	} {
		m.Search = search.New(search.Words, given)
		if got := m.Title(); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
