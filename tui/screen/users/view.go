package users

import (
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

const (
	paneFrom   = 100 // columns from which there is a pane
	paneNarrow = 33  // columns of the pane there; it gets a fifth of what is beyond
	paneWidest = 60
	mostKeys   = 60 // that the pane names: no terminal is higher
)

func (m *Model) resize(w, h int) {
	m.area = layout.Rect{W: w, H: h}
	m.split = layout.Split{Main: m.area}
	if w >= paneFrom {
		m.split = layout.Details(m.area, min(paneWidest, paneNarrow+(w-paneFrom)/5))
	}
	m.table.SetSize(m.split.Main.W-m.split.Bar.W, max(0, h-search.Height))
	m.search.SetWidth(m.split.Main.W)
	m.pane.SetSize(max(0, m.split.Detail.W-2), h)
	m.show()
}

// View implements [screen.Screen].
func (m Model) View() screen.View {
	t := m.env.Theme
	m.table.SetTheme(t)
	m.pane.SetTheme(t)
	lines := slices.Concat(m.table.Lines(), m.search.Lines(t, m.split.Main.W, m.count(), m.status()...))
	pane := strings.Split(m.pane.View(), "\n")
	for i := range pane {
		pane[i] = " " + pane[i]
	}
	v := screen.View{
		Content: strings.Join(m.split.Beside(lines, pane, t.Rule.Render(t.Glyphs.Bar)), "\n"),
		Cursor:  m.table.Cursor(),
	}
	if m.search.Editing() {
		v.Cursor = layout.Move(m.search.Cursor(), 0, m.area.H-search.Height)
	}
	return v
}

func (m Model) count() string {
	return text.Count(int64(m.list.Len())) + " of " + text.Count(int64(len(m.all))) + " shown"
}

func (m Model) status() []string {
	parts := []string{m.count()}
	if m.search.Text() != "" {
		parts = append(parts, "filter: "+text.Truncate(m.search.Text(), 30))
	}
	return append(parts, "sort: "+orders[m.order].name)
}

// facts is what the pane says of a user.
func (m Model) facts(r row) []facts.Fact {
	b := m.env.Board
	state := facts.Fact{Label: "state", Text: r.state(), Tone: theme.Good}
	if r.Disabled {
		state = facts.Fact{Label: "state", Text: "disabled: none of its keys works", Tone: theme.Warn}
	}
	out := []facts.Fact{
		facts.Head(r.Name),
		{},
		facts.Of("id", string(r.ID)),
		facts.Of("kind", string(r.Kind)),
		state,
		facts.Of("added", r.Created.Format(time.DateOnly)),
		permissions(r.User),
	}
	if r.Contact != "" {
		out = append(out, facts.Of("contact", r.Contact))
	}
	out = append(out, facts.Of("seen", lastSeen(r, b.Now)))
	if len(r.places) == 0 {
		return out
	}
	out = append(out, facts.Fact{}, facts.Head(text.Plural(int64(r.works), "working key")))
	shown := 0
	for _, at := range r.places {
		if s := m.board.Search.Life(int(at)).StateAt(b.Now, b.Policy.WarnBefore); s != keystore.StateRevoked && shown < mostKeys {
			out, shown = append(out, facts.Of(string(s), m.board.Keys[at].Name)), shown+1
		}
	}
	if more := r.keys - shown; more > 0 {
		out = append(out, facts.Of("", text.Count(int64(more))+" more; enter lists them"))
	}
	return out
}

func permissions(u keystore.User) facts.Fact {
	switch {
	case u.Admin:
		return facts.Fact{Label: "may", Text: "everything: admin", Tone: theme.Warn}
	case len(u.Permissions) == 0:
		return facts.Fact{Label: "may", Text: "nothing yet", Tone: theme.Warn}
	}
	words := make([]string, len(u.Permissions))
	for i, s := range u.Permissions {
		words[i] = string(s)
	}
	return facts.Of("may", strings.Join(words, " "))
}

func lastSeen(r row, now time.Time) string {
	if r.last.Time.IsZero() {
		return "never"
	}
	return seen(r.last.Time, now) + " ago" + from(r.last)
}
