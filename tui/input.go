package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/widget/prompt"
)

// press takes a key: for the dialog, the command line, what is on its way, an
// action or the screen, in this order.
func (m *Model) press(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.blind() && msg.String() == "ctrl+c":
		return m.quitUnseen()
	case m.blind(), m.tooSoon(msg):
		return nil
	case m.dialog != nil:
		return m.tellDialog(msg)
	case m.line.State() == prompt.Editing:
		return m.editLine(msg)
	case m.keeps(msg):
		return nil
	}
	s := m.places.top()
	if s == nil || !s.Typing() || msg.Text == "" {
		if a, ok := m.keymap().Match(m.scope(), msg); ok {
			return m.do(a)
		}
	}
	return m.places.tell(msg)
}

// blind reports whether the terminal is too small to show anything. What is typed
// is lost then: nobody would see what it does.
func (m *Model) blind() bool { return m.area.W > 0 && m.area.TooSmall() }

func (m *Model) paste(msg tea.PasteMsg) tea.Cmd {
	switch {
	case m.idle.locked, m.blind(), m.tooSoon(msg):
		return nil
	case m.dialog != nil:
		return m.tellDialog(msg)
	case m.line.State() == prompt.Editing:
		return m.editLine(msg)
	case m.holds():
		m.ahead.keep(msg)
		return nil
	}
	return m.places.tell(msg)
}

// point passes the mouse on to the screen, which counts from its own corner.
func (m *Model) point(msg tea.MouseMsg) tea.Cmd {
	at := msg.Mouse()
	if !m.mouse || m.idle.locked || m.dialog != nil || !m.area.Body.Contains(at.X, at.Y) {
		return nil
	}
	at.Y -= m.area.Body.Y
	switch msg.(type) {
	case tea.MouseClickMsg:
		return m.places.tell(tea.MouseClickMsg(at))
	case tea.MouseWheelMsg:
		return m.places.tell(tea.MouseWheelMsg(at))
	}
	return nil
}

// scope is whose keys work now.
func (m Model) scope() string {
	if s := m.places.top(); s != nil {
		return s.Scope()
	}
	return ""
}

// keymap returns the keymap that knows why an action cannot be done now.
func (m *Model) keymap() keymap.Keymap { return m.env.Keymap.With(m.why) }

// why says why an action cannot be done now, or "".
func (m *Model) why(a keymap.Action) string {
	if reason, ours := m.ownWhy(a.ID); ours {
		return reason
	}
	if s := m.places.top(); s != nil {
		return s.Why(a)
	}
	return ""
}

// ownWhy is why for the root's own actions.
func (m *Model) ownWhy(id string) (reason string, ours bool) {
	switch id {
	case "app.undo":
		if !m.says.undoable() {
			reason = "there is nothing to undo"
		}
	case "app.back":
		if !m.canGoBack() {
			reason = "this is the first view; q quits"
		}
	case "app.last":
		if len(m.places.last) == 0 {
			reason = "there was no other view yet"
		}
	case "app.demo":
		if m.opts.OpenDemo == nil {
			reason = "there is no demonstration here"
		}
	}
	return reason, isRoots(id)
}

// isRoots reports whether an action is the root's own.
func isRoots(id string) bool { return strings.HasPrefix(id, "app.") || strings.HasPrefix(id, "tab.") }

// canGoBack reports whether esc does anything. Only a screen knows what of its
// own it can close, so it is tried on a copy.
func (m *Model) canGoBack() bool {
	if len(m.places.stack) > 1 || m.stoppable() != nil {
		return true
	}
	c, ok := m.places.top().(screen.Closer)
	if !ok {
		return false
	}
	_, closed := c.Close()
	return closed
}

// do performs an action, or says why it cannot be done.
func (m *Model) do(a keymap.Action) tea.Cmd {
	if !a.Enabled() {
		return m.say(screen.Say{Level: screen.Info, Text: a.Title + ": " + a.Disabled})
	}
	if perform, ours := rootActions[a.ID]; ours {
		return perform(m)
	}
	if a.Dangerous && m.ahead.giving {
		return m.say(screen.Say{Level: screen.Warning, Text: a.Title + ": was typed before this was shown; press it again"})
	}
	return m.ahead.wait(m.places.act(a.ID))
}
