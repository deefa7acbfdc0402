package keys

import (
	"runtime"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/clip"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// copy sends the id of the key, which is no secret, to the clipboard.
func (m *Model) copy() tea.Cmd {
	m.copying = m.current()
	return clip.New(m.env.Getenv, runtime.GOOS).Copy(string(m.copying))
}

// copied says what became of the copy, if it was asked for here: other
// screens copy too.
func (m *Model) copied(sent clip.Sent) tea.Cmd {
	id := m.copying
	if id == "" {
		return nil
	}
	m.copying = ""
	return screen.Tell(screen.Say{Text: "key id " + string(id) + ": " + sent.Way.String()})
}
