package findings

import (
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/browse"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/spark"
	"github.com/pakdeck/pakdeck/tui/words"
)

// View implements [screen.Screen].
func (m Model) View() screen.View {
	t := m.env.Theme
	if m.Whole {
		return screen.View{Content: strings.Join(layout.Fill(m.PaneLines(t), m.W, m.H), "\n"), Cursor: t.Caret(browse.Margin, 0)}
	}
	return m.Draw(t, m.foot())
}

// foot is the lines under the list: a question, the filter, or how it stands.
func (m Model) foot() []string {
	lines := m.Search.Lines(m.env.Theme, m.Split().Main.W, m.shown(), m.status()...)
	if !m.Typing() {
		lines[1] = m.progress()
	}
	return lines
}

// mostPoints of the trend are drawn.
const mostPoints = 30

// progress says what became of the baseline, and how the score went.
func (m Model) progress() string {
	t, v, w := m.env.Theme, m.env.Verdict, m.Split().Main.W
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
	return text.Count(m.rows.found) + " of " + text.Count(len(m.env.Verdict.Findings)) + " shown"
}

func (m Model) status() []string {
	v := m.env.Verdict
	if v.Err != nil {
		return []string{"cannot judge: " + v.Err.Error()}
	}
	parts := []string{text.Plural(v.Counts.Total(), "finding")}
	if v.Counts.Total() > 0 {
		parts[0] += ": " + counts(v.Counts)
	}
	if m.Search.Text() != "" {
		parts = append(parts, "filter: "+text.Truncate(m.Search.Text(), 30))
	}
	if m.Table.MarkCount() > 0 {
		n := 0
		for range m.marked() {
			n++
		}
		parts = append(parts, itoa(n)+" marked")
	}
	if n := m.Table.RangeLen(); n > 0 {
		parts = append(parts, "range of "+itoa(n))
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
		m.Pane.SetFacts([]facts.Fact{facts.Head("Nothing can be judged"), {}, {Text: m.env.Verdict.Err.Error(), Tone: theme.Bad}})
	case ok:
		m.Pane.SetFacts(m.facts(r))
	default:
		m.Pane.SetFacts(nil)
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
		facts.Fact{Text: string(r.Severity) + ": " + r.Text, Tone: words.SeverityTone(r.Severity)},
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
	if m.Whole {
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
