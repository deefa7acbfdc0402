package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/config"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/overlay"
	"github.com/pakdeck/pakdeck/tui/widget/pick"
)

// picker is a dialog in which any number of things can be ticked.
type picker struct {
	theme theme.Theme
	title string
	list  pick.Model
	then  func([]string) tea.Cmd
}

// pick opens the list of a screen.
func (m *Model) pick(msg screen.Pick) tea.Cmd {
	cmd := msg.List.Focus()
	m.dialog = picker{m.env.Theme, msg.Title, msg.List, msg.Then}
	return cmd
}

func (p picker) update(msg tea.Msg) (dialog, func(*Model) tea.Cmd, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok {
		switch press.String() {
		case "esc", "ctrl+c":
			return nil, nil, nil
		case "enter":
			return nil, func(*Model) tea.Cmd { return p.then(p.list.Ticked()) }, nil
		}
	}
	var cmd tea.Cmd
	p.list, cmd = p.list.Update(msg)
	return p, nil, cmd
}

// pickerRows is how many things a picker shows at once where there is room.
const pickerRows = 16

func (p picker) view(w, h int) (string, *tea.Cursor) {
	w = min(w-4, widest)
	p.list.SetSize(overlay.Inner(w), max(2, min(p.list.Len()+1, pickerRows, h-6)))
	lines := append(strings.Split(p.list.View(), "\n"), "", p.theme.Hint.Render("space ticks, enter accepts, esc changes nothing"))
	return overlay.Box(p.theme, p.title, lines, w), layout.Move(p.list.Cursor(), 2, 1)
}

func (p picker) hints() []keymap.Hint {
	k := p.list.KeyMap
	return append([]keymap.Hint{{Key: "enter", Text: "accept"}, {Key: "esc", Text: "cancel"}, {Key: "up/down", Text: "move"}},
		lineHints(keymap.BindingSection("", k.Toggle, k.Clear))...)
}

// remember keeps how lists are shown, here and in the file for it.
func (m *Model) remember(v config.View) tea.Cmd {
	m.env.View = v
	cmd := m.places.tell(screen.Remember{View: v})
	if save := m.opts.SaveView; save != nil {
		cmd = tea.Batch(cmd, func() tea.Msg {
			if err := save(v); err != nil {
				return screen.Failed{Doing: "remembering how the list is shown", Err: err}
			}
			return nil
		})
	}
	return cmd
}
