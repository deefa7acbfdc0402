// Package secretbox shows a secret for a minute at most.
//
// The box never holds the secret: it holds a function that tells it, and calls
// that only to draw an unmasked view. It masks itself after [Visible] and
// when the terminal loses the focus. However it is printed, logged or encoded,
// what comes out is a placeholder. [Model.Close] drops the function for every
// copy of the box, so a closed box cannot be opened again.
//
// What it cannot do is take back what a terminal has shown: its owner clears
// the screen and closes the box.
package secretbox

import (
	"fmt"
	"io"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Visible is how long an unmasked secret stays on the screen.
const Visible = 60 * time.Second

// placeholder is what a box prints as.
const placeholder = "[secret]"

// KeyMap is what the box listens to.
type KeyMap struct {
	Toggle key.Binding
}

// DefaultKeyMap returns m for mask and unmask.
func DefaultKeyMap() KeyMap {
	return KeyMap{Toggle: key.NewBinding(key.WithKeys("m"), key.WithHelp("m", "mask or unmask"))}
}

// vault is shared by all copies of a box, so that closing one closes all.
type vault struct{ reveal func() string }

// Model is the box. It is a value; make it with [New].
type Model struct {
	KeyMap KeyMap

	theme  theme.Theme
	mask   string
	vault  *vault
	width  int
	shown  bool
	left   time.Duration
	serial int
}

// tickMsg says that a second has passed for one showing of one box.
type tickMsg struct {
	vault  *vault
	serial int
}

// String keeps the box out of traces of messages.
func (tickMsg) String() string { return "secretbox tick" }

// New returns a masked box that shows mask instead of what reveal returns.
func New(t theme.Theme, mask string, reveal func() string) Model {
	return Model{KeyMap: DefaultKeyMap(), theme: t, mask: mask, vault: &vault{reveal}, width: 66}
}

// SetTheme changes the looks.
func (m *Model) SetTheme(t theme.Theme) { m.theme = t }

// SetWidth sets the width in cells; a longer secret is broken into lines.
func (m *Model) SetWidth(w int) { m.width = w }

// Show unmasks the secret and starts the countdown anew.
func (m Model) Show() (Model, tea.Cmd) {
	if m.Closed() {
		return m, nil
	}
	m.shown, m.left = true, Visible
	m.serial++
	return m, m.tick()
}

// Hide masks the secret.
func (m Model) Hide() Model {
	m.shown, m.left = false, 0
	m.serial++
	return m
}

// Close masks the secret and forgets how to reveal it, in all copies of the
// box.
func (m Model) Close() Model {
	m.vault.reveal = nil
	return m.Hide()
}

// Closed reports whether the box or a copy of it was closed.
func (m Model) Closed() bool { return m.vault.reveal == nil }

// Shown reports whether the secret is unmasked.
func (m Model) Shown() bool { return m.shown && !m.Closed() }

// Left returns how long the secret will still be unmasked.
func (m Model) Left() time.Duration { return m.left }

func (m Model) tick() tea.Cmd {
	msg := tickMsg{m.vault, m.serial}
	return tea.Tick(time.Second, func(time.Time) tea.Msg { return msg })
}

// Update counts down, masks when the terminal loses the focus and toggles.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tickMsg:
		return m.count(msg)
	case tea.BlurMsg:
		return m.Hide(), nil
	case tea.KeyPressMsg:
		if !key.Matches(msg, m.KeyMap.Toggle) {
			return m, nil
		}
		if m.shown {
			return m.Hide(), nil
		}
		return m.Show()
	}
	return m, nil
}

func (m Model) count(msg tickMsg) (Model, tea.Cmd) {
	if msg.vault != m.vault || msg.serial != m.serial || !m.Shown() {
		return m, nil
	}
	m.left -= time.Second
	if m.left <= 0 {
		return m.Hide(), nil
	}
	return m, m.tick()
}

// View returns the secret or its mask in lines of exactly the box's width.
func (m Model) View() string {
	s := m.mask
	if m.Shown() {
		s = m.vault.reveal()
	}
	lines := text.Wrap(strings.ReplaceAll(s, "\n", " "), m.width)
	for i, line := range lines {
		lines[i] = text.Fit(line, m.width)
		if !m.Shown() {
			lines[i] = m.theme.Paint(theme.Muted, lines[i])
		}
	}
	return strings.Join(lines, "\n")
}

// Status says in words what the box does: "hides in 47s", "masked", "closed".
func (m Model) Status() string {
	switch {
	case m.Closed():
		return "closed"
	case m.shown:
		return fmt.Sprintf("hides in %ds", m.left/time.Second)
	default:
		return "masked"
	}
}

// String returns a placeholder.
func (Model) String() string { return placeholder }

// GoString returns a placeholder.
func (Model) GoString() string { return placeholder }

// Format writes a placeholder whatever the verb.
func (Model) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, placeholder) }

// MarshalText returns a placeholder, for JSON and logs.
func (Model) MarshalText() ([]byte, error) { return []byte(placeholder), nil }
