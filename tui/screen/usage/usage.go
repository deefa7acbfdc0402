// Package usage is the screen of uses: of the whole store, of a user, or of a
// key. How often and when, with which outcomes, and by whom.
//
// It is live while the terminal has the focus: it reads again when something
// was used, and when an hour is over. What is drawn is worked out by the
// command that reads, so a key press costs nothing but drawing. From a caller
// it leads to the journal, from a key to that key's uses. A filter of words narrows
// the list, not the numbers above it.
package usage

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// Model is the screen.
type Model struct {
	env   *screen.Env
	key   keystore.KeyID // "": of more than one
	user  keystore.UserID
	reach int // in reaches

	picture picture
	read    time.Time // when it was, by the store's clock; zero: not yet
	took    time.Duration
	zone    *time.Location
	reading bool
	stale   bool // something was used since it was asked for
	serial  int
	tag     *int // identity of the screen for its messages; never read
	problem string
	blurred bool

	table  table.Model
	search search.Model
	listed list
	order  int
	back   bool
	w, h   int
}

var (
	_ screen.Helper = Model{}
	_ screen.Closer = Model{}
	_ screen.Loader = Model{}
)

// list is what the table holds.
type list uint8

const (
	ofCallers list = iota
	ofKeys
)

// reach is how far back the screen looks.
type reach struct {
	name, since string
	days        int // 0: 24 hours
}

// reaches are the ranges, in the order of their lengths.
var reaches = [...]reach{{"24h", "24h", 0}, {"7d", "7d", 7}, {"30d", "30d", 30}, {"90d", "90d", 90}}

const firstReach = 2

// New returns the screen of the uses of to.Key, of to.User, or of everything;
// to.Filter names the range: 24h, 7d, 30d (which "" stands for too) or 90d.
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{env: env, key: to.Key, user: to.User, reach: firstReach, tag: new(int), reading: true}
	m.search = search.New(search.Words, "") // any words are looked for
	for i, r := range reaches {
		if r.name == to.Filter {
			m.reach = i
		}
	}
	if m.key == "" {
		m.listed = ofKeys
	}
	m.table = table.New(env.Theme, m.columns(), table.WithoutMarks())
	m.rebuild()
	return m
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Usage }

// Title implements [screen.Screen].
func (m Model) Title() string {
	if s := m.subject(); s != "" {
		return "Usage of " + s
	}
	return "Usage"
}

// subject names the key or the user, or is empty.
func (m Model) subject() string {
	if v, ok := m.env.Board.Key(m.key); ok {
		return v.Ref()
	}
	if u, ok := m.env.Board.User(m.user); ok {
		return u.Name
	}
	return ""
}

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd { return m.load() }

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		m.rebuild()
	case tea.BlurMsg:
		m.blurred = true
	case tea.FocusMsg:
		m.blurred = false
		cmd = m.refresh(false)
	case board.Msg:
		cmd = m.refresh(msg.Changed)
	case screen.Shown:
		cmd = m.begin()
	case loadedMsg:
		m.arrived(msg)
	case tea.MouseClickMsg:
		if i, ok := m.table.RowAt(msg.Y - m.place().list.Y); ok && msg.X >= m.place().list.X {
			m.table.MoveTo(i)
		}
	default:
		cmd = m.take(msg)
	}
	return m, cmd
}

// take passes input to what has the focus.
func (m *Model) take(msg tea.Msg) (cmd tea.Cmd) {
	if m.search.Editing() {
		_, cmd = m.search.Update(msg)
		m.rebuild()
		return cmd
	}
	switch msg.(type) {
	case tea.KeyPressMsg, tea.MouseWheelMsg:
		m.table, cmd = m.table.Update(msg)
	}
	return cmd
}

// Close implements [screen.Closer].
func (m Model) Close() (screen.Screen, bool) {
	switch {
	case m.search.Editing():
		m.search.Cancel()
		m.table.Focus()
	case m.search.Reset():
	default:
		return m, false
	}
	m.rebuild()
	return m, true
}

// A picture is good enough for freshFor while uses come in: that is as often
// as a verifier writes them. If it takes long to read, it is good for so many
// times as long, which keeps the cost under a twentieth of a core.
const (
	freshFor = time.Second
	share    = 20
)

// refresh reads again if what is shown is out of date: something was used, an
// hour began, or the operator wants another zone.
func (m *Model) refresh(changed bool) tea.Cmd {
	m.stale = m.stale || changed
	now := m.env.Board.Now
	old := now.Sub(m.read) >= max(freshFor, share*m.took)
	turned := !now.Truncate(time.Hour).Equal(m.read.Truncate(time.Hour))
	switch {
	case m.reading, m.blurred:
		return nil
	case zoneOf(m.env) != m.zone, old && (m.stale || turned || m.problem != ""):
		return m.begin()
	}
	return nil
}

func zoneOf(env *screen.Env) *time.Location {
	if env.Zone == nil {
		return time.UTC
	}
	return env.Zone
}

// View implements [screen.Screen].
func (m Model) View() screen.View { return m.view() }

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	if m.Typing() {
		return nil // the line's own keys
	}
	return []string{"usage.open", "usage.shorter", "usage.longer", "usage.list", "usage.denied", "usage.journal", "app.back", "app.help", "app.quit"}
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	if m.search.Editing() {
		return []keymap.Section{m.search.Help()}
	}
	return []keymap.Section{keymap.BindingSection("Move", m.table.KeyMap.Bindings()...)}
}

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return m.search.Editing() }

// Loading implements [screen.Loader].
func (m Model) Loading() bool { return m.read.IsZero() }

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string { return "" }
