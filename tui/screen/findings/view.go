package findings

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/spark"
)

const (
	paneFrom   = 100 // columns from which there is a pane
	paneNarrow = 36  // columns of the pane there; it gets a third of what is beyond
	paneWidest = 64
)

func (m *Model) resize(w, h int) {
	m.area = layout.Rect{W: w, H: h}
	m.split = layout.Split{Main: m.area}
	if w >= paneFrom && !m.open {
		m.split = layout.Details(m.area, min(paneWidest, paneNarrow+(w-paneFrom)/3))
	}
	m.table.SetSize(m.split.Main.W-m.split.Bar.W, max(0, h-search.Height))
	m.search.SetWidth(m.split.Main.W)
	if m.open {
		m.pane.SetSize(max(0, w-2), h)
	} else {
		m.pane.SetSize(max(0, m.split.Detail.W-2), h)
	}
	m.show()
}

// View implements [screen.Screen].
func (m Model) View() screen.View {
	t := m.env.Theme
	m.table.SetTheme(t)
	m.pane.SetTheme(t)
	pane := strings.Split(m.pane.View(), "\n")
	for i := range pane {
		pane[i] = " " + pane[i]
	}
	if m.open {
		return screen.View{Content: strings.Join(layout.Fill(pane, m.area.W, m.area.H), "\n"), Cursor: t.Caret(1, 0)}
	}
	lines := slices.Concat(m.table.Lines(), m.foot())
	return screen.View{
		Content: strings.Join(m.split.Beside(lines, pane, t.Rule.Render(t.Glyphs.Bar)), "\n"),
		Cursor:  m.cursor(),
	}
}

func (m Model) cursor() *tea.Cursor {
	if m.Typing() {
		return layout.Move(m.search.Cursor(), 0, m.area.H-search.Height)
	}
	return m.table.Cursor()
}

// foot is the lines under the list: a question, the filter, or how it stands.
func (m Model) foot() []string {
	lines := m.search.Lines(m.env.Theme, m.split.Main.W, m.shown(), m.status()...)
	if !m.Typing() {
		lines[1] = m.progress()
	}
	return lines
}

// mostPoints of the trend are drawn.
const mostPoints = 30

// progress says what became of the baseline, and how the score went.
func (m Model) progress() string {
	t, v, w := m.env.Theme, m.env.Verdict, m.split.Main.W
	if v.Progress == nil {
		return ""
	}
	said := "since " + v.Progress.Since.Format(time.DateOnly) + ": " + itoa(len(v.Progress.New)) + " new, " +
		itoa(v.Progress.Same) + " unchanged, " + itoa(len(v.Progress.Fixed)) + " fixed"
	points := v.Trend[max(0, len(v.Trend)-mostPoints):]
	tail := ""
	if len(points) > 1 && text.Width(said)+len("   score ")+len(points) < w-2 {
		values := make([]spark.Value, len(points))
		for i, p := range points {
			values[i].N = uint64(p.Counts.Score())
		}
		tail = t.Hint.Render("   score ") + spark.Line(t, theme.Accent, values, len(values))
	} else {
		for i, f := range v.Progress.Fixed {
			said += []string{": ", ", "}[min(i, 1)] + f.Rule + " " + f.Object.Name
		}
	}
	return " " + t.Hint.Render(text.Truncate(said, w-2)) + tail
}

func (m Model) shown() string {
	return text.Count(int64(m.rows.found)) + " of " + text.Count(int64(len(m.env.Verdict.Findings))) + " shown"
}

func (m Model) status() []string {
	v := m.env.Verdict
	if v.Err != nil {
		return []string{"cannot judge: " + v.Err.Error()}
	}
	parts := []string{text.Plural(int64(v.Counts.Total()), "finding")}
	if v.Counts.Total() > 0 {
		parts[0] += ": " + counts(v.Counts)
	}
	if m.search.Text() != "" {
		parts = append(parts, "filter: "+text.Truncate(m.search.Text(), 30))
	}
	if m.table.MarkCount() > 0 {
		n := 0
		for range m.marked() {
			n++
		}
		parts = append(parts, itoa(n)+" marked")
	}
	if v.Without != "" {
		parts = append(parts, "not judged: "+v.Without)
	}
	parts = append(parts, "score "+itoa(v.Counts.Score()))
	if n := len(v.Waived); n > 0 {
		parts = append(parts, itoa(n)+" waived")
	}
	return append(parts, "by "+board.GroupedBy[m.group])
}

