// Package keys is the dashboard's home screen: the list of keys, what is
// known of the one under the cursor, and what can be done with it.
//
// The list is filtered with the expressions of package keystore/filter and
// sorted by the column that the operator chose. Cursor and marks belong to
// keys: they stay with them when another process changes the store. A change
// is made to the version of the key that was on the screen; if somebody else
// was quicker, nothing is changed and the operator is told.
package keys

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/clip"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// Model is the screen.
type Model struct {
	env      *screen.Env
	table    table.Model
	list     list   // what is listed
	ranking  list   // all keys in order
	selected []bool // by place in the board: what the filter lets through
	hidden   int    // keys that are not listed because they are revoked
	look     look
	search   search.Model
	stale    bool //  the filter was closed; what it hid is listed with the next message

	area   layout.Rect
	split  layout.Split
	pane   facts.Model
	shown  keystore.KeyID // the key in the pane
	wanted keystore.KeyID // to be shown once it is on the board
	open   bool           // the pane has the whole screen

	asked, recent recent // uses of late: asked for, and known

	copying keystore.KeyID // on its way to the clipboard
}

var (
	_ screen.Closer = Model{}
	_ screen.Helper = Model{}
)

// rest is how long the cursor has to stay on a key before the pane shows it,
// so that scrolling stays cheap.
const rest = 80 * time.Millisecond

// New returns the screen with the filter and the key of to, if it names any;
// a key is shown whole.
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{
		env:    env,
		table:  table.New(env.Theme, columns, table.WithRest(rest)),
		pane:   facts.New(env.Theme),
		search: search.New(checkFilter, to.Filter),
	}
	m.setView(env.View)
	m.rank()
	m.visit(to.Key)
	m.open = to.Key != "" && m.shown == to.Key
	return m
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Keys }

// Title implements [screen.Screen].
func (m Model) Title() string {
	title := "Keys"
	given := m.search.Given()
	if owner, ok := strings.CutPrefix(given, "user:"); ok && !strings.Contains(owner, " ") {
		title += " of " + owner
	} else if given != "" {
		title += " " + given
	}
	if v, ok := m.key(); ok && m.open {
		title += " > " + v.Ref()
	}
	return title
}

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd { return nil }

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case board.Msg:
		m.renew(msg.Board)
	case screen.Go:
		m.visit(msg.Key)
	case table.RestMsg:
		if m.table.Rested(msg) {
			m.show()
		}
	case screen.Remember:
		m.setView(msg.View)
		m.table.SetSort(orders[m.look.order].column, orders[m.look.order].descending(m.look.reverse))
	case screen.Sort:
		cmd := m.sortBy(msg.Order)
		return m, cmd
	case recentMsg:
		m.recent = recent(msg)
		m.show()
	case clip.Sent:
		cmd := m.copied(msg)
		return m, cmd
	case tea.MouseClickMsg:
		m.click(msg)
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseWheelMsg:
		return m.take(msg)
	}
	cmd := m.askRecent()
	return m, cmd
}

// take passes input to what has the focus.
func (m Model) take(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch {
	case m.Typing():
		cmd = m.typed(msg)
	case m.open:
		m.pane, cmd = m.pane.Update(msg)
	default:
		m.table, cmd = m.table.Update(msg)
	}
	cmd = tea.Batch(cmd, m.askRecent())
	return m, cmd
}

func (m *Model) click(msg tea.MouseClickMsg) {
	row, ok := m.table.RowAt(msg.Y)
	if ok && !m.open && msg.X < m.split.Main.W {
		m.table.MoveTo(row)
		m.show()
	}
}

// renew takes a new picture of the store. The rows are put in order again if
// something that decides about it is another.
func (m *Model) renew(b *board.Board) {
	old, judged := m.ranking.board, m.env.Verdict != m.ranking.verdict && orders[m.look.order].column == colLint
	if !b.SameKeys(old) || judged {
		m.rank()
		m.visit(m.wanted)
		m.show()
		return
	}
	m.list.board, m.ranking.board = b, b
	m.list.verdict, m.ranking.verdict = m.env.Verdict, m.env.Verdict
	if m.stale {
		m.rebuild()
	}
	m.table.SetSource(m.list)
	m.show()
}

// visit puts the cursor on a key. If the filter hides it, the filter goes; if
// the board that is listed does not know it yet, it is visited when one does.
func (m *Model) visit(id keystore.KeyID) {
	v, known := m.ranking.board.Key(id)
	m.wanted = ""
	switch {
	case id == "":
		return
	case !known:
		m.wanted = id
		return
	case !m.table.Select(string(id)):
		m.search.Reset()
		m.look.revoked = m.look.revoked || !v.Revoked.IsZero()
		m.rebuild()
		m.table.Select(string(id))
	}
	m.show()
}

// show puts the key under the cursor into the pane.
func (m *Model) show() {
	if !m.open {
		m.shown = keystore.KeyID(m.table.Selected())
	}
	v, ok := m.key()
	switch {
	case !ok:
		m.open = false
		m.pane.SetFacts(nil)
	case m.open:
		m.pane.SetFacts(whole(m.env, v, m.recent, m.area.W-2*margin))
	default:
		m.pane.SetFacts(brief(m.env, v, m.recent, m.split.Detail.W-2*margin))
	}
}

// key returns the key in the pane.
func (m Model) key() (keystore.KeyView, bool) { return m.env.Board.Key(m.shown) }

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return m.search.Typing() }

// Unsaved implements [screen.Screen]: there is never anything to lose.
func (m Model) Unsaved() string { return "" }

// Close implements [screen.Closer].
func (m Model) Close() (screen.Screen, bool) {
	switch {
	case m.Typing():
		m.cancel()
	case m.open:
		m.setOpen(false)
	case m.table.Busy():
		m.table.ClearMarks()
	case m.search.Reset():
		m.stale = true
	default:
		return m, false
	}
	return m, true
}

// setOpen gives the pane the whole screen or takes it back.
func (m *Model) setOpen(open bool) {
	m.open = open
	m.pane.Top()
	m.resize(m.area.W, m.area.H)
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	switch {
	case m.Typing():
		return []keymap.Section{m.search.Help()}
	case m.open:
		return []keymap.Section{keymap.BindingSection("Move", m.pane.KeyMap.Bindings()...)}
	}
	return []keymap.Section{keymap.BindingSection("Move", m.table.KeyMap.Bindings()...)}
}

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	switch {
	case m.Typing():
		return nil // the line's own keys
	case m.open:
		return []string{"app.back", "key.edit", "key.rotate", "key.network", "key.disable", "key.revoke", "key.journal", "key.copy", "key.owner", "key.clone"}
	}
	if m.table.MarkCount() > 0 {
		return []string{"key.bulk", "key.rotate", "key.disable", "key.revoke", "app.back"}
	}
	return []string{
		"key.open", "key.new", "key.edit", "key.rotate", "key.network", "key.disable", "key.revoke", "list.filter", "list.sort",
		"key.copy", "key.journal", "key.clone", "key.owner", "list.columns", "list.revoked", "app.quit",
	}
}
