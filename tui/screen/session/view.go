package session

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/session"
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
		{Title: "STATE", Width: 12},
		{Title: "FILE, OR WHY NOT", Width: 38, Min: 20, Flex: 2},
	}
}

func (m *Model) rebuild() {
	m.folder.SetWidth(m.w - 2)
	m.table.SetSize(m.w, max(0, m.h-headLines))
	m.table.SetEmpty(m.empty())
	m.table.SetSource(rows(m.s.Steps))
}

func (m Model) empty() string {
	if !m.loaded {
		return "reading..."
	}
	return "there was no session yet: mark keys in the list, press r, then S"
}

func (m Model) view() screen.View {
	t := m.env.Theme
	m.table.SetTheme(t)
	m.folder.SetTheme(t)
	if m.asking() {
		return m.ask(t)
	}
	lines := append(m.head(t), m.table.Lines()...)
	return screen.View{
		Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"),
		Cursor:  layout.Move(m.table.Cursor(), 0, headLines),
	}
}

// ask is the screen before the session begins.
func (m Model) ask(t theme.Theme) screen.View {
	lines := []string{
		" " + t.Title.Render("New secrets for "+text.Plural(int64(len(m.keys)), "key")), "",
		" Each key gets a new secret, one after the other, in a .pak file of its own.", "",
	}
	at := len(lines)
	lines = append(lines, " "+m.folder.View())
	if err := m.folder.Err(); err != "" {
		lines = append(lines, "", " "+t.Paint(theme.Bad, text.Truncate(err, m.w-2)))
	}
	lines = append(lines, "")
	for _, k := range m.views() {
		lines = append(lines, " "+text.Truncate(k.Ref(), m.w-2))
	}
	return screen.View{Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"), Cursor: layout.Move(m.folder.Cursor(), 1, at)}
}

func (m Model) head(t theme.Theme) []string {
	if m.s.ID == "" {
		return []string{" " + t.Title.Render("Rotation session"), "", "", ""}
	}
	over, used := m.s.Done()
	said := fmt.Sprintf("%d of %s done, %d in use", over, text.Plural(int64(len(m.s.Steps)), "key"), used)
	switch {
	case m.stopping:
		said += "   stopping..."
	case m.going:
		said += "   now " + m.s.Steps[m.at].Ref
	case m.next(0) >= 0:
		said += "   enter goes on"
	}
	last := t.Hint.Render(text.Truncate(words(m.s)+" Files in "+m.s.Dir, m.w-2))
	if m.problem != "" {
		last = t.Paint(theme.Bad, text.Truncate(m.problem, m.w-2))
	}
	return []string{
		" " + t.Title.Render(text.Truncate("Session "+m.s.ID+", begun "+m.env.Clock(m.s.Started), m.w-2)),
		" " + text.Truncate(said, m.w-2), " " + last, "",
	}
}

// rows lists the steps of a session.
type rows []session.Step

func (r rows) Len() int        { return len(r) }
func (r rows) ID(i int) string { return string(r[i].Key) }

func (r rows) Row(i int) []table.Cell {
	x := r[i]
	detail := table.Cell{Text: filepath.Base(x.File), Tone: theme.Muted}
	switch {
	case x.Note != "":
		detail = table.Cell{Text: x.Note, Tone: theme.Bad}
	case x.File == "":
		detail.Text = ""
	}
	return []table.Cell{{Text: x.Ref}, {Text: string(x.State), Tone: tone(x.State)}, detail}
}

func tone(s session.State) theme.Tone {
	switch s {
	case session.Contact:
		return theme.Good
	case session.Failed:
		return theme.Bad
	case session.Handed:
		return theme.Accent
	}
	return theme.Muted
}
