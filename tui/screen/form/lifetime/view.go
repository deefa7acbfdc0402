package lifetime

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/calendar"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

const (
	labelWidth = 7
	indent     = labelWidth + 3 // where values begin
	leastLeft  = 36
	onePage    = 31 // columns of the right part with one month
	twoPages   = 61
)

// right returns the width of the right part; 0 is none.
func (m Model) right() int {
	for _, w := range []int{twoPages, onePage} {
		if m.w-1-w >= leastLeft {
			return w
		}
	}
	return 0
}

// left returns the width of the left part.
func (m Model) left() int {
	if r := m.right(); r > 0 {
		return m.w - 1 - r
	}
	return m.w
}

// SetSize sets the size in cells.
func (m *Model) SetSize(w, h int) {
	m.w, m.h = w, h
	m.arrange()
}

// arrange gives everything its room and brings the focus into view.
func (m *Model) arrange() {
	for _, s := range []stop{typing, clocking, zoning, beginning, rotating, warning} {
		m.fields[s].SetWidth(max(0, m.left()-2))
	}
	m.cal.SetWidth(max(0, m.calendarWidth()))
	first, last, all := 0, 0, 0
	for _, b := range m.blocks() {
		if b.stop == m.at {
			first, last = all, all+len(b.lines)
		}
		all += len(b.lines)
	}
	m.offset = max(min(m.offset, first), last-m.h)
	m.offset = max(0, min(m.offset, all-m.h))
}

func (m Model) calendarWidth() int {
	if r := m.right(); r > 0 {
		return r - 1
	}
	return m.w - 2
}

// calendarLeft is the column where the calendar begins.
func (m Model) calendarLeft() int {
	if m.right() > 0 {
		return m.left() + 2
	}
	return 1
}

// block is a field with what stands under it.
type block struct {
	stop  stop
	lines []string
}

// blocks are the left part from top to bottom.
func (m Model) blocks() []block {
	out := []block{
		{typing, m.withRemark(typing, m.meaning())},
		{stops, m.presetLines()},
		{clocking, m.withRemark(clocking, m.clockWords())},
		{zoning, m.withRemark(zoning, m.zoneWords())},
	}
	if m.config.Begin {
		out = append(out,
			block{beginning, m.withRemark(beginning, m.beginWords())},
			block{rotating, m.withRemark(rotating, m.rotateWords())},
			block{warning, m.withRemark(warning, m.warnWords())},
		)
	}
	if roomy := 3 * len(out); m.h >= m.height(out)+roomy/2 {
		for i := range out[:len(out)-1] {
			if out[i].stop != clocking {
				out[i].lines = append(out[i].lines, "")
			}
		}
	}
	return out
}

func (m Model) height(all []block) int {
	n := 0
	for _, b := range all {
		n += len(b.lines)
	}
	return n
}

// withRemark is a field and what is to be said of it.
func (m Model) withRemark(s stop, r remark) []string {
	lines := []string{m.fields[s].View()}
	said, wrong := m.fields[s].Message()
	if said != "" {
		r = remark{said, theme.Muted}
	}
	if wrong {
		r.tone = theme.Bad
	}
	if r.text == "" {
		return lines
	}
	for _, line := range text.Wrap(r.text, max(2, m.left()-2-indent)) {
		lines = append(lines, text.Spaces(indent)+m.theme.Paint(r.tone, line))
	}
	return lines
}

// View draws the picker in exactly its size.
func (m Model) View() []string {
	if m.right() == 0 {
		return m.single()
	}
	var left, right []string
	for _, b := range m.blocks() {
		for _, line := range b.lines {
			left = append(left, " "+line)
		}
	}
	left = left[min(m.offset, len(left)):]
	for _, line := range m.page1() {
		right = append(right, " "+line)
	}
	split := layout.SplitAt(layout.Rect{W: m.w, H: m.h}, m.left())
	return split.Beside(left, right, m.theme.Rule.Render(m.theme.Glyphs.Bar))
}

// single draws one part alone, on terminals with no room for both.
func (m Model) single() []string {
	var lines []string
	if m.at == paging {
		lines = m.page1()
	} else {
		for _, b := range m.blocks() {
			lines = append(lines, b.lines...)
		}
		lines = lines[min(m.offset, len(lines)):]
	}
	for i, line := range lines {
		lines[i] = " " + line
	}
	return layout.Fill(lines, m.w, m.h)
}

// page1 draws the calendar with what is to be said of its day.
func (m Model) page1() []string {
	w := m.calendarWidth()
	lines := strings.Split(m.cal.View(), "\n")
	if m.h < calendar.Height+4 {
		// The reason why a day cannot be chosen is worth more than the legend.
		for len(lines) > 1 && strings.TrimSpace(lines[len(lines)-1]) == "" {
			lines = lines[:len(lines)-1]
		}
		return append(lines, m.dayLines(w)...)
	}
	lines = append(lines, m.theme.Hint.Render(text.Truncate(legend(w), w)))
	if m.h-len(lines) > 5 {
		lines = append(lines, "")
	}
	lines = append(lines, m.dayLines(w)...)
	if keys := m.keyLines(w); m.h >= len(lines)+1+len(keys) {
		lines = append(append(lines, ""), keys...)
	}
	return lines
}

// Cursor is the place of the real cursor in the view.
func (m Model) Cursor() *tea.Cursor {
	if m.at == paging {
		return m.inView(layout.Move(m.cal.Cursor(), m.calendarLeft(), 0))
	}
	y := -m.offset
	for _, b := range m.blocks() {
		if b.stop == m.at {
			break
		}
		y += len(b.lines)
	}
	return m.inView(layout.Move(m.fields[m.at].Cursor(), 1, y))
}

func (m Model) inView(c *tea.Cursor) *tea.Cursor {
	if c == nil || c.Y < 0 || c.Y >= m.h {
		return nil
	}
	return c
}

// click puts the focus on what is at a place of the view. A day of the calendar
// is taken, too, if that can be taken.
func (m *Model) click(x, y int) {
	if x > m.left() || m.right() == 0 && m.at == paging {
		m.clickPage(x, y)
		return
	}
	y += m.offset
	for _, b := range m.blocks() {
		if y -= len(b.lines); y < 0 {
			if b.stop < stops {
				m.Move(0)
				m.focus(b.stop)
			}
			return
		}
	}
}

func (m *Model) clickPage(x, y int) {
	day, ok := m.cal.DayAt(x-m.calendarLeft(), y)
	m.Move(0)
	m.focus(paging)
	if ok {
		m.cal.Go(day)
		m.takeDay()
	}
}

func legend(w int) string {
	if w < twoPages-1 {
		return ". 1  : 2-4  # 5+  " + calendar.Forbidden + " forbidden"
	}
	return ". 1 key ends  : 2-4  # 5 or more  " + calendar.Forbidden + " forbidden  [ ] chosen"
}
