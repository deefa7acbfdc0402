package edit

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/screen/form/lifetime"
)

// dates is the calendar on which the expiry is chosen, in place of the form
// while it is open.
type dates struct {
	open  bool
	alone bool // the operator came for it: it is left with the screen
	span  lifetime.Model
}

// openDates shows the calendar with what the form has for the expiry.
func (m *Model) openDates() {
	v := lifetime.Value{Expires: m.form.Value(form.Expiry)}
	switch {
	case m.typed(form.Expiry):
	case m.before.Expires.IsZero():
		v.Expires = "never"
	case m.before.Expires.Second() == 0:
		v = lifetime.Value{Expires: m.before.Expires.Format("2006-01-02"), Clock: m.before.Expires.Format("15:04"), Zone: "UTC"}
	}
	m.dates = dates{open: true, span: lifetime.New(m.env.Theme, m.spanConfig(), v)}
}

func (m Model) spanConfig() lifetime.Config {
	c := lifetime.ConfigFor(m.env, m.before.ID, m.before.Created)
	if warn, err := form.Warning(m.form.Value(form.Warn)); err == nil && warn > 0 {
		c.Warn = warn
	}
	return c
}

// inDates performs an action while the calendar is open.
func (m *Model) inDates(action string) tea.Cmd {
	switch action {
	case nextID:
		return m.dates.span.Move(1)
	case previousID:
		return m.dates.span.Move(-1)
	case acceptID:
		return m.takeDate()
	}
	return nil
}

// takeDate puts what was chosen into the form. Who came for that alone is
// asked at once whether it shall be saved.
func (m *Model) takeDate() tea.Cmd {
	ok, cmd := m.dates.span.Submit(m.dateProblems())
	if !ok {
		return cmd
	}
	e, _ := m.dates.span.Expires()
	v := m.dates.span.Value()
	value := strings.TrimSpace(v.Expires)
	if v.Clock != "" || v.Zone != "" {
		value = clock(e.At)
	}
	if e.At.Equal(m.before.Expires) {
		value = clock(m.before.Expires)
	}
	alone := m.dates.alone
	m.dates.open, m.dates.alone = false, false
	if text, ok := m.form.Item(form.Expiry).(form.Text); ok {
		m.form = m.form.Set(form.Expiry, text.With(value))
	}
	cmd = m.form.Focus(form.Expiry)
	if alone {
		return tea.Batch(cmd, m.accept())
	}
	return cmd
}

// dateProblems says what is wrong on the calendar.
func (m Model) dateProblems() map[string]string {
	out := map[string]string{}
	m.dates.span.Problems(out)
	if e, err := m.dates.span.Expires(); err == nil && !e.At.Equal(m.before.Expires) {
		if why := m.env.Board.Policy.CheckExpiry(e.At, m.before.Created); why != "" {
			out[form.Expiry] = "policy: " + why
		}
	}
	return out
}

// Close implements [screen.Closer]: esc goes from the calendar to the form.
func (m Model) Close() (screen.Screen, bool) {
	if !m.dates.open || m.dates.alone {
		return m, false
	}
	m.dates.open = false
	m.refresh()
	return m, true
}
