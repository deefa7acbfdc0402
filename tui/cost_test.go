package tui

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/theme"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// manyKeys is a picture of a store with n keys of a hundred users.
func manyKeys(n int) *board.Board {
	b := &board.Board{Now: noon, Policy: keystore.DefaultPolicy(), Keys: make([]keystore.KeyView, n)}
	for i := range 100 {
		b.Users = append(b.Users, keystore.User{ID: keystore.UserID(fmt.Sprintf("u%015d", i)), Name: fmt.Sprintf("user-%02d", i), Permissions: []keystore.Scope{"a:b"}})
	}
	for i := range b.Keys {
		seen := keystore.Sighting{Time: noon.Add(-time.Duration(i*7919%100000) * time.Second), Caller: keystore.Caller{IP: netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})}}
		b.Keys[i] = keystore.KeyView{
			Key: keystore.Key{
				ID: keystore.KeyID(fmt.Sprintf("%016d", i)), User: b.Users[i%100].ID, Name: fmt.Sprintf("key-%06d", i*7%n),
				Description: fmt.Sprintf("deploys service %d to staging clusters", i%3000), Scopes: []keystore.Scope{"a:b", "c:d"},
				Rules:   iprule.Rules{Allow: []iprule.Entry{{Prefix: netip.PrefixFrom(seen.IP, 28).Masked(), Note: "office"}}},
				Created: noon.Add(-time.Duration(i) * time.Minute), Expires: noon.Add(time.Duration(i*31%9000+1) * time.Hour),
				Secrets: []keystore.Secret{{ID: token.ID([]byte(fmt.Sprintf("%012d", i))), State: keystore.Current}}, Version: 1,
			},
			Owner: b.Users[i%100], Uses: keystore.Uses{First: seen, Last: seen, OK: uint64(i)},
		}
	}
	for i := 0; i < n; i += 9 {
		b.Keys[i].Revoked = noon.Add(-time.Hour)
	}
	b.Arrange()
	return b
}

// judged is what the linter could say of a picture: something of every third key.
func judged(b *board.Board) *board.Verdict {
	var found []lint.Finding
	for i := 0; i < len(b.Keys); i += 3 {
		v := &b.Keys[i]
		found = append(found, lint.Finding{
			Rule: "PAK102", Severity: []lint.Severity{lint.Error, lint.Warning}[i%2], Object: lint.Object{Kind: lint.KindKey, ID: string(v.ID), Name: v.Ref()},
			Owner: v.Owner.Name, Text: fmt.Sprintf("nobody has used it for %d days", i%400), Fix: &lint.Proposal{Text: "disable it"}, Fingerprint: fmt.Sprintf("%016x", i),
		})
	}
	return board.NewVerdict(b, b.Now, found, nil)
}

// deck returns a dashboard that shows a picture.
func deck(tb testing.TB, b *board.Board, w, h int) Model {
	tb.Helper()
	st, err := keystore.Create(tb.Context(), filepath.Join(tb.TempDir(), "store.db"), keystore.CreateOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	m, err := New(tb.Context(), Options{Store: st, Palette: theme.Dark})
	if err != nil {
		tb.Fatal(err)
	}
	m.poll.blurred = true // the store is not read again while the test runs
	m.env.Verdict = judged(b)
	m.resize(w, h)
	m.loaded(loadedMsg{store: st, board: b, changed: true})
	return m
}

func key(r rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: r, Text: string(r)} }

func BenchmarkUnchangedTick100000Keys(b *testing.B) {
	keys := manyKeys(100_000)
	m := deck(b, keys, 100, 30)
	for b.Loop() {
		later := *keys
		later.Now = later.Now.Add(time.Second)
		m.loaded(loadedMsg{store: m.env.Store, board: &later})
		_ = m.View()
	}
}

func BenchmarkFirstFrame(b *testing.B) {
	for _, n := range []int{42, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			keys := manyKeys(n)
			m := deck(b, keys, 100, 30)
			for b.Loop() {
				m.places, m.poll.loaded = places{}, false
				m.loaded(loadedMsg{store: m.env.Store, board: keys, changed: true})
				_ = m.View()
			}
		})
	}
}

