// Package field is a labelled line of text to type in.
//
// It edits with bubbles/textinput and draws by itself: exact width, wide
// characters, the real cursor. It promises that its value is one line without
// control or invisible characters, wherever it was typed or pasted from: line
// breaks and tabs in a paste become spaces, and a paste with anything that
// could deceive a reader is refused with the reason. It never reads the
// clipboard of the host it runs on; only the terminal can paste.
//
// The owner validates and tells the result with [Model.SetError]; an edit
// takes an error away, so that nobody is scolded while typing.
package field

import (
	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Model is one field. It is a value; make it with [New]. The zero value is empty
// and takes no keys.
type Model struct {
	theme       theme.Theme
	input       *textinput.Model // shared by copies until it is changed: it is large; see own
	label       string
	labelWidth  int
	hint        string
	placeholder string
	err         string
	note        string // what happened to the last input
	width       int
	offset      int // first visible character
	marker      string
	masked      bool
	inline      bool
}

// Option configures a field.
type Option func(*Model)

// WithHint sets the remark under the field.
func WithHint(s string) Option { return func(m *Model) { m.hint = s } }

// WithPlaceholder sets an example that shows while the field is empty.
func WithPlaceholder(s string) Option { return func(m *Model) { m.placeholder = s } }

// WithLimit sets the greatest length in characters; without it there is none.
func WithLimit(n int) Option { return func(m *Model) { m.input.CharLimit = n } }

// WithLabelWidth sets the cells that the label takes, so that fields line up.
func WithLabelWidth(w int) Option { return func(m *Model) { m.labelWidth = w } }

// WithMask hides what is typed, for passphrases and key strings.
func WithMask() Option {
	return func(m *Model) {
		m.masked = true
		m.input.EchoMode = textinput.EchoPassword // words cannot be told by moving over them
	}
}

// WithMarker sets the one-cell sign before the input of a focused field.
func WithMarker(s string) Option { return func(m *Model) { m.marker = s } }

// WithInline leaves out the line under the field; see [Model.Message].
func WithInline() Option { return func(m *Model) { m.inline = true } }

// New returns an empty field without the focus.
func New(t theme.Theme, label string, opts ...Option) Model {
	input := textinput.New()
	m := Model{theme: t, input: &input, label: label, labelWidth: -1, marker: t.Glyphs.Cursor, width: 40}
	m.input.Prompt = ""
	m.input.KeyMap = keys()
	m.input.SetVirtualCursor(false)
	for _, opt := range opts {
		opt(&m)
	}
	return m
}

// keys are textinput's without the host's clipboard, the prefixes of screen
// and tmux, and its suggestions.
func keys() textinput.KeyMap {
	k := textinput.DefaultKeyMap()
	k.CharacterBackward = key.NewBinding(key.WithKeys("left"))
	k.LineStart = key.NewBinding(key.WithKeys("home"))
	for _, b := range []*key.Binding{&k.Paste, &k.AcceptSuggestion, &k.NextSuggestion, &k.PrevSuggestion} {
		b.Unbind()
	}
	return k
}

// own gives the model an input of its own, so that its older values stay as they
// were. Whatever changes the input begins with it.
func (m *Model) own() {
	input := textinput.New()
	if m.input != nil {
		input = *m.input
	}
	// textinput edits its slice in place.
	input.SetValue(input.Value())
	m.input = &input
}

// SetTheme changes the looks.
func (m *Model) SetTheme(t theme.Theme) { m.theme = t }

// SetWidth sets the width of the whole field in cells, label included.
func (m *Model) SetWidth(w int) {
	m.width = w
	m.follow()
}

// SetHint changes the remark under the field.
func (m *Model) SetHint(s string) { m.hint = s }

// SetError tells what is wrong with the value, or "" if nothing is. It shows
// until the value changes.
func (m *Model) SetError(s string) { m.err = s }

// Err returns what [Model.SetError] told, if it still holds.
func (m Model) Err() string { return m.err }

// Value returns what was typed.
func (m Model) Value() string {
	if m.input == nil {
		return ""
	}
	return m.input.Value()
}

// SetValue replaces the value and puts the cursor behind it. Control
// characters are dropped.
func (m *Model) SetValue(s string) {
	m.own()
	m.input.SetValue(s)
	m.input.CursorEnd()
	m.err, m.note = "", ""
	m.follow()
}

// Reset empties the field.
func (m *Model) Reset() { m.SetValue("") }

// Focus lets the field take keys.
func (m *Model) Focus() tea.Cmd {
	m.own()
	return m.input.Focus()
}

// Blur makes the field ignore keys.
func (m *Model) Blur() {
	m.own()
	m.input.Blur()
	m.note = ""
}

// Focused reports whether the field takes keys.
func (m Model) Focused() bool { return m.input != nil && m.input.Focused() }

// Label returns the field's label.
func (m Model) Label() string { return m.label }

// Update edits the value while the field has the focus.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	if !m.Focused() {
		return m, nil
	}
	before := m.input.Value()
	m.own()
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.PasteMsg:
		m.paste(msg.Content)
	case tea.KeyPressMsg:
		cmd = m.press(msg)
	}
	if m.input.Value() != before {
		m.err = ""
	}
	m.follow()
	return m, cmd
}

func (m *Model) press(msg tea.KeyPressMsg) (cmd tea.Cmd) {
	m.note = ""
	if msg.Text != "" {
		if why := m.refuse(msg.Text); why != "" {
			m.note = "ignored: " + why
			return nil
		}
		m.full(1)
	}
	*m.input, cmd = m.input.Update(msg)
	return cmd
}

func (m *Model) paste(content string) {
	clean, note := oneLine(content)
	if why := m.refuse(clean); why != "" {
		m.note = "paste refused: " + why
		return
	}
	m.note = note
	m.full(len([]rune(clean)))
	*m.input, _ = m.input.Update(tea.PasteMsg{Content: clean})
}
