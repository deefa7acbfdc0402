package bulk

import (
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// headLines are above the table.
const headLines = 4

func columns() []table.Column {
	return []table.Column{
		{Title: "KEY", Width: 24, Min: 18, Flex: 1},
		{Title: "RESULT", Width: 13},
		{Title: "WHAT CHANGES", Width: 36, Min: 20, Flex: 3},
	}
}

func (m *Model) rebuild() {
	m.table.SetSize(m.w, max(0, m.h-headLines))
	m.table.SetSource(rows{m.plan, m.results})
}

func (m Model) view() screen.View {
	t := m.env.Theme
	m.table.SetTheme(t)
	m.value.SetTheme(t)
	if m.choosing() {
		return m.ask(t)
	}
	lines := []string{
		" " + t.Title.Render(text.Truncate(kinds[m.kind].Name+" "+m.value.Value(), m.w-2)),
		" " + text.Truncate(m.said(), m.w-2), "", "",
	}
	return screen.View{
		Content: strings.Join(layout.Fill(append(lines, m.table.Lines()...), m.w, m.h), "\n"),
		Cursor:  layout.Move(m.table.Cursor(), 0, headLines),
	}
}

// said is the line of numbers.
func (m Model) said() string {
	switch {
	case m.busy != nil:
		return text.Count(len(m.results)) + " of " + text.Count(len(m.plan))
	case m.over():
		return fmt.Sprintf("%s of %s done", text.Count(len(m.results)), text.Plural(len(m.plan), "key"))
	}
	how := "each by itself"
	if m.atomic {
		how = "all or none"
	}
	return fmt.Sprintf("preview: %s of %s would change, %s; enter goes on", text.Count(m.would), text.Plural(len(m.plan), "key"), how)
}

// ask is the screen on which the change is chosen.
func (m Model) ask(t theme.Theme) screen.View {
	lines := []string{" " + t.Title.Render("One change to "+text.Plural(m.keys.Len(), "key")), ""}
	at := len(lines)
	lines = append(lines, " "+m.value.View())
	said := t.Hint.Render("tab: another change; enter shows what it would do")
	if m.busy != nil {
		said = t.Hint.Render(m.busy.why)
	}
	if m.problem != "" {
		said = t.Paint(theme.Bad, text.Truncate(m.problem, m.w-2))
	}
	lines = append(lines, "", " "+said, "")
	room := max(1, m.h-len(lines))
	from := max(0, min(m.kind-room/2, len(kinds)-room))
	for i := from; i < len(kinds); i++ {
		k, mark := kinds[i], "   "
		if i == m.kind {
			mark = " > "
		}
		lines = append(lines, mark+text.Fit(k.Name, 14)+t.Hint.Render(k.Example))
	}
	return screen.View{Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"), Cursor: layout.Move(m.value.Cursor(), 1, at)}
}

// rows lists a plan with what is done of it.
type rows struct {
	plan    []bulk.Line
	results []result
}

func (r rows) Len() int        { return len(r.plan) }
func (r rows) ID(i int) string { return string(r.plan[i].Before.ID) }

func (r rows) Row(i int) []table.Cell {
	l := r.plan[i]
	err, word := l.Err, table.Cell{Text: "would change", Tone: theme.Accent}
	detail := table.Cell{Text: bulk.Words(l.Diff)}
	if !l.Changes() {
		word = table.Cell{Text: "stays", Tone: theme.Muted}
	}
	if i < len(r.results) {
		if err = r.results[i].err; r.results[i].done {
			word = table.Cell{Text: "changed", Tone: theme.Good}
		}
	}
	if err != nil {
		word, detail = table.Cell{Text: "cannot", Tone: theme.Bad}, table.Cell{Text: err.Error(), Tone: theme.Bad}
	}
	return []table.Cell{{Text: l.Before.Ref()}, word, detail}
}
