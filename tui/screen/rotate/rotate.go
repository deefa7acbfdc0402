// Package rotate is the cockpit of rotations: for one key, or for one after the
// other of several, the old and the new secret as bars over time, who still uses
// the old one, and whether it can go.
//
// It is live while the terminal has the focus. A new secret is handed over by
// the popup for key strings. The old one goes with one key when that is safe;
// when it is not, the key's name has to be typed. The screen keeps no secret.
package rotate

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/rotation"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// Model is the screen.
type Model struct {
	env   *screen.Env
	queue *board.Some
	at    int // in queue
	grace int // in graces

	look    rotation.View
	read    time.Time // by the store's clock; zero: not yet
	reading bool
	stale   bool
	serial  int
	tag     *int // identity of the screen for its messages; never read
	problem string
	blurred bool
	busy    bool // a change is under way

	table table.Model
	w, h  int
}

var _ screen.Helper = Model{}

// Due, as the filter of the place, stands for the keys whose secret is due.
const Due = "due"

// graces are how long the old secret may work beside the new one.
var graces = [...]struct {
	name, word string
	of         func(now time.Time) keystore.Rotation
}{
	{"24 hours", "24h", until(24 * time.Hour)},
	{"7 days", "7d", until(7 * 24 * time.Hour)},
	{"2 hours after the first use of the new one", "after:2h", after(2 * time.Hour)},
	{"24 hours after the first use of the new one", "after:24h", after(24 * time.Hour)},
	{"not at all: somebody else may have it", "now", func(time.Time) keystore.Rotation { return keystore.Rotation{Now: true} }},
}

func until(d time.Duration) func(time.Time) keystore.Rotation {
	return func(now time.Time) keystore.Rotation { return keystore.Rotation{Until: now.Add(d)} }
}

func after(d time.Duration) func(time.Time) keystore.Rotation {
	return func(time.Time) keystore.Rotation { return keystore.Rotation{After: d} }
}

// New returns the cockpit for the keys of [screen.Go.Several], with
// [screen.Emergency] as the first word of to.Filter if the old secrets shall not work
// on, or for those that are due.
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{env: env, tag: new(int), queue: to.Several(env.Board)}
	switch first, _, _ := strings.Cut(to.Filter, " "); first {
	case Due:
		m.queue = env.Board.Named(due(env.Board)...)
	case screen.Emergency:
		m.grace = len(graces) - 1
	}
	m.reading = m.queue.Len() > 0
	m.table = table.New(env.Theme, columns(), table.WithoutMarks())
	m.rebuild()
	return m
}

// due returns the keys whose secret has been in use for too long, the longest
// first.
func due(b *board.Board) []keystore.KeyID {
	var list []keystore.KeyView
	for _, k := range b.Keys {
		by := k.RotateBy(b.Policy)
		if !by.IsZero() && !b.Now.Before(by) && k.StateAt(b.Now, 0).Works() {
			list = append(list, k)
		}
	}
	slices.SortStableFunc(list, func(a, b keystore.KeyView) int { return a.Current().Created.Compare(b.Current().Created) })
	ids := make([]keystore.KeyID, len(list))
	for i, k := range list {
		ids[i] = k.ID
	}
	return ids
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Rotate }

// Title implements [screen.Screen].
func (m Model) Title() string {
	if v, ok := m.key(); ok {
		return "Rotate " + v.Ref()
	}
	return "Rotate"
}

// key returns the key whose turn it is, as it is now.
func (m Model) key() (keystore.KeyView, bool) {
	if m.at >= m.queue.Len() {
		return keystore.KeyView{}, false
	}
	return m.env.Board.Key(m.queue.At(m.at).ID)
}

// old returns the secret that still works beside the current one.
func (m Model) old() (keystore.Secret, bool) {
	v, _ := m.key()
	return v.RetiringAt(m.env.Board.Now)
}

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd {
	if m.queue.Len() == 0 {
		return nil
	}
	return m.load()
}

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		m.rebuild()
	case tea.BlurMsg:
		m.blurred = true
	case tea.FocusMsg:
		m.blurred = false
		cmd = m.refresh(false)
	case board.Msg:
		cmd = m.refresh(msg.Changed)
	case screen.Shown:
		m.busy = false
		cmd = m.begin()
	case lookedMsg:
		m.arrived(msg)
	case changedMsg:
		m.busy = false
		cmd = tea.Batch(msg.then, m.begin())
	case tea.MouseClickMsg:
		if i, ok := m.table.RowAt(msg.Y - headLines); ok {
			m.table.MoveTo(i)
		}
	case tea.KeyPressMsg, tea.MouseWheelMsg:
		m.table, cmd = m.table.Update(msg)
	}
	return m, cmd
}

// View implements [screen.Screen].
func (m Model) View() screen.View { return m.view() }

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	hints := []string{"rotate.start", "rotate.grace"}
	if _, ok := m.old(); ok {
		hints = []string{"rotate.retire", "rotate.revert"}
	}
	if m.queue.Len() > 1 {
		hints = append(hints, "rotate.next", "rotate.session")
	}
	return append(hints, "rotate.caller", "rotate.journal", "app.back", "app.help")
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	return []keymap.Section{keymap.BindingSection("Move", m.table.KeyMap.Bindings()...)}
}

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return false }

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string { return "" }
