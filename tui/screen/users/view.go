package users

import (
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/words"
)

// mostKeys is how many the pane names: no terminal is higher.
const mostKeys = 60

// View implements [screen.Screen].
func (m Model) View() screen.View {
	t := m.env.Theme
	return m.Draw(t, m.Search.Lines(t, m.Split().Main.W, m.count(), m.status()...))
}

func (m Model) count() string {
	return text.Count(m.rows.Len()) + " of " + text.Count(len(m.all)) + " shown"
}

func (m Model) status() []string {
	parts := []string{m.count()}
	if m.Search.Text() != "" {
		parts = append(parts, "filter: "+text.Truncate(m.Search.Text(), 30))
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
	out = append(out, facts.Of("seen", words.Seen(r.last, b.Now)))
	if len(r.places) == 0 {
		return out
	}
	out = append(out, facts.Fact{}, facts.Head(text.Plural(r.works, "working key")))
	shown := 0
	for _, at := range r.places {
		if s := m.board.Search.Life(int(at)).StateAt(b.Now, b.Policy.WarnBefore); s != keystore.StateRevoked && shown < mostKeys {
			out, shown = append(out, facts.Of(string(s), m.board.Keys[at].Name)), shown+1
		}
	}
	if more := r.keys - shown; more > 0 {
		out = append(out, facts.Of("", text.Count(more)+" more; enter lists them"))
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
	return facts.Of("may", words.JoinScopes(u.Permissions))
}
