package keys

import (
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// askReason opens the line for the reason of a revocation.
func (m *Model) askReason() tea.Cmd {
	return m.Ask(m.env.Theme, "Reason", "why revoke "+m.targets().named()+"?", "",
		field.WithLimit(keystore.MaxReason), field.WithPlaceholder("goes into the journal"))
}

// accept ends the line with what was typed, if it is right.
func (m *Model) accept() tea.Cmd {
	if !m.Search.Ask.Asking() {
		m.Accept()
		return nil
	}
	reason := m.Search.Ask.Value()
	if err := keystore.CheckReason(reason); err != nil {
		m.Search.Ask.SetError(err)
		return nil
	}
	m.Dismiss()
	return m.confirmRevoke(reason)
}
