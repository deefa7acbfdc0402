package journal_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// TestManyRecords measures the screen and the check on a long journal. By default
// it is a short one and nothing is held against a clock. make campaign sets
//
//	PAKDECK_CAMPAIGN          a folder for the store, which is kept
//	PAKDECK_CAMPAIGN_RECORDS  how many records, 10 million if it is not set
//
// and then the promises of the screen are checked: it opens in 200 ms, no key
// takes longer, a million records are verified in 3 s, and memory is bounded.
func TestManyRecords(t *testing.T) {
	dir, n, strict := t.TempDir(), 20_000, false
	if named := os.Getenv("PAKDECK_CAMPAIGN"); named != "" {
		dir, n, strict = named, 10_000_000, true
		if s := os.Getenv("PAKDECK_CAMPAIGN_RECORDS"); s != "" {
			var err error
			if n, err = strconv.Atoi(s); err != nil {
				t.Fatal(err)
			}
		}
	} else if testing.Short() {
		t.Skip("long")
	}
	st := filled(t, dir, n)
	within := func(what string, took, limit time.Duration) {
		t.Logf("%-44s %v", what, took.Round(10*time.Microsecond))
		if strict && took > limit {
			t.Errorf("%s took %v, at most %v are promised", what, took, limit)
		}
	}
	info, err := os.Stat(st.Path())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d records, %d MB", n, info.Size()>>20)

	peak := watchMemory(t)
	d := open(t, st, "journal")
	within("the screen opens", d.until(t, "more below"), 200*time.Millisecond)
	worst := time.Duration(0)
	for range 60 {
		took, _ := d.press(t, tea.KeyPressMsg{Code: tea.KeyPgDown})
		worst = max(worst, took)
	}
	within("a page down, the slowest of 60", worst, 100*time.Millisecond)
	took, _ := d.press(t, tea.KeyPressMsg{Code: 'g', Text: "g"})
	within("back to the top", took, 100*time.Millisecond)
	t.Logf("%-44s %d MB", "memory at most, scrolling", peak()>>20)

	began := time.Now()
	rare := search(t, st, "key:"+rareName)
	within(fmt.Sprintf("a filter that matches %d records, whole journal", rare), time.Since(began), time.Hour)
	began = time.Now()
	one := search(t, st, "key:1m4dyv7r0vr00042")
	within(fmt.Sprintf("one key by its id, %d records, whole journal", one), time.Since(began), time.Hour)
	began = time.Now()
	none := search(t, st, "event:key.revoke")
	within(fmt.Sprintf("event:key.revoke, %d records, whole journal", none), time.Since(began), time.Hour)

	runtime.GC()
	peak = watchMemory(t)
	began = time.Now()
	rep, err := st.VerifyJournal(t.Context())
	took = time.Since(began)
	if err != nil || !rep.Intact {
		t.Fatalf("%v, %v", rep, err)
	}
	within("verify", took, max(3*time.Second, time.Duration(n)*3*time.Microsecond))
	t.Logf("%-44s %v", "verify, a million records", (took * 1_000_000 / time.Duration(rep.Size)).Round(time.Millisecond))
	bytes := peak()
	t.Logf("%-44s %d MB", "memory at most, verifying", bytes>>20)
	if bytes > 200<<20 {
		t.Errorf("verifying took %d MB", bytes>>20)
	}
}

// rareName is in the records that are hard to find.
const rareName = "needle"

