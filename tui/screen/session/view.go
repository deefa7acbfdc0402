package session

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
	"github.com/pakdeck/pakdeck/tui/words"
)

// headLines are above the table.
const headLines = 5

func columns() []table.Column {
	return []table.Column{
		{Title: "KEY", Width: 24, Min: 18, Flex: 1},
		{Title: "BY", Width: 9},
		{Title: "STATE", Width: 11},
		{Title: "WHERE TO, OR WHY NOT", Width: 30, Min: 20, Flex: 2},
	}
}

func (m *Model) rebuild() {
	m.table.SetSize(m.w, max(0, m.h-headLines))
	m.table.SetEmpty(m.empty())
	m.table.SetSource(rows{m.s.Steps, m.at, m.working, m.holding()})
	if m.asking() {
		m.form.SetSize(max(0, m.w-2), min(m.form.Height(), max(0, m.h-2)))
	}
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
	if m.asking() {
		return m.viewForm(t)
	}
	lines := append(m.head(t), m.table.Lines()...)
	return screen.View{
		Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"),
		Cursor:  layout.Move(m.table.Cursor(), 0, headLines),
	}
}

// viewForm is the screen before the session begins, or goes on.
func (m Model) viewForm(t theme.Theme) screen.View {
	title := "New secrets for " + text.Plural(m.keys.Len(), "key")
	if m.s.ID != "" {
		title = "The passphrase of the files of session " + m.s.ID
	}
	lines := []string{" " + t.Title.Render(text.Truncate(title, max(0, m.w-2))), ""}
	at := len(lines)
	lines = append(lines, layout.Indent(m.form.View(), 1)...)
	for i := range min(m.keys.Len(), max(0, m.h-len(lines))) {
		lines = append(lines, " "+text.Truncate(m.keys.At(i).Ref(), m.w-2))
	}
	return screen.View{Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"), Cursor: layout.Move(m.form.Cursor(), 1, at)}
}

func (m Model) head(t theme.Theme) []string {
	if m.s.ID == "" {
		return []string{" " + t.Title.Render("Rotation session"), "", "", "", ""}
	}
	over, used := m.s.Done()
	said := fmt.Sprintf("%d of %s done, %d in use", over, text.Plural(len(m.s.Steps), "key"), used)
	switch {
	case m.stopping:
		said += "   stopping..."
	case m.working:
		said += "   now " + m.s.Steps[m.at].Ref
	case !m.holding() && !m.waiting && m.next(0) >= 0:
		said += "   enter goes on"
	}
	w := max(0, m.w-2)
	return []string{
		" " + t.Title.Render(text.Truncate("Session "+m.s.ID+", begun "+m.env.Clock(m.s.Started), w)),
		" " + text.Truncate(said, w),
		" " + t.Hint.Render(text.Truncate(words.Grace(m.s)+m.place(), w)),
		" " + m.asks(t, w), "",
	}
}

// place says where the key strings go.
func (m Model) place() string {
	switch m.s.Way {
	case session.ToCommand:
		return " Command: " + m.s.Command
	case session.ToClipboard:
		return ""
	}
	return " Files in " + m.env.Tilde(m.s.Dir)
}

// asks is what went wrong, or what the operator is waited for, or what for.
func (m Model) asks(t theme.Theme, w int) string {
	switch {
	case m.problem != "":
		return t.Paint(theme.Bad, text.Truncate(m.problem, w))
	case m.holding():
		return t.Paint(theme.Accent, text.Truncate(m.waited()+": n once it has arrived; "+cmp.Or(m.sent, "being sent"), w))
	case m.waiting:
		return t.Paint(theme.Accent, text.Truncate(m.waited()+": waiting for its first use"+m.since()+"; n goes on without", w))
	}
	if i := m.table.Index(); i >= 0 && i < len(m.s.Steps) { // the table may have no room for it
		return t.Hint.Render(text.Truncate(m.s.Steps[i].Note, w))
	}
	return ""
}

// waited names the key that is waited for, short enough for what is said of it.
func (m Model) waited() string { return text.Truncate(m.s.Steps[m.at].Ref, 30) }

// since is how long the step has been waited for.
func (m Model) since() string {
	d := m.now.Sub(m.s.Steps[m.at].At)
	if d < time.Second {
		return ""
	}
	return " (" + text.Ago(d) + ")"
}

// rows lists the steps of a session.
type rows struct {
	steps            []session.Step
	at               int
	working, holding bool
}

func (r rows) Len() int        { return len(r.steps) }
func (r rows) ID(i int) string { return string(r.steps[i].Key) }

func (r rows) Row(i int) []table.Cell {
	x := r.steps[i]
	state := table.Cell{Text: string(x.State), Tone: tone(x.State)}
	return []table.Cell{{Text: x.Ref}, {Text: string(cmp.Or(x.Way, session.ToFile)), Tone: theme.Muted}, state, r.detail(i)}
}

func (r rows) detail(i int) table.Cell {
	x := r.steps[i]
	done := x.State == session.Handed || x.State == session.Contact
	switch {
	case x.State == session.Begun && i == r.at && r.working:
		return table.Cell{Text: "being handed over", Tone: theme.Muted}
	case x.State == session.Begun && i == r.at && r.holding:
		return table.Cell{Text: "on your clipboard", Tone: theme.Accent}
	case x.State == session.Begun:
		return table.Cell{Text: "never handed over; enter makes another", Tone: theme.Warn}
	case x.State == session.Skipped:
		return table.Cell{Text: x.Note, Tone: theme.Muted}
	case x.Note != "":
		return table.Cell{Text: x.Note, Tone: theme.Bad}
	case done && x.File != "":
		return table.Cell{Text: filepath.Base(x.File), Tone: theme.Muted}
	}
	return table.Cell{}
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
