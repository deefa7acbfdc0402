package incident

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/incident"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
	"github.com/pakdeck/pakdeck/tui/words"
)

// headLines are above the table.
const headLines = 4

const (
	colKey = iota
	colFound
	colLine
	colState
	colUsed
	colFrom
	colContact
)

func columns() []table.Column {
	return []table.Column{
		colKey:     {Title: "KEY", Width: 26, Min: 18, Flex: 2},
		colFound:   {Title: "IN THE TEXT", Width: 12},
		colLine:    {Title: "LINE", Width: 6, Right: true},
		colState:   {Title: "STATE", Width: 13},
		colUsed:    {Title: "USED", Width: 6, Right: true},
		colFrom:    {Title: "FROM", Width: 15, Priority: 1},
		colContact: {Title: "CONTACT", Width: 20, Flex: 1, Priority: 2},
	}
}

func (m *Model) rebuild() {
	m.table.SetSize(m.w, max(0, m.h-headLines))
	m.table.SetEmpty("the text holds no key")
	m.now = m.named.On(m.env.Board)
	m.table.SetSource(m.rows())
	m.live = m.rows().live()
	m.file.SetWidth(m.w - 2)
}

func (m Model) view() screen.View {
	t := m.env.Theme
	m.table.SetTheme(t)
	m.file.SetTheme(t)
	if !m.read {
		return m.asking(t)
	}
	live := m.live.Len()
	said := t.Paint(theme.Good, "None of them is still good.")
	if live > 0 {
		said = t.Paint(theme.Bad, text.Truncate(text.Plural(live, "key")+" of this store in danger. X revokes, r rotates.", m.w-2))
	}
	title := "The text gives away " + text.Plural(len(m.finds), "secret")
	if m.named != nil {
		title = text.Plural(m.named.Len(), "key") + " in wrong hands"
	}
	head := []string{
		" " + t.Title.Render(text.Truncate(title, m.w-2)),
		" " + said,
		" " + t.Hint.Render(text.Truncate(m.victims(), m.w-2)),
		"",
	}
	return screen.View{
		Content: strings.Join(layout.Fill(append(head, m.table.Lines()...), m.w, m.h), "\n"),
		Cursor:  layout.Move(m.table.Cursor(), 0, headLines),
	}
}

// asking is the screen before a text was searched.
func (m Model) asking(t theme.Theme) screen.View {
	lines := []string{
		" " + t.Title.Render("Keys in wrong hands"),
		"",
		" Paste what gives them away: a log, a mail, a diff. Whole key strings are",
		" found in it, and cut off ones by their public id. The text is not kept.",
		"",
	}
	at := len(lines)
	lines = append(lines, " "+m.file.View())
	if said := m.file.Err(); said != "" {
		lines = append(lines, "", " "+t.Paint(theme.Bad, text.Truncate(said, m.w-2)))
	}
	if m.busy {
		lines = append(lines, "", " searching...")
	}
	return screen.View{
		Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"),
		Cursor:  layout.Move(m.file.Cursor(), 1, at),
	}
}

// rows lists what a text gives away, or the keys that were named.
type rows struct {
	finds  []incident.Find
	named  *board.Some
	now    *board.Some // those on the board
	board  *board.Board
	prefix string
}

func (m Model) rows() rows {
	return rows{m.finds, m.named, m.now, m.env.Board, m.env.Store.Prefix()}
}

func (r rows) Len() int        { return len(r.finds) + r.named.Len() }
func (r rows) ID(i int) string { return findID(r.find(i)) }

// find returns what row i is about. A key that was named is in danger with the
// secret that it had then.
func (r rows) find(i int) incident.Find {
	if r.named == nil {
		return r.finds[i]
	}
	k := r.named.At(i)
	return incident.Find{Secret: k.Current().ID, Prefix: r.prefix, Key: *k, State: keystore.Current}
}

// live returns the keys that are still good, as they are now.
func (r rows) live() *board.Some {
	had, places := make([]bool, len(r.board.Keys)), make([]int32, 0, r.Len())
	for i := range r.Len() {
		place, ok := r.place(i)
		if ok && !had[place] && r.good(i, place) {
			had[place], places = true, append(places, int32(place))
		}
	}
	return r.board.Some(places)
}

func findID(f incident.Find) string { return f.Prefix + "_" + f.Secret.String() }

func (r rows) Row(i int) []table.Cell {
	f := r.find(i)
	whole := "cut off"
	if f.Complete {
		whole = "whole"
	}
	line := text.Count(f.Line)
	switch {
	case f.Times > 1:
		whole += " x" + strconv.Itoa(f.Times)
	case f.Times == 0: // it was named
		whole, line = "", ""
	}
	cells := []table.Cell{
		colKey:     {Text: findID(f) + "…", Tone: theme.Muted},
		colFound:   {Text: whole},
		colLine:    {Text: line},
		colState:   {Text: "other store", Tone: theme.Muted},
		colUsed:    {},
		colFrom:    {},
		colContact: {},
	}
	k, known := r.board.Key(f.Key.ID)
	if !f.Known() || !known {
		return cells
	}
	cells[colKey] = table.Cell{Text: k.Ref()}
	cells[colState] = state(f, k, r.board.Now)
	cells[colUsed] = table.Cell{Text: "never", Tone: theme.Muted}
	if last := k.Uses.Last; !last.Time.IsZero() {
		cells[colUsed] = table.Cell{Text: text.Ago(r.board.Now.Sub(last.Time))}
		cells[colFrom] = table.Cell{Text: last.IP.String()}
	}
	cells[colContact] = table.Cell{Text: k.Owner.Contact, Tone: theme.Muted}
	return cells
}

// state says what the secret can still do, as the key is now.
func state(f incident.Find, k keystore.KeyView, now time.Time) table.Cell {
	switch {
	case !k.Revoked.IsZero():
		return table.Cell{Text: "revoked", Tone: theme.Good}
	case good(f, k, now):
		return table.Cell{Text: "still good", Tone: theme.Bad}
	}
	return table.Cell{Text: "old secret", Tone: theme.Good}
}

// place returns the place on the board of the key of row i.
func (r rows) place(i int) (place int, ok bool) {
	switch {
	case r.named == nil:
		return r.board.Index(r.finds[i].Key.ID)
	case r.now.Len() == r.named.Len():
		return r.now.Place(i), true
	}
	return r.board.Index(r.named.At(i).ID)
}

// good reports whether the secret of row i may still be accepted, for a key at a
// place. That it has the same current secret as when it was named is seen without going
// to the key.
func (r rows) good(i, place int) bool {
	if r.board.Search.Life(place).Revoked() {
		return false
	}
	return r.named != nil && r.named.Secret(i) == r.board.Secrets[place] || good(r.find(i), r.board.Keys[place], r.board.Now)
}

// victims says who will notice.
func (m Model) victims() string {
	used, last := m.live.UsedSince(m.env.Board.Now.Add(-words.Recently))
	return words.Used(used, last, m.env.Board.Now)
}

// good reports whether a secret of a key may still be accepted.
func good(f incident.Find, k keystore.KeyView, now time.Time) bool {
	return k.Revoked.IsZero() && slices.ContainsFunc(k.Secrets, func(s keystore.Secret) bool {
		return s.ID == f.Secret && s.StateAt(now) != keystore.Retired
	})
}
