package tui

import (
	"cmp"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
	"github.com/pakdeck/pakdeck/tui/widget/toast"
)

// says is what is said above the keys, and how the last of it is taken back.
type says struct {
	toast toast.Model
	undo  tea.Cmd
}

// undoTime is how long a change can be taken back by one key.
const undoTime = 10 * time.Second

var levels = map[screen.Level]toast.Level{
	screen.Info: toast.Info, screen.OK: toast.OK, screen.Warning: toast.Warn, screen.Failure: toast.Fail,
}

func (s *says) update(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	s.toast, cmd = s.toast.Update(msg)
	if _, shown := s.toast.Current(); !shown {
		s.undo = nil // with all keys that it is about
	}
	return cmd
}

// undoable reports whether an undo is offered now.
func (s says) undoable() bool {
	_, shown := s.toast.Current()
	return shown && s.undo != nil
}

// say shows a message.
func (m *Model) say(msg screen.Say) tea.Cmd {
	t := toast.Toast{Level: levels[msg.Level], Text: msg.Text, At: m.env.Board.Now}
	if a, ok := m.env.Keymap.Action("app.undo"); ok && msg.Undo != nil && len(a.Keys) > 0 {
		t.Hint, t.Stay = a.Keys[0]+" "+a.Title, undoTime
	}
	m.says.undo = msg.Undo
	var cmd tea.Cmd
	m.says.toast, cmd = m.says.toast.Push(t)
	return cmd
}

// undo takes the last change back.
func (m *Model) undo() tea.Cmd {
	cmd := m.says.undo
	m.says.undo = nil
	m.says.toast = m.says.toast.Dismiss()
	return cmd
}

// failed tells what could not be done. What does not fit in the line is told
// in a dialog, and a conflict always is: it has to be understood before the
// change is tried again.
func (m *Model) failed(msg screen.Failed) tea.Cmd {
	reason := cmp.Or(m.busyWords(msg.Err), msg.Err.Error())
	words := msg.Doing + ": " + reason
	cmd := m.say(screen.Say{Level: screen.Failure, Text: words})
	conflict, ok := errors.AsType[*keystore.ConflictError](msg.Err)
	if !ok && text.Width(text.Safe(words)) <= m.area.W-10 {
		return cmd
	}
	lines := []confirm.Line{{Text: reason}}
	if ok {
		lines = append(lines, m.conflictLines(msg, conflict)...)
	}
	m.dialog = newNotice(m.env.Theme, msg.Doing+" failed", lines)
	return tea.Batch(m.ahead.shows(), cmd, m.reload())
}

// verified shows what a check of the journal found.
func (m *Model) verified(msg screen.Verified) tea.Cmd {
	r := msg.Report
	m.report = &r
	level := screen.OK
	if !r.Intact {
		level = screen.Failure
	}
	return tea.Batch(
		m.say(screen.Say{Level: level, Text: "journal: " + r.String()}),
		m.places.tell(msg),
	)
}