// filled returns a store with n journal records, nearly all of them uses. One that
// is in the folder already is used again.
func filled(t *testing.T, dir string, n int) *keystore.Store {
	t.Helper()
	path := filepath.Join(dir, "store.db")
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	clock := keystore.WithClock(func() time.Time { return at })
	st, err := keystore.Create(t.Context(), path, keystore.CreateOptions{}, clock)
	if errors.Is(err, fs.ErrExist) {
		st, err = keystore.Open(t.Context(), path, clock)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	head, err := st.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const batch = 8192
	agents := []string{"curl/8.5", "python-requests/2.32", "Go-http-client/1.1"}
	for done := int(head.Size); done < n; {
		notable := make([]keystore.Use, min(batch, n-done))
		for i := range notable {
			k := (done + i) % 5000
			at = at.Add(100 * time.Millisecond)
			notable[i] = keystore.Use{
				Sighting: keystore.Sighting{Time: at, Caller: keystore.Caller{
					IP: netip.AddrFrom4([4]byte{10, 0, byte(k >> 8), byte(k)}), Agent: agents[k%3], Route: fmt.Sprintf("POST /v1/chat/%d", k%17),
				}},
				Outcome: keystore.Outcomes[k%len(keystore.Outcomes)], Key: keystore.KeyID(fmt.Sprintf("1m4dyv7r0vr%05d", k)), Ref: fmt.Sprintf("bot-%02d/key-%04d", k%40, k),
			}
			if (done+i)%(n/5+1) == 0 {
				notable[i].Ref = "bot/" + rareName
			}
		}
		if err := st.RecordUses(t.Context(), keystore.UseBatch{Notable: notable}); err != nil {
			t.Fatal(err)
		}
		done += len(notable)
	}
	return st
}

func search(t *testing.T, st *keystore.Store, expr string) (n int) {
	t.Helper()
	f, err := trail.Parse(expr, st.Now())
	if err != nil {
		t.Fatal(err)
	}
	for from := int64(trail.Newest); ; {
		p, err := trail.Backwards(t.Context(), st, f, from, 200)
		if err != nil {
			t.Fatal(err)
		}
		n += len(p.Entries)
		if from = p.Next; from < 0 {
			return n
		}
	}
}

// watchMemory samples the heap until the returned function is called, which
// returns the most that was seen.
func watchMemory(t *testing.T) (peak func() uint64) {
	ctx, cancel := context.WithCancel(t.Context())
	var most atomic.Uint64
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapInuse))
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() uint64 {
		cancel()
		<-done
		return most.Load()
	}
}

// deck drives the dashboard without a terminal, in real time.
type deck struct {
	model    tea.Model
	messages chan tea.Msg
	began    time.Time
}

func open(t *testing.T, st *keystore.Store, place string) *deck {
	t.Helper()
	began := time.Now()
	m, err := tui.New(t.Context(), tui.Options{Store: st, Start: place, Palette: theme.Mono, Operator: "ops"})
	if err != nil {
		t.Fatal(err)
	}
	d := &deck{model: m, messages: make(chan tea.Msg, 1024), began: began}
	d.run(t, d.model.Init())
	d.update(t, tea.WindowSizeMsg{Width: 100, Height: 30})
	return d
}

// run runs a command beside the deck.
func (d *deck) run(t *testing.T, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		msg := cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, c := range batch {
				d.run(t, c)
			}
			return
		}
		select {
		case d.messages <- msg:
		case <-t.Context().Done():
		}
	}()
}

func (d *deck) update(t *testing.T, msg tea.Msg) {
	var cmd tea.Cmd
	d.model, cmd = d.model.Update(msg)
	d.run(t, cmd)
}

func (d *deck) screen() string { return d.model.View().Content }

// until waits for a text, and returns how long that took since the beginning.
func (d *deck) until(t *testing.T, text string) time.Duration {
	t.Helper()
	deadline := time.After(time.Minute)
	for !strings.Contains(d.screen(), text) {
		select {
		case msg := <-d.messages:
			d.update(t, msg)
		case <-deadline:
			t.Fatalf("%q does not come:\n%s", text, d.screen())
		}
	}
	return time.Since(d.began)
}

// press presses a key, and returns how long the screen took to show what follows
// from it. Whatever else arrived meanwhile is taken in afterwards.
func (d *deck) press(t *testing.T, key tea.KeyPressMsg) (took time.Duration, screen string) {
	began := time.Now()
	d.update(t, key)
	screen = d.screen()
	took = time.Since(began)
	for wait := time.After(5 * time.Millisecond); ; {
		select {
		case msg := <-d.messages:
			began := time.Now()
			d.update(t, msg)
			took = max(took, time.Since(began))
			continue
		case <-wait:
		}
		return took, screen
	}
}
