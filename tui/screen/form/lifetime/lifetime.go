// Package lifetime is where an operator says when a key ends, and from when it
// works: in words, by a preset, or on a calendar.
//
// The line of text is what counts; presets and the calendar write into it.
// Beside it stand the time of day and the time zone, which hold for whatever
// in the line names a day without a time. What the line means is told while it
// is typed: the instant with its weekday, how far away it is, what clocks at
// the operator's show then, how many keys end on that day.
//
// Days that have passed and days that the policy forbids are shown as such and
// cannot be taken; the reason is told where the cursor is. Nothing is saved
// here: the owner reads [Model.Expires] and [Model.NotBefore], finds out what
// is wrong with them and hands that to [Model.Judge].
package lifetime

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/calendar"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// Value is what is filled in.
type Value struct {
	Expires   string // "90d", "2027-02-21", "never"
	Clock     string // "09:00"; empty is that
	Zone      string // "UTC", "local", "Europe/Berlin"; empty is the zone in which times are shown
	NotBefore string // empty is at once
	Rotate    string // how old a secret may grow; empty is as the policy says
	Warn      string // how long before its end the key is expiring; likewise
}

// Config is what the owner knows.
type Config struct {
	Now   time.Time
	Zone  *time.Location // in which times are shown; nil is UTC
	Local *time.Location // the operator's own; nil is UTC
	// Limit says in a few words why the policy forbids an end (zero: never),
	// or "".
	Limit  func(at time.Time) string
	Policy string        // what the policy says of the days that it allows
	Warn   time.Duration // how long before its end a key is shown as expiring
	// Ends counts the other keys by the day on which they end in a zone.
	Ends func(*time.Location) map[expiry.Date]int
	// Begin asks from when the key works, too, how often it is to be rotated, and
	// how early to warn of its end.
	Begin bool
	// Interval tells what an interval means: "every 90d".
	Interval func(time.Duration) string
	// Warning tells what a warning time means.
	Warning func(time.Duration) string
}

// stop is a place that the focus goes to.
type stop uint8

const (
	typing stop = iota
	paging
	clocking
	zoning
	beginning
	rotating
	warning
	stops
)

// Model is the picker. It is a value; make it with [New].
type Model struct {
	theme   theme.Theme
	config  Config
	keys    keyMap
	fields  [stops]field.Model // without one for paging
	due     [stops]bool        // what is wrong may be told
	at      stop
	loc     *time.Location // that the zone names
	ends    map[expiry.Date]int
	presets []expiry.Preset
	limits  []string // why a preset is not allowed
	cal     calendar.Model
	strayed bool // on the calendar, to a day that cannot be taken
	w, h    int
	offset  int // of the left part
}

type keyMap struct{ up, down key.Binding }

func defaultKeys() keyMap {
	return keyMap{
		up:   key.NewBinding(key.WithKeys("up", "ctrl+p"), key.WithHelp("up", "shorter preset, other zone")),
		down: key.NewBinding(key.WithKeys("down", "ctrl+n"), key.WithHelp("down", "longer preset, other zone")),
	}
}

const defaultClock = "09:00"

// New returns the picker with a value in it and the focus on the line of text.
func New(t theme.Theme, c Config, v Value) Model {
	m := Model{theme: t, config: c, keys: defaultKeys(), w: 80, h: 16}
	line := func(label string, width int, options ...field.Option) field.Model {
		return field.New(t, label, append(options, field.WithInline(), field.WithLabelWidth(width))...)
	}
	m.fields[typing] = line("Ends", labelWidth, field.WithPlaceholder("90d, eom, next fri, a date, never"))
	m.fields[clocking] = line("Time", labelWidth, field.WithPlaceholder(defaultClock))
	m.fields[zoning] = line("Zone", labelWidth, field.WithPlaceholder("UTC, local, Europe/Berlin"))
	m.fields[beginning] = line("Begins", labelWidth, field.WithPlaceholder("at once"))
	m.fields[rotating] = line("Rotate", labelWidth, field.WithPlaceholder("as the policy says"))
	m.fields[warning] = line("Warn", labelWidth, field.WithPlaceholder("as the policy says"))
	m.fields[typing].SetValue(v.Expires)
	m.fields[clocking].SetValue(orElse(v.Clock, defaultClock))
	m.fields[zoning].SetValue(orElse(v.Zone, m.zoneShown()))
	m.fields[beginning].SetValue(v.NotBefore)
	m.fields[rotating].SetValue(v.Rotate)
	m.fields[warning].SetValue(v.Warn)
	m.cal = calendar.New(t, calendar.Date(expiry.DateOf(c.Now, c.Zone)), judge{config: c}.day)
	m.fields[typing].Focus()
	m.settle()
	return m
}

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// zoneShown is what stands for the zone in which times are shown.
func (m Model) zoneShown() string {
	if m.config.Local != nil && m.config.Zone == m.config.Local {
		return local
	}
	return orUTC(m.config.Zone).String()
}

