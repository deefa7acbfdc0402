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
	m.table.Blur()
	return m.search.Ask.Open(m.env.Theme, m.split.Main.W, "Reason", "why revoke "+m.targets().named()+"?", "",
		field.WithLimit(keystore.MaxReason), field.WithPlaceholder("goes into the journal"))
}

// typed passes input to the line that is open. A filter works while it is
// typed.
func (m *Model) typed(msg tea.Msg) tea.Cmd {
	changed, cmd := m.search.Update(msg)
	if changed {
		m.rebuild()
		m.show()
	}
	return cmd
}

// accept ends the line with what was typed, if it is right.
func (m *Model) accept() tea.Cmd {
	if !m.search.Ask.Asking() {
		m.search.Accept()
		if !m.search.Editing() {
			m.table.Focus()
		}
		return nil
	}
	reason := m.search.Ask.Value()
	if err := keystore.CheckReason(reason); err != nil {
		m.search.Ask.SetError(err)
		return nil
	}
	m.dismiss()
	return m.confirmRevoke(reason)
}

// cancel ends the line and makes nothing of it.
func (m *Model) cancel() {
	if m.search.Editing() {
		m.search.Cancel()
		m.stale = true
	}
	m.dismiss()
}

func (m *Model) dismiss() {
	m.search.Ask.Close()
	m.table.Focus()
}
