// Package session is the screen of a rotation session: several keys get new
// secrets one after the other, each handed over as was chosen for all or for it
// alone: in a file for its owner, in a file, through a command, or by way of the
// operator's clipboard. If that is wanted, the next key waits until the new secret
// of the last one is in use, which is seen as it happens.
//
// The session itself is package keystore/session: it is kept in the store, and
// whoever stops, leaves or kills the dashboard leaves each key wholly old or
// wholly new. The screen shows the newest session when it is given no keys, and
// goes on with it. No key string is ever on it, and the one that was sent to the
// clipboard it forgets when it is left.
package session

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/clip"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// vault holds what must not outlast the screen, for all copies of it.
type vault struct {
	key        token.Key // on the clipboard, and not yet said to have arrived
	passphrase string    // of the files
}

// Model is the screen.
type Model struct {
	env   *screen.Env
	grace string // as rotationOf reads it
	keys  *board.Some
	form  form.Model   // empty once the session has begun
	last  session.Hand // of the session before, for the form
	clip  clip.Clipboard
	vault *vault

	s        session.Session // its ID is "" before it began
	at       int             // the step that is, or was last, being done
	going    bool            // from key to key
	working  bool            // a command is at the step
	waiting  bool            // for the first use of the step's new secret
	now      time.Time       // by the store's clock, while waiting
	ticking  bool
	ticks    int
	stopping bool
	ending   bool // the command, too
	looking  bool
	copying  bool
	job      *job   // nil: there is none
	making   bool   // a new secret for the clipboard
	loaded   bool   // the newest session was looked for
	sent     string // how the key string went to the clipboard
	problem  string
	tag      *int // identity of the screen for its messages; never read

	table table.Model
	w, h  int
}

var (
	_ screen.Closer    = Model{}
	_ screen.Helper    = Model{}
	_ screen.Forgetter = Model{}
)

// New returns the screen for the keys of [screen.Go.Several], with the grace ("24h",
// "after:2h" or "now") as the first word of to.Filter; without any, for the newest
// session.
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{env: env, tag: new(int), vault: &vault{}, clip: clip.New(env.Getenv, runtime.GOOS)}
	m.keys = to.Several(env.Board)
	m.grace, _, _ = strings.Cut(to.Filter, " ")
	m.table = table.New(env.Theme, columns(), table.WithoutMarks())
	m.rebuild()
	return m
}

// String names the screen without what it holds.
func (m Model) String() string { return "rotation session " + m.s.ID }

// GoString is String.
func (m Model) GoString() string { return m.String() }

// Format writes String whatever the verb: a half-typed passphrase is in the form.
func (m Model) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, m.String()) }

// asking reports whether there is something to fill in.
func (m Model) asking() bool { return m.form.Focused() != "" }

// holding reports whether a key string is on the clipboard that has not arrived
// yet.
func (m Model) holding() bool { return !m.vault.key.IsZero() }

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Session }

// Title implements [screen.Screen].
func (m Model) Title() string { return "Rotation session" }

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd { return m.newest() }

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case screen.Shown:
		cmd = m.shown()
	case board.Msg:
		if m.ending && m.job != nil {
			m.job.stop()
		}
		if cmd = m.heard(); msg.Changed && cmd == nil {
			cmd = m.look()
		}
	case clip.Sent:
		cmd = m.copied(msg)
	case secondMsg:
		if msg.tag == m.tag && msg.serial == m.ticks {
			m.ticking, m.now = false, msg.now
		}
	case newestMsg, begunMsg, madeMsg, steppedMsg, lookedMsg:
		cmd = m.told(msg)
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseWheelMsg:
		if m.asking() {
			cmd = m.input(msg)
		} else {
			m.table, cmd = m.table.Update(msg)
		}
	}
	m.rebuild()
	return m, tea.Batch(cmd, m.tick())
}

// shown opens the form at first. Later it takes up what went on unheard.
func (m *Model) shown() tea.Cmd {
	if m.s.ID == "" && m.keys.Len() > 0 && !m.asking() {
		return m.ask()
	}
	m.looking, m.ticking = false, false
	if m.making {
		m.working, m.making, m.going = false, false, false
	}
	cmd := m.heard()
	switch {
	case cmd != nil || m.working || m.s.ID == "":
		return cmd
	case m.holding(): // the store does not know the new secret's id yet
		return m.look()
	}
	return m.reload()
}

// Close implements [screen.Closer]: what is going on is stopped after the key
// that is being done; asked once more, a command that is at it is ended.
func (m Model) Close() (screen.Screen, bool) {
	switch {
	case m.working && !m.stopping:
		m.stopping = true
	case m.job != nil && !m.ending:
		m.ending = true // Close may be asked without being meant; what comes next is
	case m.going && !m.working:
		m.going, m.waiting = false, false
	default:
		return m, false
	}
	m.rebuild()
	return m, true
}

// View implements [screen.Screen].
func (m Model) View() screen.View { return m.view() }

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	switch {
	case m.asking():
		return []string{"session.go", "session.next", "session.previous", "app.back", "app.help"}
	case m.holding():
		return []string{"session.on", "session.copy", "session.skip", "session.key", "app.back", "app.help"}
	case m.waiting:
		return []string{"session.on", "session.way", "session.skip", "session.key", "app.back", "app.help"}
	}
	return []string{"session.go", "session.way", "session.skip", "session.key", "app.back", "app.help"}
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	if m.asking() {
		return []keymap.Section{keymap.BindingSection("Field", m.form.Bindings()...)}
	}
	return []keymap.Section{keymap.BindingSection("Move", m.table.KeyMap.Bindings()...)}
}

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return m.asking() }

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string {
	if !m.holding() {
		return ""
	}
	return "the new key string of " + m.s.Steps[m.at].Ref + ", which is on your clipboard alone; n says that it has arrived"
}

// Forget implements [screen.Forgetter].
func (m Model) Forget() { *m.vault = vault{} }

// next returns the first open step from one on, or -1. In a pass, a step that
// failed is tried once.
func (m Model) next(from int) int {
	if from >= len(m.s.Steps) {
		return -1
	}
	i := slices.IndexFunc(m.s.Steps[from:], func(x session.Step) bool { return x.State.Open() })
	if i < 0 {
		return -1
	}
	return from + i
}
