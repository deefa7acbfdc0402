package lifetime

import (
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/screen/form"
)

// rows are what problems call the stops.
var rows = map[stop]string{typing: form.Expiry, beginning: form.NotBefore, rotating: form.Rotate, warning: form.Warn}

// Move takes the focus that many stops further, round the ends.
func (m *Model) Move(by int) tea.Cmd {
	m.due[m.at] = true
	if m.at == paging {
		m.due[typing] = true
	}
	n := int(stops)
	if !m.config.Begin {
		n = int(beginning)
	}
	return m.focus(stop(((int(m.at)+by)%n + n) % n))
}

func (m *Model) focus(to stop) (cmd tea.Cmd) {
	m.strayed = false
	m.fields[m.at].Blur()
	m.cal.Blur()
	m.at = to
	if to == paging {
		m.cal.Focus()
	} else {
		cmd = m.fields[to].Focus()
	}
	m.settle()
	return cmd
}

// Focus puts the focus on the line of text.
func (m *Model) Focus() tea.Cmd { return m.focus(typing) }

// Turn puts the focus on the calendar.
func (m *Model) Turn() { m.focus(paging) }

// Turning reports whether the calendar has the focus.
func (m Model) Turning() bool { return m.at == paging }

// Problems adds what the picker itself finds wrong to a form's problems.
func (m Model) Problems(out map[string]string) {
	if _, err := m.Expires(); err != nil && out[form.Expiry] == "" {
		out[form.Expiry] = err.Error()
	}
	if _, _, err := m.NotBefore(); err != nil && out[form.NotBefore] == "" {
		out[form.NotBefore] = err.Error()
	}
	if _, err := m.Rotate(); err != nil && out[form.Rotate] == "" {
		out[form.Rotate] = err.Error()
	}
	if _, err := m.Warn(); err != nil && out[form.Warn] == "" {
		out[form.Warn] = err.Error()
	}
}

// Judge tells what is wrong, by the rows of a form. It shows once the focus
// has left what it is about.
func (m *Model) Judge(problems map[string]string) {
	for s, row := range rows {
		told := ""
		if m.due[s] {
			told = problems[row]
		}
		m.fields[s].SetError(told)
	}
	m.arrange()
}

// Submit tells all problems and puts the focus on the first. It reports
// whether there is none. On a day that cannot be taken, whose reason is in
// view, it stays.
func (m *Model) Submit(problems map[string]string) (bool, tea.Cmd) {
	if m.strayed {
		return false, nil
	}
	first := stops
	for _, s := range []stop{typing, beginning, rotating, warning} {
		m.due[s] = true
		if problems[rows[s]] != "" && first == stops {
			first = s
		}
	}
	m.Judge(problems)
	if first == stops {
		return true, nil
	}
	return false, m.focus(first)
}
