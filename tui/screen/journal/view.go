package journal

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/browse"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
	"github.com/pakdeck/pakdeck/tui/words"
)

const (
	jump     = 6   // rows by which the list scrolls beside the pane, where each scroll costs a repaint
	wideFrom = 110 // columns of the list from which times have a year
)

// columns in the order of the cells of [rows.Row].
func (m Model) columns() []table.Column {
	zone, width := "UTC", 14
	if m.env.Zone != nil {
		zone, _ = m.env.Board.Now.In(m.env.Zone).Zone()
	}
	if m.wide() {
		width = len(time.DateTime)
	}
	columns := []table.Column{
		{Title: "TIME (" + zone + ")", Width: width},
		{Title: "BY", Width: 15, Min: 10},
		{Title: "EVENT", Width: 13, Min: 11},
		{Title: "RESULT", Width: 9},
		{Title: "ABOUT", Width: 16, Min: 12, Flex: 3},
		{Title: "DETAIL", Width: 12, Flex: 2, Priority: 1},
	}
	if m.beside() {
		return columns[:len(columns)-1] // the pane says it
	}
	return columns
}

func (m Model) wide() bool { return m.Split().Main.W >= wideFrom }

// rows are the rows of the table.
type rows struct {
	env     *screen.Env
	entries []trail.Entry
	wide    bool
}

var _ table.Source = rows{}

func (r rows) Len() int { return len(r.entries) }

func (r rows) ID(i int) string { return strconv.FormatInt(r.entries[i].Seq, 10) }

func (r rows) Row(i int) []table.Cell {
	e := r.entries[i]
	return []table.Cell{
		{Text: clock(r.env, e.Time, r.wide), Tone: theme.Muted},
		{Text: who(e)},
		{Text: e.Event},
		{Text: e.Outcome, Tone: words.OutcomeTone(e.Outcome)},
		{Text: object(e)},
		{Text: detail(e), Tone: theme.Muted},
	}
}

// list gives the table what was read.
func (m *Model) list() {
	m.Table.SetEmpty(m.emptyHint())
	m.Table.SetSource(rows{m.env, m.tail.entries, m.wide()})
}

func (m Model) emptyHint() string {
	switch {
	case m.problem != "":
		return "No record is shown: the journal was not read."
	case m.reading || m.tail.next >= 0:
		return "Reading the journal" + m.env.Theme.Glyphs.Ellipsis
	case m.filter != "":
		return "No record matches the filter."
	default:
		return "No records."
	}
}

// fit makes what the list shows fit its size.
func (m *Model) fit() {
	m.Table.SetJump(1)
	if m.beside() {
		m.Table.SetJump(jump)
	}
	m.Table.SetColumns(m.columns())
	m.list()
	m.show()
}

// beside reports whether there is a pane beside the list.
func (m Model) beside() bool { return m.Split().Detail.W > 0 }

// View implements [screen.Screen].
func (m Model) View() screen.View {
	if m.Whole {
		return m.viewWhole()
	}
	return m.Draw(m.env.Theme, m.under())
}

// viewWhole is the screen of one record. What is typed, or under way, takes the
// place of the last lines.
func (m Model) viewWhole() screen.View {
	lines := layout.Fill(m.PaneLines(m.env.Theme), m.W, m.H)
	cursor := m.env.Theme.Caret(browse.Margin, 0)
	if m.saving != nothing || m.job.running() {
		lines = append(lines[:max(0, m.H-search.Height)], layout.Fill(m.under(), m.W, search.Height)...)
	}
	if m.saving != nothing {
		cursor = layout.Move(m.Search.Cursor(), 0, m.H-search.Height)
	}
	return screen.View{Content: strings.Join(lines, "\n"), Cursor: cursor}
}

// under is the two lines under the list: how much was read, or what is typed.
func (m Model) under() []string {
	return m.Search.Lines(m.env.Theme, m.Split().Main.W, "", m.status()...)
}

// status says what was read and how far.
func (m Model) status() []string {
	if m.problem != "" {
		return []string{"cannot read: " + m.problem}
	}
	parts := []string{m.extent()}
	if m.job.running() {
		parts = []string{m.job.words(), m.extent()}
	}
	if m.filter != "" {
		parts = append(parts, "filter: "+text.Truncate(m.filter, 40))
	}
	switch n := m.unread(); {
	case m.still && m.Table.Index() <= 0:
		parts = append(parts, text.Count(n)+" new, f follows")
	case n > 0:
		parts = append(parts, text.Count(n)+" new, g shows them")
	case m.Table.Index() <= 0:
		parts = append(parts, "following")
	}
	if r := m.checked.Report; r.Intact {
		parts = append(parts, "verified to "+text.Count(r.Size)+" at "+hour(m.env, m.checked.At))
	}
	return parts
}

// extent says how much of the journal the list holds.
func (m Model) extent() string {
	n := text.Plural(len(m.tail.entries), "record")
	switch {
	case m.tail.next >= 0:
		return n + fmt.Sprintf(" down to %d, more below", m.tail.next+1)
	case m.filter != "":
		return n + " of " + text.Count(m.tail.upto)
	}
	return n
}
