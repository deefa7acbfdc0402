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

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/clip"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/browse"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// Model is the screen.
type Model struct {
	env *screen.Env
	browse.List
	list     list   // what is listed
	ranking  list   // all keys in order
	selected []bool // by place in the board: what the filter lets through
	hidden   int    // keys that are not listed because they are revoked
	look     look
	stale    bool // the filter was closed; what it hid is listed with the next message

	shown  keystore.KeyID // the key in the pane
	wanted keystore.KeyID // to be shown once it is on the board

	asked, recent recent // uses of late: asked for, and known

	copying keystore.KeyID // on its way to the clipboard
}

var (
	_ screen.Closer = Model{}
	_ screen.Helper = Model{}
)

// New returns the screen with the filter and the key of to, if it names any;
// a key is shown whole.
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{env: env, List: browse.New(
		env.Theme, layout.Side{From: 100, Narrow: 31, Part: 5, Widest: 60}, search.New(checkFilter, to.Filter),
		columns, table.WithRest(browse.Rest),
	)}
	m.Head = search.Height
	m.setView(env.View)
	m.rank()
	m.visit(to.Key)
	m.Whole = to.Key != "" && m.shown == to.Key
	return m
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Keys }

// Title implements [screen.Screen].
func (m Model) Title() string {
	title := "Keys"
	given := m.Search.Given()
	if owner, ok := strings.CutPrefix(given, "user:"); ok && !strings.Contains(owner, " ") {
		title += " of " + owner
	} else if given != "" {
		title += " " + given
	}
	if v, ok := m.key(); ok && m.Whole {
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
		m.Resize(msg.Width, msg.Height)
		m.fit()
	case board.Msg:
		m.renew(msg.Board)
	case screen.Go:
		m.visit(msg.Key)
	case table.RestMsg:
		if m.Table.Rested(msg) {
			m.show()
		}
	case screen.Remember:
		m.setView(msg.View)
		m.Table.SetSort(orders[m.look.order].column, orders[m.look.order].descending(m.look.reverse))
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
		if m.Click(msg) {
			m.show()
		}
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseWheelMsg:
		filtered, cmd := m.Input(msg)
		if filtered {
			m.rebuild()
			m.show()
		}
		cmd = tea.Batch(cmd, m.askRecent())
		return m, cmd
	}
	cmd := m.askRecent()
	return m, cmd
}

// renew takes a new picture of the store. The rows are put in order again if
// something that decides about it is another.
func (m *Model) renew(b *board.Board) {
	old, judged := m.ranking.board, m.env.Verdict != m.ranking.verdict && orders[m.look.order].column == colLint
	if !b.SameKeys(old) || judged {
		m.rank()
		m.visit(m.wanted)
		m.fit()
		return
	}
	m.list.board, m.ranking.board = b, b
	m.list.verdict, m.ranking.verdict = m.env.Verdict, m.env.Verdict
	if m.stale {
		m.rebuild()
	}
	m.Table.SetSource(m.list)
	m.fit()
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
	case !m.Table.Select(string(id)):
		m.Search.Reset()
		m.look.revoked = m.look.revoked || !v.Revoked.IsZero()
		m.rebuild()
		m.Table.Select(string(id))
	}
	m.show()
}

// show puts the key under the cursor into the pane.
func (m *Model) show() {
	if !m.Whole {
		m.shown = keystore.KeyID(m.Table.Selected())
	}
	v, ok := m.key()
	switch {
	case !ok:
		m.Whole = false
		m.Pane.SetFacts(nil)
	case m.Whole:
		m.Pane.SetFacts(whole(m.env, v, m.recent, m.PaneWidth()))
	default:
		m.Pane.SetFacts(brief(m.env, v, m.recent, m.PaneWidth()))
	}
}

// key returns the key in the pane.
func (m Model) key() (keystore.KeyView, bool) { return m.env.Board.Key(m.shown) }

// Close implements [screen.Closer].
func (m Model) Close() (screen.Screen, bool) {
	closed, filtered := m.List.Close()
	m.stale = m.stale || filtered // and listed by renew, which follows
	return m, closed
}

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	switch {
	case m.Typing():
		return nil // the line's own keys
	case m.Whole:
		return []string{"app.back", "key.edit", "key.rotate", "key.network", "key.disable", "key.revoke", "key.journal", "key.copy", "key.owner", "key.clone"}
	}
	if m.Table.Busy() {
		return []string{"key.bulk", "key.rotate", "key.disable", "key.revoke", "app.back"}
	}
	return []string{
		"key.open", "key.new", "key.edit", "key.rotate", "key.network", "key.disable", "key.revoke", "list.filter", "list.sort",
		"key.copy", "key.journal", "key.clone", "key.owner", "list.columns", "list.revoked", "app.quit",
	}
}
