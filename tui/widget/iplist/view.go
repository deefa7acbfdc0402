package iplist

import (
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

// sideBySide is the width from which the lists stand next to each other.
const sideBySide = 96

const (
	labelWidth = 4
	infoWidth  = 9
	head       = 2 // title and column titles of a list
)

// place is where the selected line is in the body.
type place struct{ x, y int }

// View returns the lists and under them the form or the last message, in
// exactly the size of the editor.
func (m Model) View() string {
	lines, _ := m.body()
	body := m.bodyHeight()
	lines = layout.Fill(lines[min(m.offset, len(lines)):], m.width, body)
	return strings.Join(layout.Fill(append(lines, m.foot()...), m.width, m.height), "\n")
}

// footHeight is how many lines stand under the lists.
func (m Model) footHeight() int {
	if m.mode == browsing {
		return 2
	}
	return 2 + formLines
}

func (m Model) bodyHeight() int { return max(1, m.height-m.footHeight()) }

// scroll brings the selected line into view, and the head of its list if it is
// the first.
func (m *Model) scroll() {
	lines, at := m.body()
	body := m.bodyHeight()
	top := at.y
	if m.index == 0 {
		top -= head
	}
	m.offset = max(at.y-body+1, min(m.offset, top))
	m.offset = max(0, min(m.offset, len(lines)-body))
}

// foot is what stands under the lists.
func (m Model) foot() []string {
	switch m.mode {
	case browsing:
		return []string{"", m.remark()}
	case editing:
		return append([]string{"", m.theme.Title.Render("EDIT in " + m.config.Titles[m.side])}, m.form()...)
	case pasting:
		return append([]string{"", m.theme.Title.Render("PASTE into " + m.config.Titles[m.side])}, m.form()...)
	default:
		return append([]string{"", m.theme.Title.Render("ADD to " + m.config.Titles[m.side])}, m.form()...)
	}
}

// remark is what happened last, or the problem of the selected entry.
func (m Model) remark() string {
	if m.message != "" {
		return " " + m.theme.Paint(m.tone, text.Truncate(m.message, m.width-1))
	}
	if p, ok := m.problem(m.side, m.index); ok {
		return " " + m.theme.Paint(p.Tone, text.Truncate(p.Text, m.width-1))
	}
	return ""
}

// problem returns the first problem of an entry.
func (m Model) problem(s Side, i int) (Problem, bool) {
	for _, p := range m.problems {
		if p.Side == s && p.Index == i {
			return p, true
		}
	}
	return Problem{}, false
}

// body returns all lines of both lists and where the selected one is.
func (m Model) body() ([]string, place) {
	if m.width < sideBySide {
		first, second := m.list(First, m.width), m.list(Second, m.width)
		at := place{0, head + m.index}
		if m.side == Second {
			at.y += len(first) + 1
		}
		return append(append(first, ""), second...), at
	}
	split := layout.SplitAt(layout.Rect{W: m.width}, m.width/2)
	first, second := m.list(First, split.Main.W-1), m.list(Second, split.Detail.W-1)
	split.Main.H = max(len(first), len(second))
	at := place{0, head + m.index}
	if m.side == Second {
		at.x = split.Detail.X + 1
	}
	for i := range second {
		second[i] = " " + second[i]
	}
	return split.Beside(first, second, m.theme.Rule.Render(m.theme.Glyphs.Bar)), at
}

// list returns the lines of one list: title, column titles, entries.
func (m Model) list(s Side, w int) []string {
	items := m.value[s]
	title := m.theme.Title.Render(fmt.Sprintf("%s (%d)", text.Safe(m.config.Titles[s]), len(items)))
	lines := []string{
		text.FitStyled(title+"   "+m.theme.Hint.Render(text.Safe(m.config.Remarks[s])), w),
		m.theme.Header.Render(m.line("   ", "#", strings.ToUpper(m.config.Entry), "NOTE", m.config.Info, " ", w)),
	}
	for i := range items {
		lines = append(lines, m.row(s, i, w))
	}
	if len(items) == 0 {
		lines = append(lines, m.none(s, w))
	}
	return lines
}

// none is the line of an empty list.
func (m Model) none(s Side, w int) string {
	line := "none: n adds, p pastes a list"
	if m.focused && m.side == s && m.mode == browsing {
		return m.theme.Selected.Render(text.Fit(m.theme.Glyphs.Cursor+"  "+line, w))
	}
	return text.FitStyled("   "+m.theme.Hint.Render(line), w)
}

func (m Model) row(s Side, i, w int) string {
	item := m.value[s][i]
	info := ""
	if i < len(m.infos[s]) {
		info = m.infos[s][i]
	}
	selected := m.side == s && m.index == i
	sign, mark := "   ", " "
	if selected {
		sign = m.theme.Glyphs.Cursor + "  "
	}
	p, odd := m.problem(s, i)
	if odd {
		mark = "!"
	}
	label := fmt.Sprintf("%s%d", m.config.Letters[s], i+1)
	if selected && m.focused {
		return m.theme.Selected.Render(m.line(sign, label, item.Text, item.Note, info, mark, w))
	}
	line := m.line(sign, label, item.Text, item.Note, info, "", w-1)
	return line + m.theme.Paint(tone(p, odd), mark)
}

func tone(p Problem, odd bool) theme.Tone {
	if odd {
		return p.Tone
	}
	return theme.Plain
}

// leastNote is the room that a note keeps beside its entry.
const leastNote = 7

// line puts the columns of an entry into w cells. The entry comes first: for
// it the last column is dropped and the note made shorter.
func (m Model) line(sign, label, entry, note, info, mark string, w int) string {
	room := w - len(sign) - labelWidth - text.Width(mark)
	want := m.entryWidth()
	if m.config.Info != "" && room-infoWidth-3 >= want+2+leastNote {
		info = "  " + text.FitLeft(info, infoWidth) + " "
		room -= text.Width(info)
	} else {
		info = ""
	}
	want = min(want, max(room/2, room-2-leastNote))
	line := sign + text.Fit(label, labelWidth) + text.Fit(entry, want) + "  " + text.Fit(note, room-want-2)
	return text.Fit(line+info+mark, w)
}

// entryWidth is the width that the entries want.
func (m Model) entryWidth() int {
	const least, most = 18, 43
	w := least
	for _, items := range m.value {
		for _, item := range items {
			w = max(w, text.Width(text.Safe(item.Text)))
		}
	}
	return min(w, most)
}
