package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/screen"
)

// places is where the operator is and was. Screens are values, so a place
// that was left is simply kept as it was.
type places struct {
	stack []screen.Screen          // where the operator is; the last one is shown
	last  []screen.Screen          // the stack before the last move
	bases map[string]screen.Screen // the tabs as they were left
}

// deepest bounds the stack: two lists that lead to each other must not grow
// it for ever.
const deepest = 12

// forms are the places that are over when they are left: a saved edit or a
// key that was handed over is no view to come back to.
var forms = []string{screen.Wizard, screen.Edit, screen.Network, screen.User, screen.Created}

// top returns the screen that is shown, or nil before the first one.
func (p places) top() screen.Screen {
	if len(p.stack) == 0 {
		return nil
	}
	return p.stack[len(p.stack)-1]
}

// set replaces the screen that is shown.
func (p *places) set(s screen.Screen) {
	p.stack = slices.Clone(p.stack)
	p.stack[len(p.stack)-1] = s
}

// tell gives a message to the screen that is shown.
func (p *places) tell(msg tea.Msg) tea.Cmd {
	s := p.top()
	if s == nil {
		return nil
	}
	s, cmd := s.Update(msg)
	p.set(s)
	return cmd
}

// act lets the screen that is shown perform an action.
func (p *places) act(action string) tea.Cmd {
	s := p.top()
	if s == nil {
		return nil
	}
	s, cmd := s.Act(action)
	p.set(s)
	return cmd
}

// spread gives a message to all open screens.
func (p *places) spread(msg tea.Msg) []tea.Cmd {
	p.stack = slices.Clone(p.stack)
	cmds := make([]tea.Cmd, len(p.stack))
	for i, s := range p.stack {
		p.stack[i], cmds[i] = s.Update(msg)
	}
	return cmds
}

// keep remembers where the operator was. Forms are over when they are left.
func (p *places) keep() {
	s := p.top()
	if s == nil {
		return
	}
	if p.bases == nil {
		p.bases = map[string]screen.Screen{}
	}
	p.bases[p.stack[0].Scope()] = p.stack[0]
	if !slices.Contains(forms, s.Scope()) {
		p.last = p.stack
	}
}

// push shows s above the present screen.
func (p *places) push(s screen.Screen) {
	p.keep()
	to := append(slices.Clone(p.stack), s)
	if len(to) > deepest {
		to = slices.Delete(to, 1, 2)
	}
	p.stack = to
}

// move makes another stack the one that is shown. Screens that are left give
// up their secrets.
func (p *places) move(to []screen.Screen) {
	p.keep()
	for i, s := range p.stack {
		f, ok := s.(screen.Forgetter)
		if stays := i < len(to) && to[i].Scope() == s.Scope(); ok && !stays {
			f.Forget()
		}
	}
	p.stack = to
}

// pop leaves the present screen.
func (p *places) pop() { p.move(slices.Clone(p.stack[:len(p.stack)-1])) }

// unsaved says what would be lost by leaving all open screens, or "".
func (p places) unsaved() string {
	for _, s := range slices.Backward(p.stack) {
		if lost := s.Unsaved(); lost != "" {
			return lost
		}
	}
	return ""
}

// titles names the open screens from the tab up: "Users", "Keys of build-bot".
func (p places) titles() []string {
	var titles []string
	for _, s := range p.stack {
		titles = append(titles, strings.Split(s.Title(), " > ")...)
	}
	return titles
}
