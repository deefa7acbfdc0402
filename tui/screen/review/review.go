// Package review is the screen on which an operator or an auditor goes through
// the keys of the store one by one and says what shall become of each.
//
// A verdict is one key press; all but keep ask for a comment. Beside the list
// stands what helps to decide: the key's facts, its uses, the findings about it,
// what the last review said. How far the review is stands in the title. It is
// kept in the store by package audit/review, so leaving the screen or losing the
// connection loses nothing but a comment that is being typed, and somebody else
// can go on. At the end the signed report is saved to a file.
//
// No key is changed here: the verdict says what is to be done.
package review

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// Model is the screen.
type Model struct {
	env     *screen.Env
	s       review.State // its number is 0: there was none
	loaded  bool
	size    int64 // of the journal when it was asked for
	problem string
	keys    []int32 // places on the board of those it is about, by owner and name
	left    int     // of them, without a decision
	counts  map[review.Verdict]int
	pending map[keystore.KeyID]bool
	known   known
	tag     *int // identity of the screen for its messages; never read

	asked  question
	answer search.Ask

	area  layout.Rect
	split layout.Split
	table table.Model
	pane  facts.Model
}

var (
	_ screen.Closer = Model{}
	_ screen.Helper = Model{}
)

// rest is how long the cursor has to stay on a key before its uses are read.
const rest = 80 * time.Millisecond

// New returns the screen of the newest review.
func New(env *screen.Env, _ screen.Go) screen.Screen {
	m := Model{env: env, tag: new(int), pane: facts.New(env.Theme), pending: map[keystore.KeyID]bool{}}
	m.table = table.New(env.Theme, columns(), table.WithoutMarks(), table.WithRest(rest))
	m.list()
	return m
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Review }

// Title implements [screen.Screen]: it says how far the review is.
func (m Model) Title() string {
	if m.s.Number == 0 {
		return "Review"
	}
	return fmt.Sprintf("Review %d: %d of %d", m.s.Number, len(m.keys)-m.left, len(m.keys))
}

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd { return m.load() }

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case board.Msg:
		cmd = m.refresh(msg)
	case screen.Shown:
		m.pending = map[keystore.KeyID]bool{}
		cmd = m.load()
	case loadedMsg, decidedMsg, endedMsg, knownMsg:
		cmd = m.told(msg)
	case table.RestMsg:
		if m.table.Rested(msg) {
			cmd = m.know()
		}
	case tea.MouseClickMsg:
		if i, ok := m.table.RowAt(msg.Y); ok && msg.X < m.split.Main.W {
			m.table.MoveTo(i)
			cmd = m.know()
		}
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseWheelMsg:
		if m.Typing() {
			m.answer, cmd = m.answer.Update(msg)
			break
		}
		m.table, cmd = m.table.Update(msg)
		m.show()
	}
	return m, cmd
}

// current returns the key under the cursor.
func (m Model) current() (keystore.KeyView, bool) {
	if i := m.table.Index(); i >= 0 {
		return *m.key(i), true
	}
	return keystore.KeyView{}, false
}

// key returns the key in row i. Keys keep their places on the board, because none
// is ever taken away and new ones come last.
func (m Model) key(i int) *keystore.KeyView { return &m.env.Board.Keys[m.keys[i]] }

// open reports whether there is a review that has not ended.
func (m Model) open() bool { return m.s.Number > 0 && m.s.Ended.IsZero() }

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return m.answer.Asking() }

// Unsaved implements [screen.Screen]: what was decided is kept.
func (m Model) Unsaved() string {
	if m.Typing() && m.asked.verdict != "" && m.answer.Value() != "" {
		return "the comment on " + m.asked.key.Ref()
	}
	return ""
}

// Close implements [screen.Closer].
func (m Model) Close() (screen.Screen, bool) {
	if !m.Typing() {
		return m, false
	}
	m.dismiss()
	return m, true
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	if m.Typing() {
		return []keymap.Section{m.answer.Help()}
	}
	return []keymap.Section{keymap.BindingSection("Move", m.table.KeyMap.Bindings()...)}
}

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	switch {
	case m.Typing():
		return nil // the line's own keys
	case !m.open():
		return []string{"review.begin", "review.save", "app.back", "app.help"}
	case m.left == 0:
		return []string{"review.end", "review.save", "review.comment", "app.back", "app.help"}
	}
	return []string{
		"review.keep", "review.ask", "review.restrict", "review.rotate", "review.disable", "review.revoke",
		"review.comment", "review.next", "review.end", "app.back",
	}
}
