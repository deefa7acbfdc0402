package usage

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/trend"
	"github.com/pakdeck/pakdeck/tui/widget/heatmap"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/spark"
)

// place is where the parts are.
type place struct {
	chart      int // lines of the bars
	wide       int // cells of an hour in the heatmap
	head       int // lines above the two panes
	split      layout.Split
	list, said layout.Rect // the table, and what is said of the row under the cursor
}

const (
	days        = 7
	saidLines   = 2
	narrowHeat  = 1 + days + 1 + 24 // as wide as a cell an hour makes it
	wideHeat    = 54
	wideFrom    = 96
	leastBeside = 18 // lines of the screen with bars of one line
)

func (m Model) place() place {
	p := place{chart: max(1, min(6, (m.h-leastBeside)/3+1)), wide: 1}
	p.head = 2 + p.chart + 2
	left := narrowHeat + 2
	if m.w >= wideFrom {
		p.wide, left = 2, wideHeat
	}
	body := layout.Rect{Y: p.head, W: m.w, H: max(0, m.h-p.head)}
	p.split = layout.SplitAt(body, left)
	d := p.split.Detail
	p.said = layout.Rect{X: d.X, Y: d.Y + max(0, d.H-saidLines), W: d.W, H: min(saidLines, d.H)}
	p.list = layout.Rect{X: d.X, Y: d.Y, W: d.W, H: max(0, d.H-saidLines)}
	return p
}

func (m Model) view() screen.View {
	t, p := m.env.Theme, m.place()
	m.table.SetTheme(t)
	head := slices.Concat(m.title(t), m.bars(t, p), []string{""})
	right := append(m.table.Lines(), m.foot(t, p.said.W)...)
	panes := p.split.Beside(m.left(t, p), right, t.Rule.Render(t.Glyphs.Bar))
	v := screen.View{
		Content: strings.Join(layout.Fill(append(head, panes...), m.w, m.h), "\n"),
		Cursor:  layout.Move(m.table.Cursor(), p.list.X, p.list.Y),
	}
	if m.search.Editing() {
		v.Cursor = layout.Move(m.search.Cursor(), p.said.X, p.said.Y)
	}
	return v
}

// foot is what is said of the row under the cursor; of the filter first, if there
// is one.
func (m Model) foot(t theme.Theme, w int) []string {
	said := m.said(t, w)
	if !m.search.Editing() && m.search.Text() == "" {
		return said
	}
	count := text.Count(m.table.Len()) + " shown"
	lines := m.search.Lines(t, w, count, "filter: "+m.search.Text(), count)
	if !m.search.Editing() {
		lines[1] = said[0]
	}
	return lines
}

// title says what is looked at and what it comes to.
func (m Model) title(t theme.Theme) []string {
	name := m.subject()
	if name == "" {
		name = "all keys"
	}
	var ranges []string
	for i, r := range reaches {
		if i == m.reach {
			ranges = append(ranges, "["+r.name+"]")
		} else {
			ranges = append(ranges, r.name)
		}
	}
	choice := strings.Join(ranges, " ")
	state := "live"
	if m.blurred {
		state = "paused"
	}
	if m.problem != "" {
		state = ""
	}
	return []string{
		" " + t.Title.Render(text.Fit(name, m.w-3-len(choice))) + " " + t.Hint.Render(choice),
		" " + text.Fit(m.sums(), m.w-3-len(state)) + " " + t.Hint.Render(state),
	}
}

// sums is the line of numbers.
func (m Model) sums() string {
	p := m.picture
	switch {
	case m.problem != "":
		return "The uses cannot be read: " + m.problem
	case m.read.IsZero():
		return "reading..."
	}
	n := proven(p.sum)
	parts := []string{text.Plural(n, "use")}
	if n > 0 {
		parts = append(parts, trend.Percent(p.sum.Denied(), n)+" denied", "median "+text.Count(p.median)+"/h")
	}
	if k := p.sum.Unproven(); k > 0 {
		parts = append(parts, text.Plural(k, "attempt")+" without the secret")
	}
	switch {
	case p.total.Last.Time.IsZero():
		parts = append(parts, "never used")
	case n == 0:
		parts = append(parts, "last "+text.Ago(m.env.Board.Now.Sub(p.total.Last.Time))+" ago")
	}
	return strings.Join(parts, "   ")
}

// labelled is the width of what stands before the bars.
const labelled = 12

