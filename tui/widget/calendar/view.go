package calendar

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

const (
	cell      = 4        // a sign or bracket on each side of two digits
	pageWidth = 7 * cell // a month
	gap       = 4        // between two of them
	weeks     = 6
	head      = 2 // the name of the month, the names of the days
)

// Height is the lines that [Model.View] has, whatever the month.
const Height = head + weeks

// Forbidden is the sign of a day that cannot be chosen, for a legend.
const Forbidden = "-"

const weekdays = "Mo  Tu  We  Th  Fr  Sa  Su"

// View draws the months, each line as wide as the calendar.
func (m Model) View() string {
	lines := make([]string, Height)
	for page := range m.pages() {
		for i, line := range m.page(monthOf(m.first + page)) {
			if page > 0 {
				lines[i] += text.Spaces(gap)
			}
			lines[i] += text.FitStyled(line, pageWidth)
		}
	}
	for i, line := range lines {
		lines[i] = text.FitStyled(line, m.width)
	}
	return strings.Join(lines, "\n")
}

// page draws a month.
func (m Model) page(first Date) []string {
	title := fmt.Sprintf(" %s %d", first.Month, first.Year)
	lines := []string{m.theme.Title.Render(title), m.theme.Header.Render(" " + weekdays)}
	day := first.AddDays(-first.sinceMonday())
	for range weeks {
		var b strings.Builder
		for range 7 {
			if day.Month == first.Month {
				b.WriteString(m.cell(day))
			} else {
				b.WriteString(text.Spaces(cell))
			}
			day = day.AddDays(1)
		}
		lines = append(lines, b.String())
	}
	return lines
}

// cell draws a day: its number between blanks, or between brackets under the
// cursor, and the sign behind it.
func (m Model) cell(d Date) string {
	about := m.about(d)
	sign, tone := text.Fit(about.Sign, 1), theme.Plain
	switch {
	case about.Why != "":
		sign, tone = Forbidden, theme.Muted
	case d == m.today:
		tone = theme.Accent
	}
	number := fmt.Sprintf("%2d", d.Day)
	switch {
	case d == m.day && m.focused:
		return m.theme.Selected.Render("[" + number + "]")
	case d == m.day:
		return m.theme.Style(theme.Accent).Bold(true).Render("[" + number + "]")
	}
	return " " + m.theme.Paint(tone, number+sign)
}

// DayAt returns the day that is drawn at a place of the view.
func (m Model) DayAt(x, y int) (Date, bool) {
	page := x / (pageWidth + gap)
	x -= page * (pageWidth + gap)
	if x < 0 || x >= pageWidth || y < head || y >= Height || page >= m.pages() {
		return Date{}, false
	}
	d := monthOf(m.first + page)
	d.Day = (y-head)*7 + x/cell - d.sinceMonday() + 1
	return d, d.Day >= 1 && d.Day <= d.days()
}

// Cursor returns the place of the real cursor in the view, or nil without the
// focus.
func (m Model) Cursor() *tea.Cursor {
	if !m.focused {
		return nil
	}
	first := Date{m.day.Year, m.day.Month, 1}
	at := first.sinceMonday() + m.day.Day - 1
	page := m.day.months() - m.first
	return m.theme.Caret(page*(pageWidth+gap)+at%7*cell+1, head+at/7)
}