// Value returns what is filled in.
func (m Model) Value() Value {
	v := Value{
		Expires: m.fields[typing].Value(), NotBefore: m.fields[beginning].Value(),
		Clock: m.fields[clocking].Value(), Zone: m.fields[zoning].Value(),
		Rotate: m.fields[rotating].Value(), Warn: m.fields[warning].Value(),
	}
	if v.Clock == defaultClock {
		v.Clock = ""
	}
	if v.Zone == m.zoneShown() {
		v.Zone = ""
	}
	return v
}

// Refresh tells the picker what changed around it: the time, and other keys if
// keys says so.
func (m *Model) Refresh(c Config, keys bool) {
	m.config = c
	if keys {
		m.ends = nil
	}
	m.settle()
}

// Longest fills in the longest preset that is allowed and at most as long as
// the one with the given text; if none is, that text.
func (m *Model) Longest(input string) {
	found := input
	for i, p := range m.presets {
		if m.limits[i] == "" {
			found = p.Input
		}
		if p.Input == input {
			break
		}
	}
	m.fields[typing].SetValue(found)
	m.settle()
}

// settle makes everything that depends on the fields fit them.
func (m *Model) settle() {
	loc, err := m.zone()
	if err != nil {
		loc = orUTC(m.config.Zone)
	}
	if m.ends == nil || loc.String() != m.loc.String() {
		m.loc, m.ends = loc, m.config.Ends(loc)
	}
	m.presets = expiry.Presets(m.config.Now, m.loc)
	m.limits = nil
	for _, p := range m.presets {
		m.limits = append(m.limits, m.config.Limit(p.At))
	}
	m.cal.SetToday(calendar.Date(expiry.DateOf(m.config.Now, m.loc)))
	m.cal.SetAbout(m.judge().day)
	if e, err := m.Expires(); err == nil && !e.Never() && m.at != paging {
		m.cal.Go(calendar.Date(expiry.DateOf(e.At, m.loc)))
	}
	m.arrange()
}

// Typing reports whether plain characters belong to the picker: letters move
// in the calendar, too.
func (m Model) Typing() bool { return true }

// Bindings returns the keys of what has the focus.
func (m Model) Bindings() []key.Binding {
	switch m.at {
	case paging:
		return m.cal.KeyMap.Bindings()
	case typing, zoning:
		return []key.Binding{m.keys.down, m.keys.up}
	}
	return nil
}

// Update gives input to what has the focus.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	if click, ok := msg.(tea.MouseClickMsg); ok {
		m.click(click.X, click.Y)
		return m, nil
	}
	press, pressed := msg.(tea.KeyPressMsg)
	switch {
	case m.at == paging:
		m.page(msg)
		return m, nil
	case pressed && key.Matches(press, m.keys.up) && m.step(-1), pressed && key.Matches(press, m.keys.down) && m.step(1):
		m.settle()
		return m, nil
	}
	before := m.fields[m.at].Value()
	var cmd tea.Cmd
	m.fields[m.at], cmd = m.fields[m.at].Update(msg)
	if m.fields[m.at].Value() != before {
		m.due[m.at] = false
		m.settle()
	}
	m.arrange()
	return m, cmd
}

// page moves in the calendar and takes the day that it comes to, if that can
// be taken.
func (m *Model) page(msg tea.Msg) {
	before := m.cal.Day()
	m.cal, _ = m.cal.Update(msg)
	if m.cal.Day() != before {
		m.takeDay()
	}
}

// takeDay takes the day under the cursor of the calendar, if that can be taken.
func (m *Model) takeDay() {
	if m.strayed = m.cal.Why() != ""; m.strayed {
		return
	}
	m.fields[typing].SetValue(expiry.Date(m.cal.Day()).String())
	m.due[typing] = false
	m.settle()
}

// step goes to the next preset that is allowed, or to the other zone.
func (m *Model) step(by int) bool {
	switch m.at {
	case zoning:
		other := local
		if strings.EqualFold(m.fields[zoning].Value(), local) {
			other = "UTC"
		}
		m.fields[zoning].SetValue(other)
		return true
	case typing:
		m.preset(by)
		return true
	}
	return false
}

func (m *Model) preset(by int) {
	i := m.chosen()
	if i < 0 && by < 0 {
		i = len(m.presets)
	}
	for i += by; i >= 0 && i < len(m.presets); i += by {
		if m.limits[i] == "" {
			m.fields[typing].SetValue(m.presets[i].Input)
			m.due[typing] = false
			return
		}
	}
}

// chosen returns the preset whose text was typed, or -1.
func (m Model) chosen() int {
	for i, p := range m.presets {
		if strings.EqualFold(p.Input, strings.TrimSpace(m.fields[typing].Value())) {
			return i
		}
	}
	return -1
}
