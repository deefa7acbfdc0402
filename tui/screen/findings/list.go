package findings

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// columns in the order of the cells of [rows.Row]. Where the heading says the
// severity, the rows do not.
func (m Model) columns() []table.Column {
	return []table.Column{
		{Title: "SEV", Width: 7, Hidden: m.group == 0 && !m.waived},
		{Title: "RULE", Width: 7},
		{Title: "OBJECT", Width: 24, Min: 14, Flex: 1},
		{Title: "FINDING", Width: 24, Min: 12, Flex: 3},
	}
}

var severityTones = map[lint.Severity]theme.Tone{lint.Error: theme.Bad, lint.Warning: theme.Warn, lint.Info: theme.Muted}

// row is a finding, or the heading of a group.
type row struct {
	lint.Finding
	waiver *lint.Waiver // of a finding that is waived
	title  string       // of a heading
	n      int          // findings below a heading

	bySeverity bool // of a heading: it names a severity
}

func (r row) heading() bool { return r.title != "" }

// id is a finding's fingerprint, which stays the same in every run.
func (r row) id() string {
	if r.heading() {
		return "group " + r.title
	}
	return r.Fingerprint
}

// rows are the rows of the table.
type rows struct {
	list  []row
	found int // findings that are listed
}

var _ table.Source = rows{}

func (l rows) Len() int { return len(l.list) }

func (l rows) ID(i int) string { return l.list[i].id() }

func (l rows) Row(i int) []table.Cell {
	r := l.list[i]
	if r.heading() {
		return r.headingCells()
	}
	tone, severity := theme.Plain, string(r.Severity)
	if r.waiver != nil {
		tone, severity = theme.Muted, "waived"
	}
	return []table.Cell{
		{Text: severity, Tone: severityTones[r.Severity]},
		{Text: r.Rule, Tone: tone},
		{Text: objectName(r.Finding), Tone: tone},
		{Text: r.Text, Tone: tone},
	}
}

// headingCells has the title where it fits.
func (r row) headingCells() []table.Cell {
	title, n := table.Cell{Text: r.title, Tone: theme.Accent}, table.Cell{Text: text.Plural(int64(r.n), "finding"), Tone: theme.Muted}
	if r.bySeverity {
		return []table.Cell{{}, title, n}
	}
	return []table.Cell{{}, {}, title, n}
}

// objectName is what the finding is about; of the store only its file.
func objectName(f lint.Finding) string {
	if f.Object.Kind == lint.KindStore {
		return "store " + f.Object.Name[strings.LastIndexByte(f.Object.Name, '/')+1:]
	}
	return f.Object.Name
}

// grouping says how findings are put together.
type grouping struct {
	name string
	of   func(lint.Finding) string // title of the group
	rank func(lint.Finding) int    // of the group, before its title
}

var severityRank = map[lint.Severity]int{lint.Error: 0, lint.Warning: 1, lint.Info: 2}

var groups = [...]grouping{
	{"severity", func(f lint.Finding) string { return strings.ToUpper(string(f.Severity)) }, func(f lint.Finding) int { return severityRank[f.Severity] }},
	{"rule", ruleTitle, func(lint.Finding) int { return 0 }},
	{"key", objectName, func(f lint.Finding) int { return kindRank[f.Object.Kind] }},
	{"owner", owner, func(lint.Finding) int { return 0 }},
}

var kindRank = map[string]int{lint.KindKey: 0, lint.KindUser: 1, lint.KindStore: 2}

func ruleTitle(f lint.Finding) string {
	r, _ := lint.RuleNamed(f.Rule)
	return f.Rule + " " + r.Title
}

func owner(f lint.Finding) string { return cmp.Or(f.Owner, "the store") }

// rebuild lists the findings that match the filter, in groups.
func (m *Model) rebuild() {
	words := strings.Fields(strings.ToLower(m.search.Text()))
	var list []row
	for _, f := range m.env.Verdict.Findings {
		list = append(list, row{Finding: f})
	}
	if m.waived {
		for _, w := range m.env.Verdict.Waived {
			list = append(list, row{Finding: w.Finding, waiver: &w.Waiver})
		}
	}
	list = slices.DeleteFunc(list, func(r row) bool { return !r.matches(words) })
	m.rows = rows{grouped(list, groups[m.group]), len(list)}
	m.table.SetColumns(m.columns())
	m.table.SetEmpty(m.emptyHint())
	m.table.SetSource(m.rows)
	m.skipHeading(0)
	m.show()
}

// matches reports whether every word is in what the list says of the finding.
func (r row) matches(words []string) bool {
	said := strings.ToLower(strings.Join([]string{string(r.Severity), ruleTitle(r.Finding), r.Object.Name, r.Text}, " "))
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(said, w) })
}

// grouped puts headings between the groups; within one the order stays.
func grouped(list []row, g grouping) (out []row) {
	slices.SortStableFunc(list, func(a, b row) int {
		return cmp.Or(cmp.Compare(g.rank(a.Finding), g.rank(b.Finding)), strings.Compare(g.of(a.Finding), g.of(b.Finding)))
	})
	for i := 0; i < len(list); {
		title, end := g.of(list[i].Finding), i
		for end < len(list) && g.of(list[end].Finding) == title {
			end++
		}
		out = append(out, row{title: title, n: end - i, bySeverity: g.name == groups[0].name})
		out = append(out, list[i:end]...)
		i = end
	}
	return out
}

func (m Model) emptyHint() string {
	switch {
	case m.env.Verdict.Err != nil:
		return "Nothing could be judged: " + m.env.Verdict.Err.Error()
	case m.env.Verdict.At.IsZero():
		return "Judging" + m.env.Theme.Glyphs.Ellipsis
	case m.search.Text() != "":
		return "No finding matches the filter."
	}
	return "Nothing is wrong. " + itoa(len(lint.Rules())) + " rules were asked."
}

func itoa(n int) string { return strconv.Itoa(n) }
