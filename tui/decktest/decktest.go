// Package decktest runs the dashboard on a sample store, for the tests of its
// screens.
//
// The store is a real one on disk. Its ids, times and checkpoints are the same
// in every run, so that whole screens can be compared with golden files. Time
// stands still at [Now] unless the test moves it.
package decktest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/colorprofile"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

// Now is the time at which the sample store is looked at.
var Now = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

// Clock is a store's clock, which a test moves.
type Clock struct {
	storetest.Clock
	stores atomic.Uint32 // opened with this clock
}

// Store is a store with its clock.
type Store struct {
	*keystore.Store
	Clock *Clock
	t     testing.TB
}

// Open opens the same store once more, as another process would.
func (s *Store) Open(options ...keystore.Option) *Store {
	s.t.Helper()
	return open(s.t, s.Path(), s.Clock, options...)
}

func open(t testing.TB, path string, clock *Clock, options ...keystore.Option) *Store {
	t.Helper()
	st, err := keystore.Open(t.Context(), path, append(always(clock), options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return &Store{Store: st, Clock: clock, t: t}
}

// always are the options of every store here. Each has random numbers of its
// own, or two would mint the same key.
func always(clock *Clock) []keystore.Option {
	return []keystore.Option{
		keystore.WithClock(clock.Now),
		keystore.WithRand(rand.NewChaCha8([32]byte{byte(clock.stores.Add(1))})),
		keystore.WithActor(keystore.Actor{UID: 1000, User: "mira", Via: "tui"}),
	}
}

// Empty returns a store without users and keys.
func Empty(t testing.TB, options ...keystore.Option) *Store {
	t.Helper()
	clock := &Clock{}
	clock.Set(Now)
	path := filepath.Join(t.TempDir(), "prod.db")
	st, err := keystore.Create(t.Context(), path, keystore.CreateOptions{}, append(always(clock), options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return &Store{Store: st, Clock: clock, t: t}
}

// files are the sample store's, by their endings.
var files = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "decktest")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "prod.db")
	if err := fill(path); err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, ending := range []string{"", ".keyring", ".checkpoints"} {
		if out[ending], err = os.ReadFile(path + ending); err != nil {
			return nil, err
		}
	}
	return out, nil
})

// Sample returns a store of its own with the sample in it: six users and
// fifteen keys in all states, with uses.
func Sample(t testing.TB, options ...keystore.Option) *Store {
	t.Helper()
	all, err := files()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "prod.db")
	for ending, b := range all {
		if err := os.WriteFile(path+ending, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	clock := &Clock{}
	clock.Set(Now)
	return open(t, path, clock, options...)
}

// SetPolicy writes the store's policy file.
func (s *Store) SetPolicy(text string) {
	s.t.Helper()
	if err := os.WriteFile(s.PolicyPath(), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// Key returns the key that a reference names.
func (s *Store) Key(ref string) keystore.KeyView {
	s.t.Helper()
	v, err := s.Store.Key(s.t.Context(), ref)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

// User returns the user of a name.
func (s *Store) User(name string) keystore.User {
	s.t.Helper()
	u, err := s.Store.User(s.t.Context(), name)
	if err != nil {
		s.t.Fatal(err)
	}
	return u
}

// Slow is [Sample] on a store that takes a second to tell the time, and so for each
// operation, while slow is set.
func Slow(t testing.TB) (st *Store, slow *atomic.Bool) {
	slow = new(atomic.Bool)
	return Sample(t, keystore.WithClock(func() time.Time {
		if slow.Load() {
			time.Sleep(time.Second)
		}
		return Now
	})), slow
}

// Sizes are the terminals for which screens are kept as golden files.
var Sizes = [...]struct{ W, H int }{{80, 24}, {100, 30}, {140, 45}}

// Tried returns the sizes that this run looks at: with -short the middle one
// alone, which draws with the same code as the others.
func Tried() []struct{ W, H int } {
	if testing.Short() {
		return Sizes[1:2]
	}
	return Sizes[:]
}

// TriedFromSmallest returns the sizes [Tried], and unless with -short the smallest
// terminal that the dashboard is usable on.
func TriedFromSmallest() []struct{ W, H int } {
	if testing.Short() {
		return Tried()
	}
	return append([]struct{ W, H int }{{layout.MinWidth, layout.MinHeight}}, Sizes[:]...)
}

// Golden runs a scene on each of the sizes [Tried] and compares what it leaves
// on the screen with testdata/golden/<name>-<size>.txt.
func Golden(t *testing.T, name string, scene func(t *testing.T, w, h int) *Deck) {
	t.Helper()
	for _, size := range Tried() {
		full := fmt.Sprintf("%s-%dx%d", name, size.W, size.H)
		t.Run(full, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { scene(t, size.W, size.H).Golden(full) })
		})
	}
}

// Deck is a dashboard on a terminal.
type Deck struct {
	*tuitest.Screen
	Store *Store
	t     *testing.T
}

// At opens the dashboard at a link: "users/mira".
func At(link string) func(*tui.Options) { return func(o *tui.Options) { o.Start = link } }

// Run runs a test in a synctest bubble on the dashboard of the sample store, opened
// at a link; "" is the home screen.
func Run(t *testing.T, link string, w, h int, test func(t *testing.T, d *Deck)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, Start(t, Sample(t), w, h, At(link))) })
}

