// Package journal is the screen of the journal: every change and every
// notable use, newest first, with its hashes.
//
// Records are read a page at a time, as the cursor comes near them, and only
// so many are kept: a journal of millions opens as fast as one of ten. While
// the cursor is on the newest record the list follows what is written;
// elsewhere it stands still and says how much is new. Checking the whole journal
// and exporting it go on beside, show how far they are, and can be stopped. The
// screen never writes to the store.
package journal

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/browse"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
	"github.com/pakdeck/pakdeck/tui/words"
)

// Model is the screen.
type Model struct {
	env *screen.Env
	browse.List
	tail   tail
	filter string // that was applied to what was read

	reading bool // a page is on its way
	serial  int  // of that reading; answers to older ones are dropped
	tag     *int // identity of the screen for its messages; never read
	stale   bool // what was read is not what the filter wants
	problem string
	still   bool // new records are not taken in, not even at the top
	job     job
	checked screen.Verified // the last check that was heard of; At zero: none

	shown int64 // number of the record in the pane, or -1
	proof *proved

	saving saving
}

var (
	_ screen.Closer = Model{}
	_ screen.Loader = Model{}
	_ screen.Helper = Model{}
)

// New returns the screen with the filter of to.
func New(env *screen.Env, to screen.Go) screen.Screen {
	check := func(s string) error {
		_, err := trail.Parse(s, env.Board.Now)
		return err
	}
	m := Model{env: env, tag: new(int), shown: -1}
	m.List = browse.New(
		env.Theme, layout.Side{From: 120, Narrow: 40, Part: 5, Widest: 72}, search.New(check, to.Filter),
		nil, table.WithRest(browse.Rest), table.WithoutMarks(), // the columns follow the size
	)
	m.filter = m.Search.Given() // also if it is none: then nothing is read
	m.reading = true            // by Init
	return m
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Journal }

// Title implements [screen.Screen].
func (m Model) Title() string {
	words, err := filter.Words(m.Search.Given())
	if err != nil || len(words) == 0 || words[0].Not || len(words[0].Values) != 1 {
		return strings.TrimSpace("Journal " + m.Search.Given())
	}
	subject := words[0].Values[0]
	switch v, known := m.env.Board.Key(keystore.KeyID(subject)); {
	case words[0].Field == "key" && known:
		subject = v.Ref()
	case words[0].Field != "user":
		return "Journal " + m.Search.Given()
	}
	title := "Journal of " + subject
	for _, w := range words[1:] {
		title += " " + w.String()
	}
	return title
}

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd { return m.read(anew) }

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.Resize(msg.Width, msg.Height)
		m.fit()
	case board.Msg:
		cmd = m.renew(msg)
	case screen.Shown:
		cmd = m.resume()
	case pageMsg:
		cmd = m.arrived(msg)
	case proofMsg:
		m.proves(msg)
	case jobMsg:
		cmd = m.hear(msg)
	case screen.Verified:
		m.checked = msg
	case table.RestMsg:
		if m.Table.Rested(msg) {
			m.show()
		}
	case tea.MouseClickMsg:
		if m.Click(msg) {
			m.show()
		}
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseWheelMsg:
		cmd = m.take(msg)
	}
	return m, cmd
}

// renew takes a new picture of the store: its size tells of new records.
func (m *Model) renew(board.Msg) tea.Cmd {
	m.fit()
	switch {
	case m.job.stopping:
		return m.job.end()
	case m.stale:
		return m.apply()
	case m.problem != "" && !m.reading:
		return m.begin(anew)
	}
	return m.follow()
}

// take passes input to what has the focus.
func (m *Model) take(msg tea.Msg) tea.Cmd {
	_, cmd := m.Input(msg)
	if m.Typing() || m.Whole {
		return cmd
	}
	return tea.Batch(cmd, m.follow())
}

// show puts the record under the cursor into the pane.
func (m *Model) show() {
	if i := m.Table.Index(); !m.Whole && i >= 0 {
		m.shown = m.tail.entries[i].Seq
	}
	if e, ok := m.tail.find(m.shown); ok {
		all := words.Record(e, m.env.Zone)
		if m.Whole && m.proof != nil && m.proof.seq == m.shown {
			all = append(all, words.Proof(m.proof.proof, m.proof.err)...)
		}
		m.Pane.SetFacts(all)
	} else {
		m.Pane.SetFacts(nil)
	}
}

// proves takes the proof of the record that is shown.
func (m *Model) proves(msg proofMsg) {
	if msg.tag == m.tag {
		m.proof = &msg.proved
		m.show()
	}
}

// Loading implements [screen.Loader].
func (m Model) Loading() bool { return m.reading && len(m.tail.entries) == 0 && !m.Typing() }

// Close implements [screen.Closer].
func (m Model) Close() (screen.Screen, bool) {
	typing := m.Typing()
	if !typing && m.job.running() && !m.job.stopping {
		m.job.stopping = true // and ended by renew, which follows
		return m, true
	}
	closed, filtered := m.List.Close()
	m.saving = nothing
	m.stale = m.stale || filtered && !typing // and read by renew, which follows
	return m, closed
}

// apply searches with the filter that was typed.
func (m *Model) apply() tea.Cmd {
	m.filter, m.stale = m.Search.Text(), false
	m.tail = tail{next: -1}
	m.list()
	m.show()
	return m.begin(anew)
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	if m.Typing() || m.Whole {
		return m.List.Help()
	}
	return append(m.List.Help(), filterHelp())
}

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	if m.Typing() {
		return nil // the line's own keys
	}
	if m.Whole {
		return []string{"app.back", "journal.prove", "journal.object", "journal.verify"}
	}
	return []string{"journal.open", "list.filter", "journal.follow", "journal.verify", "journal.export", "journal.object", "app.back", "app.quit"}
}

// filterHelp lists what can be asked for.
func filterHelp() keymap.Section {
	s := keymap.Section{Title: "What a filter asks for"}
	for _, f := range trail.Fields() {
		s.Lines = append(s.Lines, keymap.Line{Keys: f.Name + ":", Text: f.Help})
	}
	return s
}