// show puts the finding under the cursor into the pane.
func (m *Model) show() {
	r, ok := m.current()
	switch {
	case m.env.Verdict.Err != nil:
		m.pane.SetFacts([]facts.Fact{facts.Head("Nothing can be judged"), {}, {Text: m.env.Verdict.Err.Error(), Tone: theme.Bad}})
	case ok:
		m.pane.SetFacts(m.facts(r))
	default:
		m.pane.SetFacts(nil)
	}
}

// fixed lists what is gone since the baseline, beside what is new.
func (m Model) fixed() (out []facts.Fact) {
	p := m.env.Verdict.Progress
	if m.group != board.ByNews || p == nil || len(p.Fixed) == 0 {
		return nil
	}
	const shown = 20
	out = append(out, facts.Head(itoa(len(p.Fixed))+" fixed since "+p.Since.Format(time.DateOnly)))
	for _, f := range p.Fixed[:min(shown, len(p.Fixed))] {
		out = append(out, facts.Fact{Text: f.Rule + " " + f.Object.Name, Tone: theme.Good})
	}
	if more := len(p.Fixed) - shown; more > 0 {
		out = append(out, facts.Fact{Text: "and " + itoa(more) + " more", Tone: theme.Muted})
	}
	return append(out, facts.Fact{})
}

// facts is what the pane says of a finding.
func (m Model) facts(r row) []facts.Fact {
	rule, _ := lint.RuleNamed(r.Rule)
	out := append(m.fixed(),
		facts.Head(r.Rule+" "+rule.Title),
		facts.Fact{},
		facts.Fact{Text: board.ObjectName(r.Finding)},
		facts.Fact{Text: string(r.Severity) + ": " + r.Text, Tone: severityTones[r.Severity]},
	)
	if w := r.waiver; w != nil {
		out = append(out, facts.Fact{}, facts.Head("Waived"),
			facts.Fact{Text: w.Reason}, facts.Fact{Text: "by " + w.Author + " until " + m.env.Clock(w.Until), Tone: theme.Muted})
	}
	out = append(out, facts.Fact{}, facts.Head("Fix"))
	out = append(out, m.fixFacts(r)...)
	out = append(out, facts.Fact{}, facts.Head("Evidence"))
	for _, e := range r.Evidence {
		out = append(out, facts.Fact{Text: strings.Join(strings.Fields(e), " ")})
	}
	out = append(out, facts.Fact{}, facts.Head("Why"), facts.Fact{Text: rule.Rationale})
	if m.open {
		out = append(out, facts.Fact{}, facts.Head("Exceptions"), facts.Fact{Text: rule.Exceptions})
	}
	out = append(out, facts.Fact{}, facts.Head("Reference"))
	for _, s := range rule.Sources {
		out = append(out, facts.Fact{Text: s, Tone: theme.Muted})
	}
	return append(out, facts.Fact{Text: "pakdeck lint --explain " + r.Rule, Tone: theme.Muted})
}

// fixFacts tells the fix and, field by field, what it would change.
func (m Model) fixFacts(r row) []facts.Fact {
	if r.Fix == nil {
		return []facts.Fact{{Text: "nothing to do", Tone: theme.Muted}}
	}
	out := []facts.Fact{{Text: r.Fix.Text}}
	if r.Fix.Change == nil {
		return out
	}
	for _, l := range r.Fix.Change.Preview(m.env.Board.Now) {
		for _, gone := range l.Gone {
			out = append(out, facts.Fact{Text: "- " + l.Field + " " + gone, Tone: theme.Muted})
		}
		for _, comes := range l.Comes {
			out = append(out, facts.Fact{Text: "+ " + l.Field + " " + comes, Tone: theme.Good})
		}
	}
	if why := r.Fix.Change.Final(); why != "" {
		out = append(out, facts.Fact{Text: "cannot be taken back: " + why, Tone: theme.Warn})
	}
	return out
}