// Start runs the dashboard on a terminal of w by h cells. It must be called
// inside a synctest bubble, and so must what makes the store.
func Start(t *testing.T, st *Store, w, h int, change ...func(*tui.Options)) *Deck {
	t.Helper()
	return start(t, st, w, h, nil, change)
}

// StartInColour is [Start] on a dark terminal of 256 colours.
func StartInColour(t *testing.T, st *Store, w, h int, change ...func(*tui.Options)) *Deck {
	t.Helper()
	dark := func(o *tui.Options) { o.Palette = theme.Dark }
	return start(t, st, w, h, []tuitest.Option{tuitest.Colors(colorprofile.ANSI256)}, append(change, dark))
}

func start(t *testing.T, st *Store, w, h int, terminal []tuitest.Option, change []func(*tui.Options)) *Deck {
	t.Helper()
	o := tui.Options{
		Store: st.Store, Version: "1.0", Home: filepath.Dir(st.Path()), Operator: "ops@bastion-1",
		Local: time.FixedZone("CET", 3600), Palette: theme.Mono,
		Env: []string{"SSH_CONNECTION=198.51.100.7 50022 10.0.0.1 22"},
	}
	for _, f := range change {
		f(&o)
	}
	m, err := tui.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	d := &Deck{Screen: tuitest.Start(t, m, w, h, terminal...), Store: st, t: t}
	d.Settle()
	return d
}

// Settle lets the dashboard read the store once more.
func (d *Deck) Settle() { d.Advance(time.Second) }

// Body returns what is on the screen between the lines of the frame, which are the
// root's.
func (d *Deck) Body() string { return between(d.Lines()) }

// BodyInColour is [Deck.Body] with the sequences that colour it.
func (d *Deck) BodyInColour() string { return between(strings.Split(d.ANSI(), "\n")) }

// GoldenBody compares [Deck.Body] with testdata/golden/<name>-<size>.txt.
func (d *Deck) GoldenBody(name string) {
	d.t.Helper()
	w, h := d.Size()
	tuitest.Golden(d.t, fmt.Sprintf("%s-%dx%d", name, w, h), d.Body())
}

func between(lines []string) string { return strings.Join(lines[3:len(lines)-3], "\n") }

// Want fails the test unless the screen shows all of the texts.
func (d *Deck) Want(texts ...string) {
	d.t.Helper()
	for _, s := range texts {
		if !d.Contains(s) {
			d.t.Errorf("the screen does not show %q:\n%s", s, d.Text())
			return
		}
	}
}

// Without fails the test if the screen shows one of the texts.
func (d *Deck) Without(texts ...string) {
	d.t.Helper()
	for _, s := range texts {
		if d.Contains(s) {
			d.t.Errorf("the screen shows %q:\n%s", s, d.Text())
			return
		}
	}
}
