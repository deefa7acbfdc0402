// Package confirm asks before something is done that may be regretted.
//
// There are three grades: a plain question, one that wants a name typed, and
// one that wants a number typed. The focus is on Cancel until the operator
// moves it or has typed what was asked, so a stray enter never agrees. A
// dialog that opens by itself ignores keys for a moment: they were meant for
// what was there before.
//
// A question may have a third button, for another way to go on. The dialog only
// decides; its owner reads [Model.Answer] after each Update.
package confirm

import (
	"strconv"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// Answer is what the operator decided.
type Answer uint8

// The answers. A dialog is Open until it is decided.
const (
	Open Answer = iota
	No
	Yes
	Other
)

// Grace is how long a sudden dialog ignores keys.
const Grace = 700 * time.Millisecond

// Line is one consequence, in plain words.
type Line struct {
	Text string
	Tone theme.Tone
}

// Question is what is asked. With a Name, it has to be typed; else with a
// Count, that has to be typed; else there is only a choice.
type Question struct {
	Title  string // "Revoke partner-acme?"
	Lines  []Line // what will happen, what will break
	Verb   string // on the button that agrees: "revoke"
	Refuse string // on the one that does not; "Cancel" without it
	Other  string // on a third one between them; none without it
	Name   string // what must be typed, exactly
	Count  int    // how many things it is about; must be typed
	Sudden bool   // opens by itself, not on a key
}

// want returns what has to be typed, or "".
func (q Question) want() string {
	switch {
	case q.Name != "":
		return q.Name
	case q.Count > 0:
		return strconv.Itoa(q.Count)
	default:
		return ""
	}
}

// KeyMap is what the dialog listens to besides text.
type KeyMap struct {
	Switch key.Binding // moves between the buttons
	Accept key.Binding // presses the one that has the focus
	Cancel key.Binding
	Yes    key.Binding // agrees at once; only where nothing has to be typed
	No     key.Binding // likewise
}

// DefaultKeyMap returns the usual keys.
func DefaultKeyMap() KeyMap {
	bind := func(help, does string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
	}
	return KeyMap{
		Switch: bind("tab", "other button", "tab", "shift+tab"),
		Accept: bind("enter", "press the button", "enter"),
		Cancel: bind("esc", "cancel", "esc", "ctrl+c"),
		Yes:    bind("y", "yes", "y"),
		No:     bind("n", "no", "n", "q"),
	}
}

// Model is the dialog. It is a value; make it with [New].
type Model struct {
	KeyMap KeyMap

	theme    theme.Theme
	question Question
	input    field.Model
	at       button // that has the focus
	deaf     bool
	answer   Answer
	width    int
	tag      *int
}

// button is one of the dialog's.
type button uint8

const (
	refuse button = iota
	other
	agree
	buttons
)

// graceMsg ends the time in which keys are ignored.
type graceMsg struct{ tag *int }

// New returns the dialog for a question. Run [Model.Init] when it opens.
func New(t theme.Theme, q Question) Model {
	m := Model{KeyMap: DefaultKeyMap(), theme: t, question: q, deaf: q.Sudden, width: 76, tag: new(int)}
	m.input = field.New(t, "", field.WithInline())
	if q.want() != "" {
		m.input.Focus()
	}
	m.SetWidth(m.width)
	return m
}

// Init starts the moment in which a sudden dialog ignores keys.
func (m Model) Init() tea.Cmd {
	if !m.deaf {
		return nil
	}
	msg := graceMsg{m.tag}
	return tea.Tick(Grace, func(time.Time) tea.Msg { return msg })
}

// SetTheme changes the looks.
func (m *Model) SetTheme(t theme.Theme) {
	m.theme = t
	m.input.SetTheme(t)
}

// Question returns what is asked.
func (m Model) Question() Question { return m.question }

// Answer returns what was decided.
func (m Model) Answer() Answer { return m.answer }

// matches reports whether what was typed, if anything had to be, is right.
func (m Model) matches() bool {
	want := m.question.want()
	return want == "" || m.input.Value() == want
}

// Update moves the focus, takes what is typed and decides.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	switch msg := msg.(type) {
	case graceMsg:
		if msg.tag == m.tag {
			m.deaf = false
		}
	case tea.KeyPressMsg:
		if !m.deaf && m.answer == Open {
			return m.press(msg)
		}
	case tea.PasteMsg:
		if !m.deaf && m.answer == Open {
			return m.edit(msg)
		}
	}
	return m, nil
}

// Cancels reports whether a key is the one that cancels at any time.
func (m Model) Cancels(msg tea.KeyPressMsg) bool { return key.Matches(msg, m.KeyMap.Cancel) }

func (m Model) press(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	typed := m.question.want() != ""
	switch {
	case m.Cancels(msg):
		m.answer = No
	case key.Matches(msg, m.KeyMap.Switch):
		m.step(1)
	case key.Matches(msg, m.KeyMap.Accept):
		m.accept()
	case typed:
		return m.edit(msg)
	case key.Matches(msg, m.KeyMap.Yes):
		m.answer = Yes
	case key.Matches(msg, m.KeyMap.No):
		m.answer = No
	case msg.Code == tea.KeyRight && m.at < agree:
		m.step(1)
	case msg.Code == tea.KeyLeft && m.at > refuse:
		m.step(-1)
	}
	return m, nil
}

// step moves the focus to the next button that can be pressed.
func (m *Model) step(by int) {
	for range buttons {
		m.at = button((int(m.at) + by + int(buttons)) % int(buttons))
		if m.at == refuse || m.at == other && m.question.Other != "" || m.at == agree && m.matches() {
			return
		}
	}
}

// accept presses the button that has the focus. Cancel is not pressed over
// half-typed text: that is more likely a slip than a decision.
func (m *Model) accept() {
	switch {
	case m.at == agree && m.matches():
		m.answer = Yes
	case m.at == other:
		m.answer = Other
	case m.matches() || m.input.Value() == "":
		m.answer = No
	default:
		m.input.SetError("not the same: type " + text.Quote(m.question.want()))
	}
}

// edit passes input to the field. Once the text is right the focus is on the
// button that agrees.
func (m Model) edit(msg tea.Msg) (Model, tea.Cmd) {
	before := m.matches()
	var cmd tea.Cmd
	m.input, cmd = m.input.Update(msg)
	if now := m.matches(); now != before {
		m.at = refuse
		if now {
			m.at = agree
		}
	}
	return m, cmd
}
