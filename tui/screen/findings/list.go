package findings

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore/filter/haystack"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/rank"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/table"
	"github.com/pakdeck/pakdeck/tui/words"
)

// columns in the order of the cells of [rows.Row]. Where the heading says the
// severity, the rows do not.
func (m Model) columns() []table.Column {
	p := m.env.Verdict.Progress
	return []table.Column{
		{Title: "SEV", Width: 7, Hidden: m.group == 0 && !m.waived},
		{Title: "SINCE", Width: 5, Hidden: p == nil || len(p.New) == 0 || m.group == board.ByNews},
		{Title: "RULE", Width: 7},
		{Title: "OBJECT", Width: 24, Min: 14, Flex: 1},
		{Title: "FINDING", Width: 24, Min: 12, Flex: 3},
	}
}

// row is a finding.
type row struct {
	lint.Finding
	waiver *lint.Waiver // of a finding that is waived
}

// rows are the rows of the table: places in the roll of the verdict, and between
// them the headings, ^group.
type rows struct {
	verdict    *board.Verdict
	grouping   *board.Grouping
	list       []int32
	sizes      []int // of the groups
	found      int   // findings that are listed
	bySeverity bool
}

var (
	_ table.Numbered = rows{}
	_ table.Finder   = rows{}
)

func (l rows) Len() int { return len(l.list) }

func (l rows) heading(i int) bool { return l.list[i] < 0 }

// at returns the finding in row i, which is no heading.
func (l rows) at(i int) row {
	f, w := l.verdict.Found(int(l.list[i]))
	return row{f, w}
}

// ID is a finding's fingerprint, which stays the same in every run.
func (l rows) ID(i int) string { return l.Named(l.Number(i)) }

// Number implements [table.Numbered]: the places of the roll, and behind them the
// headings.
func (l rows) Number(i int) int {
	if l.heading(i) {
		return l.verdict.Roll.Len() + int(^l.list[i])
	}
	return int(l.list[i])
}

// NumberOf implements [table.Numbered]. Marks on headings mean nothing.
func (l rows) NumberOf(id string) (int, bool) { return l.verdict.Roll.Place(id) }

// Named implements [table.Numbered].
func (l rows) Named(number int) string {
	if group := number - l.verdict.Roll.Len(); group >= 0 {
		return "group " + l.grouping.Titles[group]
	}
	f, _ := l.verdict.Found(number)
	return f.Fingerprint
}

// Find implements [table.Finder]. The cursor is never on a heading.
func (l rows) Find(id string) (int, bool) {
	place, ok := l.NumberOf(id)
	i := slices.Index(l.list, int32(place))
	return i, ok && i >= 0
}

// Numbering implements [table.Numbered].
func (l rows) Numbering() any { return l.grouping }

func (l rows) Row(i int) []table.Cell {
	if l.heading(i) {
		return l.headingCells(^l.list[i])
	}
	r := l.at(i)
	tone, severity := theme.Plain, string(r.Severity)
	if r.waiver != nil {
		tone, severity = theme.Muted, "waived"
	}
	since := table.Cell{}
	if p := l.verdict.Progress; p != nil && p.New[r.Fingerprint] {
		since = table.Cell{Text: "new", Tone: theme.Accent}
	}
	return []table.Cell{
		{Text: severity, Tone: words.SeverityTone(r.Severity)},
		since,
		{Text: r.Rule, Tone: tone},
		{Text: board.ObjectName(r.Finding), Tone: tone},
		{Text: r.Text, Tone: tone},
	}
}

// headingCells has the title where it fits.
func (l rows) headingCells(group int32) []table.Cell {
	title := table.Cell{Text: l.grouping.Titles[group], Tone: theme.Accent}
	n := table.Cell{Text: text.Plural(l.sizes[group], "finding"), Tone: theme.Muted}
	if l.bySeverity {
		return []table.Cell{{}, {}, title, n}
	}
	return []table.Cell{{}, {}, {}, title, n}
}

// rebuild lists the findings that match the filter, in groups.
func (m *Model) rebuild() {
	v := m.env.Verdict
	m.stale = false
	words := strings.Fields(strings.ToLower(m.Search.Text()))
	letters := haystack.LettersOf(words...)
	n := len(v.Findings)
	if m.waived {
		n += len(v.Waived)
	}
	list := make([]int32, 0, n)
	for i := range n {
		if v.Roll.Search.HasAll(i, words, letters) {
			list = append(list, int32(i))
		}
	}
	m.rows = grouped(v, m.group, list)
	m.Table.SetColumns(m.columns())
	m.Table.SetEmpty(m.emptyHint())
	m.Table.SetSource(m.rows)
	m.skipHeading(0)
	m.show()
}

// grouped puts headings between the groups; within one the order stays.
func grouped(v *board.Verdict, by int, list []int32) rows {
	g := &v.Roll.Groupings[by]
	out := rows{verdict: v, grouping: g, sizes: make([]int, len(g.Titles)), found: len(list), bySeverity: by == 0}
	out.list = make([]int32, 0, len(list)+len(g.Titles))
	last := int32(-1)
	for _, place := range rank.By(list, g.Groups, false) {
		group := int32(g.Groups[place])
		if group != last {
			out.list = append(out.list, ^group)
			last = group
		}
		out.list = append(out.list, place)
		out.sizes[group]++
	}
	return out
}

func (m Model) emptyHint() string {
	switch {
	case m.env.Verdict.Err != nil:
		return "Nothing could be judged: " + m.env.Verdict.Err.Error()
	case m.env.Verdict.At.IsZero():
		return "Judging" + m.env.Theme.Glyphs.Ellipsis
	case m.Search.Text() != "":
		return "No finding matches the filter."
	}
	return "Nothing is wrong. " + itoa(len(lint.Rules())) + " rules were asked."
}

func itoa(n int) string { return strconv.Itoa(n) }
