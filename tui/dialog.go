package tui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/widget/help"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/overlay"
)

// dialog is a box over the screen that has all keys until it is closed.
type dialog interface {
	// update takes a message. It returns nil for the dialog once it is closed;
	// what is then to be done by the root is told by after.
	update(msg tea.Msg) (next dialog, after func(*Model) tea.Cmd, cmd tea.Cmd)
	// view draws the box on a terminal of w by h cells.
	view(w, h int) (box string, cursor *tea.Cursor)
	// hints are its keys, for the last line.
	hints() []keymap.Hint
}

// widest is the width of a dialog where there is room for it.
const widest = 76

// above draws the dialog over the view.
func (m Model) above(view string, cursor *tea.Cursor) (string, *tea.Cursor) {
	if m.dialog == nil {
		return view, cursor
	}
	box, cursor := m.dialog.view(m.area.W, m.area.H)
	view, at := overlay.Place(m.env.Theme, view, box, m.area.W, m.area.H)
	return view, layout.Move(cursor, at.X, at.Y)
}

func (m *Model) tellDialog(msg tea.Msg) tea.Cmd {
	next, after, cmd := m.dialog.update(msg)
	m.dialog = next
	if after == nil {
		return cmd
	}
	return tea.Batch(cmd, after(m))
}

// question is a dialog that asks before something is done.
type question struct {
	confirm confirm.Model
	then    func(*Model) tea.Cmd
	other   func(*Model) tea.Cmd // of the third button, if it has one
}

func (q question) update(msg tea.Msg) (dialog, func(*Model) tea.Cmd, tea.Cmd) {
	var cmd tea.Cmd
	q.confirm, cmd = q.confirm.Update(msg)
	switch q.confirm.Answer() {
	case confirm.Yes:
		return nil, q.then, cmd
	case confirm.Other:
		return nil, q.other, cmd
	case confirm.No:
		return nil, nil, cmd
	}
	return q, nil, cmd
}

func (q question) view(w, _ int) (string, *tea.Cursor) {
	q.confirm.SetWidth(min(w-4, widest))
	return q.confirm.View(), q.confirm.Cursor()
}

func (q question) hints() []keymap.Hint {
	k, asks := q.confirm.KeyMap, q.confirm.Question()
	section := keymap.BindingSection("", k.Accept, k.Cancel, k.Switch)
	if asks.Name == "" && asks.Count == 0 {
		section.Lines = append(section.Lines, keymap.BindingSection("", k.Yes, k.No).Lines...)
	}
	return lineHints(section)
}

// ask opens the confirmation of a screen.
func (m *Model) ask(msg screen.Ask) tea.Cmd {
	m.dialog = question{
		confirm: msg.Dialog,
		then:    func(*Model) tea.Cmd { return msg.Then() },
		other:   func(*Model) tea.Cmd { return msg.Other() },
	}
	return tea.Batch(m.ahead.shows(), msg.Dialog.Init())
}

// askToLose asks before unsaved work is dropped.
func (m *Model) askToLose(verb, lost string, then func(*Model) tea.Cmd) tea.Cmd {
	d := confirm.New(m.env.Theme, confirm.Question{
		Title: verb + "?", Verb: "lose it",
		Lines: []confirm.Line{{Text: "This would be lost: " + lost, Tone: theme.Warn}},
	})
	m.dialog = question{confirm: d, then: then}
	return tea.Batch(m.ahead.shows(), d.Init())
}

// sheet is a dialog to read.
type sheet struct{ help.Model }

func (s sheet) update(msg tea.Msg) (dialog, func(*Model) tea.Cmd, tea.Cmd) {
	var cmd tea.Cmd
	s.Model, cmd = s.Model.Update(msg)
	if s.Closed() {
		return nil, nil, cmd
	}
	return s, nil, cmd
}

func (s sheet) view(w, h int) (string, *tea.Cursor) {
	s.SetSize(min(w-4, 2*widest), h-2)
	return s.View(), s.Cursor()
}

func (s sheet) hints() []keymap.Hint {
	return lineHints(keymap.BindingSection("", s.KeyMap.Close, s.KeyMap.Down, s.KeyMap.Up, s.KeyMap.PageDown, s.KeyMap.PageUp))
}

// showHelp lists the keys that work now.
func (m *Model) showHelp() tea.Cmd {
	s := m.places.top()
	if s == nil {
		return nil
	}
	sections := m.keymap().Help(s.Scope())
	if h, ok := s.(screen.Helper); ok {
		sections = slices.Insert(sections, min(1, len(sections)), h.Help()...)
	}
	title := "Keys that work here"
	if m.opts.Version != "" {
		title += "  pakdeck " + m.opts.Version
	}
	m.dialog = sheet{help.New(m.env.Theme, title, sections...)}
	return nil
}

// notice is a dialog that tells something and waits until it was read.
type notice struct {
	theme theme.Theme
	title string
	body  facts.Model
	lines []confirm.Line
}

func newNotice(t theme.Theme, title string, lines []confirm.Line) notice {
	n := notice{theme: t, title: title, body: facts.New(t), lines: lines}
	var list []facts.Fact
	for _, l := range lines {
		list = append(list, facts.Fact{Text: l.Text, Tone: l.Tone})
	}
	n.body.SetFacts(list)
	return n
}

func (n notice) update(msg tea.Msg) (dialog, func(*Model) tea.Cmd, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok && slices.Contains([]string{"esc", "enter", "q", "ctrl+c", "space"}, press.String()) {
		return nil, nil, nil
	}
	n.body, _ = n.body.Update(msg)
	return n, nil, nil
}

func (n notice) view(w, h int) (string, *tea.Cursor) {
	w = min(w-4, widest)
	inner := overlay.Inner(w)
	rows := 0
	for _, l := range n.lines {
		rows += len(text.Wrap(l.Text, inner))
	}
	n.body.SetSize(inner, min(rows, h-6))
	lines := append(n.body.Lines(), "", n.theme.Hint.Render("enter closes"))
	return overlay.Box(n.theme, n.title, lines, w), n.theme.Caret(2, 1)
}

func (n notice) hints() []keymap.Hint { return []keymap.Hint{{Key: "enter", Text: "close"}} }

// showMessages lists what was said in this session, newest first.
func (m *Model) showMessages() tea.Cmd {
	var section keymap.Section
	for _, t := range slices.Backward(m.says.toast.Log()) {
		at := "at start" // nobody had told the time
		if !t.At.IsZero() {
			at = t.At.In(m.env.Zone).Format(time.TimeOnly)
		}
		section.Lines = append(section.Lines, keymap.Line{Keys: at, Text: text.Safe(t.Level.String() + "  " + t.Text)})
	}
	if len(section.Lines) == 0 {
		return m.say(screen.Say{Text: "nothing was said yet"})
	}
	var lines []confirm.Line
	for _, l := range section.Lines {
		lines = append(lines, confirm.Line{Text: l.Keys + "  " + l.Text})
	}
	m.dialog = newNotice(m.env.Theme, "Messages", lines)
	return nil
}
