// Package created is the popup that hands over a new key string: the only
// moment in which it can be had.
//
// It shows the key for a minute, sends it to the clipboard, saves it as a .pak
// file and verifies that what the operator stored is the key. It refuses to
// close on a stray key: for half a second after it opened it listens to
// nothing, enter closes only once "I stored this key" is ticked, and esc asks.
// Every copy, every file and every showing after the first goes into the
// journal.
//
// It promises that the key is drawn and handed over and nothing else: it is in
// no title, message, error or log, what is pasted to verify it is never drawn,
// and closing the popup forgets it.
package created

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/clip"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/field"
	"github.com/pakdeck/pakdeck/tui/widget/secretbox"
)

// Grace is how long the popup ignores keys after it opened: they were meant
// for what was there before.
const Grace = 500 * time.Millisecond

// vault holds the key for all copies of the popup, so that closing one empties
// all.
type vault struct{ key token.Key }

// panel is what has been opened inside the popup.
type panel uint8

const (
	noPanel panel = iota
	saving
	verifying
)

// Model is the popup.
type Model struct {
	env   *screen.Env
	key   keystore.KeyView
	known follow.Report
	vault *vault
	ends  string // the last characters of the key, which are no secret
	box   secretbox.Model
	clip  clip.Clipboard
	begin tea.Cmd

	deaf    bool // just opened
	stored  bool // the operator says so
	copies  int
	copying bool
	saving  bool     // a file is being written
	way     clip.Way // of the last copy
	failure error    // of the better way to copy
	saved   []string // files written
	verdict remark

	panel panel
	form  form.Model
	again string // the path for which a warning was given
	paste field.Model
	w, h  int
}

// remark is what is said of something, and how it is meant.
type remark struct {
	text string
	tone theme.Tone
}

// Option configures the popup.
type Option func(*Model)

// WithClipboard replaces the clipboard, which is otherwise the one that the
// operator's environment tells of.
func WithClipboard(c clip.Clipboard) Option { return func(m *Model) { m.clip = c } }

// readyMsg ends the time in which keys are ignored.
type readyMsg struct{ vault *vault }

// New returns the popup for a key that was issued, with the key string in
// view.
func New(env *screen.Env, issued screen.Issued, opts ...Option) screen.Screen {
	v := &vault{issued.Secret}
	m := Model{
		env: env, key: issued.Key, known: issued.Known, vault: v, ends: issued.Secret.Last4(), deaf: true,
		clip: clip.New(env.Getenv, runtime.GOOS),
		box:  secretbox.New(env.Theme, issued.Secret.String(), func() string { return v.key.Reveal() }),
	}
	for _, opt := range opts {
		opt(&m)
	}
	m.box, m.begin = m.box.Show()
	return m
}

// String names the popup without what it holds.
func (m Model) String() string { return "new key string: " + string(m.key.ID) }

// GoString is String.
func (m Model) GoString() string { return m.String() }

// Format writes String whatever the verb: half-typed passphrases are in the
// popup, too.
func (m Model) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, m.String()) }

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Created }

// Title implements [screen.Screen].
func (m Model) Title() string {
	if m.rotated() {
		return "New secret"
	}
	return "Key created"
}

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd {
	ready := readyMsg{m.vault}
	return tea.Batch(
		m.begin,
		tea.Tick(Grace, func(time.Time) tea.Msg { return ready }),
		screen.Tell(m.announcement()),
	)
}

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case readyMsg:
		m.deaf = m.deaf && msg.vault != m.vault
	case clip.Sent:
		cmd = m.sent(msg)
	case savedMsg:
		cmd = m.hasSaved(msg)
	case tea.KeyPressMsg, tea.PasteMsg:
		if !m.deaf {
			return m.input(msg)
		}
	default:
		m.box, cmd = m.box.Update(msg)
	}
	return m, cmd
}

// input gives what is typed or pasted to the open panel. A paste without one
// is there to be verified: what else could it be for.
func (m Model) input(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	paste, pasted := msg.(tea.PasteMsg)
	switch {
	case m.panel == saving && !m.saving:
		m.edit(func(f form.Model) form.Model {
			f, cmd = f.Update(msg)
			return f
		})
	case m.panel == saving:
	case pasted:
		m.verify(paste.Content)
	case m.panel == verifying:
		m.paste, cmd = m.paste.Update(msg)
	}
	return m, cmd
}

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	if m.deaf || m.saving {
		return m, nil
	}
	cmd := m.act(action)
	return m, cmd
}

func (m *Model) act(action string) tea.Cmd {
	switch {
	case action == "created.leave":
		return m.leave()
	case action == "created.close":
		return m.enter()
	case m.panel == saving:
		return m.inForm(action)
	case m.panel == verifying:
		return nil
	}
	switch action {
	case "created.copy":
		return m.copy()
	case "created.save":
		return m.askFile()
	case "created.verify":
		return m.askPaste()
	case "created.mask":
		return m.mask()
	case "created.stored":
		m.stored = !m.stored
	}
	return nil
}

// enter does what the open panel is for, or closes the popup.
func (m *Model) enter() tea.Cmd {
	switch {
	case m.panel == saving:
		return m.save()
	case m.panel == verifying:
		m.verify(m.paste.Value())
		return nil
	case m.stored:
		return m.close()
	}
	return nil
}

// leave closes the open panel, or the popup after a question.
func (m *Model) leave() tea.Cmd {
	if m.panel != noPanel {
		m.dismiss()
		return nil
	}
	if m.stored {
		return m.close()
	}
	return m.askToLeave()
}

// dismiss closes the panel and forgets what was typed in it.
func (m *Model) dismiss() {
	m.panel, m.form, m.again = noPanel, form.Model{}, ""
	m.paste = field.Model{}
}

// close forgets the key in all copies of the popup and leaves.
func (m *Model) close() tea.Cmd {
	m.dismiss()
	m.box = m.box.Close()
	m.Forget()
	return tea.Sequence(screen.Tell(screen.Back{}), tea.ClearScreen)
}

// Forget implements [screen.Forgetter]: all copies of the popup share the key.
func (m Model) Forget() { m.vault.key = token.Key{} }

// closed reports whether the key is gone.
func (m Model) closed() bool { return m.vault.key.IsZero() }

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	switch {
	case a.ID == "created.close" && m.panel == noPanel && !m.stored:
		return "tick \"I stored this key\" with space first"
	case a.ID == "created.next" && m.panel != saving, a.ID == "created.previous" && m.panel != saving:
		return "there is no other field"
	}
	return ""
}

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	switch m.panel {
	case saving:
		return []string{"created.close", "created.next", "created.previous", "created.leave"}
	case verifying:
		return []string{"created.close", "created.leave"}
	}
	return []string{"created.copy", "created.save", "created.verify", "created.mask", "created.stored", "created.close", "created.leave"}
}

// Typing implements [screen.Screen]. In a panel every character is text, and
// just after opening none means anything.
func (m Model) Typing() bool { return m.deaf || m.panel != noPanel }

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string {
	if m.stored || m.closed() {
		return ""
	}
	return "the key string of " + cmp.Or(m.key.Ref(), string(m.key.ID)) + ", which cannot be shown again"
}
