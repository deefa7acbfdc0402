package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/overlay"
	"github.com/pakdeck/pakdeck/tui/widget/prompt"
)

// openLine opens the command line, over which the palette lists what can be
// meant by what is typed.
func (m *Model) openLine() tea.Cmd {
	history, b, actions := m.line.History(), m.env.Board, m.commands()
	m.line = prompt.New(m.env.Theme, ":", func(typed string) []string { return names(offers(b, actions, typed)) })
	m.line.Quiet = true
	m.line.SetHistory(history)
	m.line.SetWidth(max(0, m.area.W-2))
	return m.line.Open("")
}

func (m *Model) editLine(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	m.line, cmd = m.line.Update(msg)
	switch m.line.State() {
	case prompt.Accepted:
		return tea.Batch(cmd, m.command(m.line.Value()))
	case prompt.Cancelled:
		m.line.Close()
	}
	return cmd
}

// command does what was typed: the name of a place, with a filter behind it
// if it is a list, a key or a user, or the name of an action. Of a name that
// is cut short the first in the palette is meant: that is marked there.
func (m *Model) command(line string) tea.Cmd {
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	rest = strings.TrimSpace(rest)
	if word == "" {
		m.line.Close()
		return nil
	}
	found := offers(m.env.Board, m.commands(), strings.TrimSpace(line))
	if len(found) == 0 {
		found = offers(m.env.Board, m.commands(), word)
	}
	if len(found) == 0 {
		m.line.SetError("there is no command " + text.Quote(word) + " here; tab lists them")
		return nil
	}
	if to := found[0].to; to.Place != "" {
		m.line.Close()
		return m.goTo(to)
	}
	return m.perform(found[0].action, rest)
}

// perform does an action. Lists take a filter behind their name, and sorting
// the name of an order.
func (m *Model) perform(a keymap.Action, rest string) tea.Cmd {
	place, isPlace := strings.CutPrefix(a.ID, "tab.")
	takes := isPlace && slices.Contains([]string{screen.Keys, screen.Users, screen.Journal}, place)
	if rest != "" && a.ID == "list.sort" && a.Enabled() {
		m.line.Close()
		return m.places.tell(screen.Sort{Order: rest})
	}
	if rest != "" && !takes {
		m.line.SetError(fmt.Sprintf("%q takes nothing behind it", a.Name()))
		return nil
	}
	m.line.Close()
	if rest != "" {
		return m.goTo(screen.Go{Place: place, Filter: rest})
	}
	return m.do(a)
}

const (
	paletteRows = 12 // that the palette shows at most
	aboutWidth  = 31 // cells for what a command does, if there is more to say
	keyWidth    = 7  // for its key
	cliWidth    = 24 // the least for its equivalent on the command line
)

// withPalette draws the palette over the view, just above the command line.
func (m Model) withPalette(view string) string {
	if m.line.State() != prompt.Editing || m.area.TooSmall() {
		return view
	}
	typed, chosen := m.line.Chosen()
	found := offers(m.env.Board, m.commands(), typed)
	rows := min(len(found), paletteRows, m.area.Body.H-2)
	if rows <= 0 {
		return view
	}
	chosen = max(0, chosen)
	first := max(0, min(chosen-rows/2, len(found)-rows))
	w := min(m.area.W-2, widest+20)
	var lines []string
	for i := first; i < first+rows; i++ {
		lines = append(lines, m.paletteLine(found[i], i == chosen, overlay.Inner(w)))
	}
	title := text.Plural(len(found), "command")
	switch found[0].to.Place {
	case screen.Keys:
		title = text.Plural(len(found), "key")
	case screen.Users:
		title = text.Plural(len(found), "user")
	}
	box := overlay.Box(m.env.Theme, title, lines, w)
	return overlay.At(view, box, m.area.W, m.area.H, layout.Rect{X: 1, Y: m.area.Bottom.Y - rows - 2})
}

// nameWidth is the room for the name of an offer: keys and users are chosen by
// it alone.
func nameWidth(o offer) int {
	if o.to.Place != "" {
		return 44
	}
	return 18
}

// paletteLine is a command with what it does, its key and what does the same
// on the command line.
func (m Model) paletteLine(o offer, chosen bool, w int) string {
	t := m.env.Theme
	sign, says := " ", o.says
	if o.disabled != "" {
		says = o.disabled
	}
	if chosen {
		sign = t.Glyphs.Cursor
	}
	line := sign + " " + text.Fit(o.name, nameWidth(o)) + "  "
	room := w - text.Width(line) - keyWidth
	about, cli := min(room, 46), ""
	if room >= aboutWidth+cliWidth {
		about, cli = aboutWidth, text.Fit(o.cli, room-aboutWidth)
	}
	rest := text.Fit(says, about-1) + " " + text.Fit(o.key, keyWidth-1) + " " + cli
	switch {
	case chosen:
		return t.Selected.Render(text.FitStyled(line+rest, w))
	case o.disabled != "":
		return t.Paint(theme.Muted, line+rest)
	}
	return line + t.Hint.Render(rest)
}
