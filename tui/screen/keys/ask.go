package keys

import (
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// askFilter opens the line for a filter.
func (m *Model) askFilter() tea.Cmd {
	m.table.Blur()
	return m.search.Open(m.env.Theme, m.split.Main.W, complete(m.env.Board))
}

// askReason opens the line for the reason of a revocation.
func (m *Model) askReason() tea.Cmd {
	m.asking = true
	m.reason = field.New(m.env.Theme, "why revoke "+named(m.targets())+"?", field.WithInline(), field.WithLimit(keystore.MaxReason),
		field.WithPlaceholder("goes into the journal"))
	m.table.Blur()
	m.arrange()
	return m.reason.Focus()
}

// typed passes input to the line that is open. A filter works while it is
// typed.
func (m *Model) typed(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	if m.asking {
		m.reason, cmd = m.reason.Update(msg)
		return cmd
	}
	before := m.search.Text()
	m.search, cmd = m.search.Update(msg)
	if m.search.Text() != before {
		m.rebuild()
		m.show()
	}
	return cmd
}

// accept ends the line with what was typed, if it is right.
func (m *Model) accept() tea.Cmd {
	if !m.asking {
		m.search.Accept()
		if !m.search.Editing() {
			m.table.Focus()
		}
		return nil
	}
	reason := m.reason.Value()
	if err := keystore.CheckReason(reason); err != nil {
		m.reason.SetError(err.Error())
		return nil
	}
	m.dismiss()
	return m.confirmRevoke(reason)
}

// cancel ends the line and makes nothing of it.
func (m *Model) cancel() {
	if !m.asking {
		m.search.Cancel()
		m.stale = true
	}
	m.dismiss()
}

func (m *Model) dismiss() {
	m.asking = false
	m.reason.Blur()
	m.table.Focus()
}
