// Package toast shows what has just happened, in the one line above the keys,
// and remembers the last of it.
//
// A message goes away by itself unless it tells of a failure, which stays until
// something else is said or it is dismissed. Nothing is lost: the last
// [LogSize] messages are kept. The widget reads no clock; what goes away does
// so by ticks that carry a number, so a late tick cannot take a newer message.
package toast

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// LogSize is how many messages are remembered.
const LogSize = 200

// Level says how a message is meant. Each is shown as a word too.
type Level uint8

// The levels.
const (
	Info Level = iota
	OK
	Warn
	Fail
)

var levels = [...]struct {
	word string
	tone theme.Tone
	stay time.Duration // 0 stays
}{
	Info: {"info", theme.Accent, 5 * time.Second},
	OK:   {"ok", theme.Good, 5 * time.Second},
	Warn: {"warn", theme.Warn, 10 * time.Second},
	Fail: {"fail", theme.Bad, 0},
}

// String returns the word for the level.
func (l Level) String() string { return levels[min(l, Fail)].word }

// Toast is one message.
type Toast struct {
	Level Level
	Text  string
	Hint  string        // what can be done about it: "U undo"; counts down the time left
	Stay  time.Duration // how long it shows; 0 is right for its level
	At    time.Time     // when it happened, for the log; may be zero
}

// stay returns how long the toast shows, or 0 for ever.
func (t Toast) stay() time.Duration {
	if t.Stay > 0 {
		return t.Stay
	}
	return levels[min(t.Level, Fail)].stay
}

// Model is the line and the log. It is a value; make it with [New].
type Model struct {
	theme   theme.Theme
	current Toast
	shown   bool
	left    time.Duration
	log     []Toast
	tag     *int
	serial  int
}

// tickMsg says that step of the time of one message has passed.
type tickMsg struct {
	tag    *int
	serial int
	step   time.Duration
}

// New returns a line without a message.
func New(t theme.Theme) Model { return Model{theme: t, tag: new(int)} }

// SetTheme changes the looks.
func (m *Model) SetTheme(t theme.Theme) { m.theme = t }

// Push shows a message instead of the one before.
func (m Model) Push(t Toast) (Model, tea.Cmd) {
	m.current, m.shown, m.left = t, true, t.stay()
	m.serial++
	m.log = append(slices.Clip(m.log), t)
	m.log = m.log[max(0, len(m.log)-LogSize):]
	return m, m.tick()
}

// tick returns the command for the next step: a second where the time is
// shown, else all that is left.
func (m Model) tick() tea.Cmd {
	if m.left <= 0 {
		return nil
	}
	step := m.left
	if m.current.Hint != "" {
		step = min(step, time.Second)
	}
	msg := tickMsg{m.tag, m.serial, step}
	return tea.Tick(step, func(time.Time) tea.Msg { return msg })
}

// Update takes the message away when its time has come.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	tick, ok := msg.(tickMsg)
	if !ok || tick.tag != m.tag || tick.serial != m.serial || !m.shown {
		return m, nil
	}
	m.left -= tick.step
	if m.left <= 0 {
		m.shown = false
	}
	return m, m.tick()
}

// Dismiss takes the message away now.
func (m Model) Dismiss() Model {
	m.shown = false
	m.serial++
	return m
}

// Current returns the message that is shown, if one is.
func (m Model) Current() (Toast, bool) { return m.current, m.shown }

// Log returns the remembered messages, oldest first.
func (m Model) Log() []Toast { return slices.Clone(m.log) }

// Line returns the line in exactly w cells; it is blank without a message.
func (m Model) Line(w int) string {
	if !m.shown {
		return text.Spaces(w)
	}
	level := levels[min(m.current.Level, Fail)]
	hint := m.hint()
	head := " " + m.theme.Paint(level.tone, level.word) + "  "
	room := w - text.Width(head) - text.Width(hint)
	return text.FitStyled(head+text.Fit(m.current.Text, room)+m.theme.Key.Render(hint), w)
}

// hint returns what can be done and for how long, with its distance.
func (m Model) hint() string {
	if m.current.Hint == "" {
		return ""
	}
	hint := "  " + text.Safe(m.current.Hint)
	if m.left > 0 {
		hint += fmt.Sprintf(" (%ds)", (m.left+time.Second-1)/time.Second)
	}
	return hint + " "
}