// bars are the series of uses and of refused ones, with their numbers.
func (m Model) bars(t theme.Theme, p place) []string {
	series := m.picture.series
	most := max(1, m.w-labelled-beside(m.w))
	w := min(most, len(series)*max(1, min(3, most/max(1, len(series)))))
	uses, denied := trend.Values(series, proven), trend.Values(series, usage.Counts.Denied)
	lines := spark.Chart(t, theme.Accent, uses, w, p.chart)
	lines = append(lines, spark.Line(t, theme.Warn, denied, w))
	room := m.w - labelled - w - 3
	words := make([]string, len(lines))
	words[max(0, p.chart-2)] = m.peak(uses)
	if p.chart > 1 {
		words[p.chart-1] = m.today()
	} else {
		words[0] += "   " + m.today()
	}
	words[p.chart] = m.blamed(denied)
	for i := range lines {
		label := ""
		switch i {
		case p.chart - 1:
			label = "uses/" + m.barUnit(w)
		case p.chart:
			label = "denied"
		}
		lines[i] = " " + t.Label.Render(text.Fit(label, labelled-1)) + lines[i] + "  " + t.Hint.Render(text.Fit(words[i], room))
	}
	return lines
}

// beside is the room for the numbers to the right of the bars.
func beside(w int) int {
	if w < wideFrom {
		return 30
	}
	return 44
}

// barUnit is what a bar stands for when there are at most w of them.
func (m Model) barUnit(w int) string {
	each := (len(m.picture.series) + w - 1) / max(1, w)
	switch {
	case each > 1 && m.picture.unit == "day":
		return fmt.Sprintf("%d d", each) // whole beside the bars
	case each > 1 && m.picture.unit == threeHours:
		return fmt.Sprintf("%d h", 3*each)
	}
	return m.picture.unit
}

// peak says how high the bars are and when that was.
func (m Model) peak(values []spark.Value) string {
	top := spark.Max(values)
	for i, v := range values {
		if v.N == top && top > 0 {
			return "max " + text.Count(top) + " (" + m.when(m.picture.series[i].Start) + ")"
		}
	}
	return ""
}

func (m Model) when(at time.Time) string {
	if m.picture.unit == "day" {
		return at.Format("2 Jan")
	}
	return at.Format("Mon 15:04")
}

// today is the last bar, which is not over.
func (m Model) today() string {
	series := m.picture.series
	if len(series) == 0 {
		return ""
	}
	n := text.Count(proven(series[len(series)-1].Counts))
	if m.picture.unit == "day" {
		return "today " + n
	}
	return "now " + n
}

// blamed says how many were refused at most, and who it was.
func (m Model) blamed(values []spark.Value) string {
	peak := m.peak(values)
	if b := m.picture.blame; peak != "" && b.n > 0 {
		return b.ip.String() + " is " + trend.Percent(b.n, m.picture.sum.Denied()) + "  " + peak
	}
	return peak
}

// left is the heatmap and the outcomes.
func (m Model) left(t theme.Theme, p place) []string {
	w := p.split.Main.W
	lines := heatmap.Lines(t, m.grid(p.wide), p.wide, w-1)
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	lines = append(lines, "")
	all := m.picture.sum.Total()
	for i, n := range m.picture.sum {
		if n == 0 {
			continue
		}
		tone := theme.Warn
		if keystore.Outcomes[i] == keystore.OK {
			tone = theme.Good
		}
		lines = append(lines, " "+t.Paint(tone, text.Fit(string(keystore.Outcomes[i]), 14))+
			text.PadLeft(text.Count(n), 10)+text.PadLeft(trend.Percent(n, all), 8))
	}
	if n := m.unwatched(); n != "" {
		lines = append(lines, " "+t.Hint.Render(text.Truncate(n, w-1)))
	}
	return lines
}

// unwatched says for how much of the time nothing is known.
func (m Model) unwatched() string {
	gaps := 0
	for _, b := range m.picture.series {
		if b.Gap() {
			gaps++
		}
	}
	if gaps == 0 || len(m.picture.series) == 0 {
		return ""
	}
	return fmt.Sprintf("nobody counted: %d of %d %s", gaps, len(m.picture.series), plural(m.picture.unit))
}

func plural(unit string) string {
	if unit == threeHours {
		return "times 3 h"
	}
	return unit + "s"
}

var weekdays = [days]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// grid is the heatmap of proven uses.
func (m Model) grid(wide int) heatmap.Grid {
	zone, _ := m.env.Board.Now.In(zoneOf(m.env)).Zone()
	g := heatmap.Grid{Title: text.Truncate(zone, 4), Columns: make([]string, 24)}
	every := 4 / wide
	for h := 0; h < 24; h += every {
		g.Columns[h] = fmt.Sprintf("%02d", h)
	}
	for d, name := range weekdays {
		row := heatmap.Row{Name: name, Cells: make([]heatmap.Cell, 24)}
		for h, c := range m.picture.heat[d] {
			row.Cells[h] = heatmap.Cell{N: proven(c.Counts), Gap: c.Gap()}
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}
