// Package screen is what the dashboard's screens and its root agree on.
//
// The root owns the terminal, the frame, the tabs, the dialogs and the toasts;
// a screen owns what is between the frame's lines. Screens never import each
// other: to go somewhere a screen returns a message of this package, and the
// root builds the place. A screen decides in Update and Act, works in the
// commands it returns, and only shows in View: no I/O, clock or randomness in
// any of them. What it knows of the store comes in a [board.Board]; what time
// it is comes from there too.
package screen

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/config"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Screen is one place of the dashboard, or a dialog over one. It is a value:
// the methods that change it return the changed one.
type Screen interface {
	// Scope is the name under which the keymap knows the screen's keys, and
	// its place in a deep link: "keys", "wizard".
	Scope() string
	// Title says where the operator is: "Keys", "New key".
	Title() string
	// Init returns the first command, or nil.
	Init() tea.Cmd
	// Update takes any message that is not a key of the keymap: typed text,
	// pastes, results of commands, [board.Msg] when the store changed, and
	// tea.WindowSizeMsg with the screen's own area.
	Update(msg tea.Msg) (Screen, tea.Cmd)
	// Act performs an action of the keymap that the operator asked for by its
	// key, the palette or the mouse.
	Act(action string) (Screen, tea.Cmd)
	// Why says why an action cannot be done now, or "". It is asked for every
	// action at every look-up, so it only looks.
	Why(a keymap.Action) string
	// View draws the area of the size last received.
	View() View
	// Hints names the actions for the line of keys, most useful first.
	Hints() []string
	// Typing reports whether plain characters are text now. The root then
	// looks up only keys that are not characters.
	Typing() bool
	// Unsaved says what would be lost by leaving now, or "".
	Unsaved() string
}

// Closer is a screen with something of its own that esc closes before it
// leaves the screen: a filter being typed, marks, a pane.
type Closer interface {
	Screen
	// Close closes the innermost such thing; closed is false if there is none.
	// It is also called to find out whether there is one, and its result then
	// thrown away. After a Close the screen gets a [board.Msg], so that it can
	// return a command.
	Close() (s Screen, closed bool)
}

// Loader is a screen that can do nothing with keys before it has read what it is
// about. The root keeps them until then, so a screen whose keys decide something
// must not be one: nobody has seen yet what about.
type Loader interface {
	Screen
	// Loading reports whether the first reading is under way.
	Loading() bool
}

// Helper is a screen whose widgets have keys of their own, which help lists
// beside those of the keymap.
type Helper interface {
	Screen
	// Help returns the widgets' keys that work now.
	Help() []keymap.Section
}

// View is what a screen shows.
type View struct {
	Content string      // lines of exactly the area's size, already styled
	Cursor  *tea.Cursor // relative to the area; nil hides it
}

// Forgetter is a screen that holds a secret. Once it is left, however that
// came about, the root calls Forget and never shows it again.
type Forgetter interface {
	Screen
	Forget()
}

// Env is what every screen is made with. Screens share one and only read it;
// the root alone changes it, between two messages.
type Env struct {
	Store *keystore.Store
	Board *board.Board // the newest; never nil
	// Verdict is what the linter last said; never nil. When it changes, screens
	// get a [board.Msg].
	Verdict *board.Verdict
	Theme   theme.Theme
	Keymap  keymap.Keymap
	Getenv  func(string) string // the operator's environment, never the process's own
	// Operator is who sits before the terminal: "mira@bastion-1".
	Operator string
	Home     string         // folder in which .pak files are offered to be saved
	Zone     *time.Location // in which absolute times are shown; nil is UTC
	Local    *time.Location // the operator's own time zone; nil is UTC
	View     config.View    // how lists are shown
	Demo     bool           // a demonstration can be opened

	ctx context.Context
}

// NewEnv returns an Env whose commands end with ctx.
func NewEnv(ctx context.Context, st *keystore.Store) *Env {
	return &Env{Store: st, Board: &board.Board{}, Verdict: &board.Verdict{}, Getenv: func(string) string { return "" }, ctx: ctx}
}

// Clock writes an instant as the operator wants to read it, with its zone:
// "2026-11-23 14:32 UTC"; the zero time is "never".
func (e *Env) Clock(at time.Time) string { return expiry.Local(at, e.Zone) }

// patience is how long a command may work on the store.
const patience = 10 * time.Second

// Do returns a command that runs fn with a deadline. What fn returns is the
// command's message; fn may use nothing of a screen but copies.
func (e *Env) Do(fn func(context.Context) tea.Msg) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(e.ctx, patience)
		defer cancel()
		return fn(ctx)
	}
}

// Work is [Env.Do] for what may take minutes and shows how far it is: it has no
// deadline, and stop ends it.
func (e *Env) Work(fn func(context.Context) tea.Msg) (cmd tea.Cmd, stop context.CancelFunc) {
	ctx, stop := context.WithCancel(e.ctx)
	return func() tea.Msg {
		defer stop()
		return fn(ctx)
	}, stop
}