// link is what goes over the line to the terminal.
type link struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *link) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *link) take() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.b.Reset()
	return l.b.Len()
}

// still is a dashboard that does not read the store when it starts.
type still struct{ Model }

func (still) Init() tea.Cmd { return nil }

// cost is what was sent to the terminal, in bytes.
type cost struct{ frame, key int }

// play runs a dashboard as over SSH, sends it keys at a rate and returns the
// bytes of the first frame and those that each key cost. wait lets time pass.
func play(tb testing.TB, m Model, w, h int, wait func(time.Duration), every time.Duration, keys ...tea.KeyPressMsg) cost {
	tb.Helper()
	var out link
	in, typed := io.Pipe()
	p := tea.NewProgram(
		still{m}, tea.WithInput(in), tea.WithOutput(&out), tea.WithWindowSize(w, h), tea.WithoutSignalHandler(), tea.WithFPS(framesPerSecond),
		tea.WithColorProfile(colorprofile.ANSI256), tea.WithEnvironment([]string{"TERM=xterm-256color", "SSH_TTY=/dev/pts/0"}),
	)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = p.Run()
	}()
	defer func() {
		p.Kill()
		_ = typed.Close()
		<-done
	}()
	wait(time.Second)
	c := cost{frame: out.take()}
	for _, k := range keys {
		p.Send(k)
		wait(every)
	}
	wait(time.Second)
	c.key = out.take() / len(keys)
	return c
}

// held is a key that is held down.
func held(n int) []tea.KeyPressMsg {
	keys := make([]tea.KeyPressMsg, n)
	for i := range keys {
		keys[i] = key('j')
	}
	return keys
}

const repeat = 34 * time.Millisecond // between two presses of a key that is held

// BenchmarkBytes tells what goes over the line with 100,000 keys: the first
// frame, a key that is held, and single moves that the pane follows.
func BenchmarkBytes(b *testing.B) {
	for _, size := range []struct{ w, h int }{{80, 24}, {100, 30}, {140, 45}} {
		b.Run(fmt.Sprintf("%dx%d", size.w, size.h), func(b *testing.B) {
			m := deck(b, manyKeys(100_000), size.w, size.h)
			for range b.N {
				b.StopTimer()
				c := play(b, m, size.w, size.h, time.Sleep, repeat, held(30)...)
				b.ReportMetric(float64(c.frame), "B/frame")
				b.ReportMetric(float64(c.key), "B/held-key")
				c = play(b, m, size.w, size.h, time.Sleep, 200*time.Millisecond, held(5)...)
				b.ReportMetric(float64(c.key), "B/move")
				b.StartTimer()
			}
		})
	}
}

// TestAKeyCostsFewBytes is about slow lines: it bounds what a key press sends
// to the terminal, with 10,000 keys in the list.
func TestAKeyCostsFewBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand keys and 150 pictures, which the race detector does not change")
	}
	for _, c := range []struct {
		name   string
		w, h   int
		every  time.Duration
		keys   []tea.KeyPressMsg
		atMost int
	}{
		{"moving, pane follows each time", 100, 30, 200 * time.Millisecond, held(15), 400},
		{"key held down, pane follows at the end", 100, 30, repeat, held(60), 250},
		{"moving without a pane", 80, 24, 200 * time.Millisecond, held(15), 250},
		{"key held down without a pane", 80, 24, repeat, held(60), 250},
	} {
		synctest.Test(t, func(t *testing.T) {
			wait := func(d time.Duration) { time.Sleep(d); synctest.Wait() }
			got := play(t, deck(t, manyKeys(10_000), c.w, c.h), c.w, c.h, wait, c.every, c.keys...).key
			wait(unwatched) // for the commands under way
			t.Logf("%s: %d bytes a key", c.name, got)
			if got > c.atMost {
				t.Errorf("%s costs %d bytes a key, want at most %d", c.name, got, c.atMost)
			}
		})
	}
}
