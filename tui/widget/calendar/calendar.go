// Package calendar lets the operator choose a day with the keyboard, on one
// page of a month or on two side by side, as there is room. Its owner, which
// knows where it stands, asks [Model.DayAt] which day a click is on.
//
// Weeks begin on Monday. What is to be known of a day its owner tells: a sign
// beside its number, and why it cannot be chosen. Such days are marked and can
// be reached, so that the reason can be read; the owner asks [Model.Why]
// before it takes one. The widget knows no clock: its owner says which day is
// today.
package calendar

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/theme"
)

// Day is what is to be known of a day.
type Day struct {
	Sign string // one cell beside the number, or ""
	Why  string // why it cannot be chosen, or ""
}

// KeyMap is what the calendar listens to.
type KeyMap struct {
	Left, Right, Up, Down key.Binding
	Earlier, Later        key.Binding // a month
	YearBack, YearOn      key.Binding
	Today                 key.Binding
	Monday, Friday        key.Binding // off a weekend
	Digits                key.Binding
}

// DefaultKeyMap returns the arrows and their like in vi, and the usual letters.
func DefaultKeyMap() KeyMap {
	bind := func(help, does string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
	}
	return KeyMap{
		Left:     bind("left", "a day back", "left", "h", "-"),
		Right:    bind("right", "a day on", "right", "l", "+"),
		Up:       bind("up", "a week back", "up", "k"),
		Down:     bind("down", "a week on", "down", "j"),
		Earlier:  bind("pgup", "a month back", "pgup"),
		Later:    bind("pgdn", "a month on", "pgdown"),
		YearBack: bind("{", "a year back", "{"),
		YearOn:   bind("}", "a year on", "}"),
		Today:    bind("t", "today", "t"),
		Monday:   bind("m", "next Monday", "m"),
		Friday:   bind("f", "Friday before", "f"),
		Digits:   bind("1-31", "that day of the month", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
	}
}

// Bindings returns the bindings for help.
func (k KeyMap) Bindings() []key.Binding {
	return []key.Binding{k.Left, k.Right, k.Up, k.Down, k.Earlier, k.Later, k.YearBack, k.YearOn, k.Today, k.Monday, k.Friday, k.Digits}
}

// Model is the calendar. It is a value; make it with [New].
type Model struct {
	KeyMap KeyMap

	theme   theme.Theme
	about   func(Date) Day
	today   Date
	day     Date
	first   int // the month on the left, counted as Date.months does
	typed   int // the day of the month that digits have spelled so far
	focused bool
	width   int
}

// New returns a calendar with the cursor on today. about tells what is to be
// known of a day; it is called for every day in view at every drawing.
func New(t theme.Theme, today Date, about func(Date) Day) Model {
	m := Model{KeyMap: DefaultKeyMap(), theme: t, about: about, today: today, width: pageWidth}
	m.first = today.months()
	m.Go(today)
	return m
}

// SetAbout replaces what is told of days.
func (m *Model) SetAbout(about func(Date) Day) { m.about = about }

// SetToday says which day it is.
func (m *Model) SetToday(d Date) { m.today = d }

// SetWidth sets the width in cells; two pages stand side by side where there
// is room for them.
func (m *Model) SetWidth(w int) {
	m.width = w
	m.follow()
}

// Focus lets the calendar take keys.
func (m *Model) Focus() { m.focused = true }

// Blur makes it ignore keys.
func (m *Model) Blur() { m.focused, m.typed = false, 0 }

// Focused reports whether the calendar takes keys.
func (m Model) Focused() bool { return m.focused }

// Go puts the cursor on a day and shows its month. Days before the year 1 and
// after 9999 are left out of account.
func (m *Model) Go(d Date) {
	if d.Year < 1 || d.Year > 9999 {
		return
	}
	m.day, m.typed = d, 0
	m.follow()
}

// Day returns the day under the cursor.
func (m Model) Day() Date { return m.day }

// Why returns why the day under the cursor cannot be chosen, or "".
func (m Model) Why() string { return m.about(m.day).Why }

// pages is how many months are in view.
func (m Model) pages() int {
	if m.width >= 2*pageWidth+gap {
		return 2
	}
	return 1
}

// follow brings the month of the cursor into view by turning as few pages as
// can be.
func (m *Model) follow() {
	at := m.day.months()
	m.first = min(max(m.first, at-m.pages()+1), at)
}

// Update moves the cursor while the calendar has the focus.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok || !m.focused {
		return m, nil
	}
	if key.Matches(press, m.KeyMap.Digits) {
		m.digit(int(press.Code - '0'))
		return m, nil
	}
	m.Go(m.target(press))
	return m, nil
}

// target returns the day that a key leads to.
func (m Model) target(press tea.KeyPressMsg) Date {
	for _, move := range []struct {
		key key.Binding
		to  func() Date
	}{
		{m.KeyMap.Left, func() Date { return m.day.AddDays(-1) }},
		{m.KeyMap.Right, func() Date { return m.day.AddDays(1) }},
		{m.KeyMap.Up, func() Date { return m.day.AddDays(-7) }},
		{m.KeyMap.Down, func() Date { return m.day.AddDays(7) }},
		{m.KeyMap.Earlier, func() Date { return m.day.AddMonths(-1) }},
		{m.KeyMap.Later, func() Date { return m.day.AddMonths(1) }},
		{m.KeyMap.YearBack, func() Date { return m.day.AddMonths(-12) }},
		{m.KeyMap.YearOn, func() Date { return m.day.AddMonths(12) }},
		{m.KeyMap.Today, func() Date { return m.today }},
		{m.KeyMap.Monday, m.Monday},
		{m.KeyMap.Friday, m.Friday},
	} {
		if key.Matches(press, move.key) {
			return move.to()
		}
	}
	return m.day
}

// Monday returns the next Monday after the day under the cursor.
func (m Model) Monday() Date { return m.day.AddDays(7 - m.day.sinceMonday()) }

// Friday returns the last Friday before the day under the cursor.
func (m Model) Friday() Date {
	const fridayIs = 4
	back := (m.day.sinceMonday() - fridayIs + 7) % 7
	if back == 0 {
		back = 7
	}
	return m.day.AddDays(-back)
}

// digit goes to the day of the month that is being spelled: "2" to the 2nd,
// "1" behind it to the 21st. A digit that spells no day begins anew.
func (m *Model) digit(n int) {
	spelled := 10*m.typed + n
	if spelled > m.day.days() {
		spelled = n
	}
	if spelled > 0 {
		m.Go(Date{m.day.Year, m.day.Month, spelled})
	}
	m.typed = spelled
}
