package tui

import (
	"errors"
	"os/exec"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/config"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
)

// ErrIdle is what [Run] returns when it ended because nobody typed.
var ErrIdle = errors.New("nobody typed")

// idle is how long nobody typed. Keys, pastes and clicks are somebody; that the
// mouse moves is not, because a cat or a nudged table does it.
//
// Time is counted in ticks rather than read from a clock: [Model.Update] has
// none, and a machine that slept was not idle meanwhile.
type idle struct {
	limits config.Idle
	quiet  time.Duration // nobody typed for so long, to the tick
	locked bool
	left   bool // the dashboard ends because of it
	asking bool // the command that unlocks is running
}

// idleTick is how often it is looked whether anybody typed: a thirtieth of the
// shorter limit, so that neither is exceeded by more than that.
func (i idle) idleTick() time.Duration {
	d := i.limits.Lock
	if d == 0 || i.limits.Exit > 0 && i.limits.Exit < d {
		d = i.limits.Exit
	}
	return d / 30
}

type (
	idleMsg     struct{}
	unlockedMsg struct{ err error }
)

// watch returns the command that counts the time, or nil if there are no
// limits.
func (i idle) watch() tea.Cmd {
	if i.idleTick() <= 0 {
		return nil
	}
	return tea.Tick(i.idleTick(), func(time.Time) tea.Msg { return idleMsg{} })
}

// somebody notes that a message comes from the operator.
func (i *idle) somebody(msg tea.Msg) {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseClickMsg, tea.MouseWheelMsg:
		i.quiet = 0
	}
}

// idles counts on, and locks or leaves when it is time.
func (m *Model) idles() tea.Cmd {
	m.idle.quiet += m.idle.idleTick()
	switch l := m.idle.limits; {
	case l.Exit > 0 && m.idle.quiet >= l.Exit && len(m.works) == 0:
		m.idle.left = true
		return tea.Quit
	case l.Lock > 0 && m.idle.quiet >= l.Lock && !m.idle.locked:
		return tea.Batch(m.lock(), m.idle.watch())
	}
	return m.idle.watch()
}

// lock hides the screen. What shows a secret hides it by itself when the
// terminal loses the focus, so that is what the screens are told.
func (m *Model) lock() tea.Cmd {
	m.idle.locked, m.ahead.kept = true, nil
	return tea.Batch(m.places.tell(tea.BlurMsg{}), m.tick())
}

// unlock takes a key while the screen is hidden.
func (m *Model) unlock(msg tea.KeyPressMsg) tea.Cmd {
	switch command := m.idle.limits.Unlock; {
	case msg.String() == "ctrl+c":
		return m.quitUnseen()
	case msg.String() != "enter" || m.idle.asking:
		return nil
	case len(command) > 0:
		m.idle.asking = true
		return lend(exec.CommandContext(m.ctx, command[0], command[1:]...), func(err error) tea.Msg { return unlockedMsg{err} })
	}
	return m.unlocked(nil)
}

// quitUnseen leaves without showing anything, unless work would be lost by it.
func (m *Model) quitUnseen() tea.Cmd {
	if m.unfinished() != "" {
		return nil
	}
	return tea.Quit
}

// unlocked shows the screen again, if the command that was asked agrees.
func (m *Model) unlocked(err error) tea.Cmd {
	m.idle.asking, m.idle.quiet = false, 0
	if err != nil {
		return m.say(screen.Say{Level: screen.Failure, Text: "unlocking: " + m.idle.limits.Unlock[0] + ": " + err.Error()})
	}
	m.idle.locked = false
	return tea.Batch(m.places.tell(tea.FocusMsg{}), m.reload())
}

// curtain is what is shown instead of everything.
func (m Model) curtain() []string {
	how := "enter shows it again, ctrl+c leaves"
	if len(m.idle.limits.Unlock) > 0 {
		how = "enter asks " + m.idle.limits.Unlock[0] + " to show it again, ctrl+c leaves"
	}
	if lost := m.unfinished(); lost != "" {
		how += "\nnot finished: " + lost
	}
	lines := []string{"", " " + m.env.Theme.Title.Render("pakdeck is locked"), ""}
	for _, l := range strings.Split(how, "\n") {
		lines = append(lines, " "+m.env.Theme.Hint.Render(text.Truncate(text.Safe(l), max(0, m.area.W-2))))
	}
	return append(lines, "", m.says.toast.Line(m.area.W))
}
