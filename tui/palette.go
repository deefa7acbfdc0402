package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/prompt"
)

// openLine opens the command line.
func (m *Model) openLine() tea.Cmd {
	history := m.line.History()
	m.line = prompt.New(m.env.Theme, ":", completion(m.commands()))
	m.line.SetHistory(history)
	m.line.SetWidth(max(0, m.area.W-2))
	return m.line.Open("")
}

func (m *Model) editLine(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	m.line, cmd = m.line.Update(msg)
	switch m.line.State() {
	case prompt.Accepted:
		return tea.Batch(cmd, m.command(m.line.Value()))
	case prompt.Cancelled:
		m.line.Close()
	}
	return cmd
}

// commands are the actions that work on this screen, keys or not: the places,
// the screen's own, the rest.
func (m *Model) commands() []keymap.Action {
	scope := m.scope()
	list := slices.DeleteFunc(m.keymap().Actions(), func(a keymap.Action) bool {
		return !a.In(scope) || a.ID == "app.command"
	})
	rank := func(a keymap.Action) int {
		return slices.IndexFunc([]bool{strings.HasPrefix(a.ID, "tab."), len(a.Scopes) > 0, true}, func(is bool) bool { return is })
	}
	slices.SortStableFunc(list, func(a, b keymap.Action) int { return cmp.Compare(rank(a), rank(b)) })
	return list
}

// name is what an action is called on the command line: a tab by its place,
// the root's own by what they do, others by their id.
func name(a keymap.Action) string {
	for _, kind := range []string{"tab.", "app."} {
		if rest, ok := strings.CutPrefix(a.ID, kind); ok {
			return rest
		}
	}
	return a.ID
}

// completion returns the function that completes the name of a command.
func completion(actions []keymap.Action) func(string) []string {
	return func(typed string) []string {
		begin, within := match(actions, typed)
		return append(begin, within...)
	}
}

// match returns the names of the actions that begin with what is typed, and
// of those that contain it or whose title begins with it.
func match(actions []keymap.Action, typed string) (begin, within []string) {
	for _, a := range actions {
		switch n := name(a); {
		case strings.HasPrefix(n, typed):
			begin = append(begin, n)
		case strings.Contains(n, typed), strings.HasPrefix(a.Title, typed):
			within = append(within, n)
		}
	}
	return begin, within
}

// command does what was typed: the name of a place, with a filter behind it
// if it is a list, or that of an action. A name may be cut short as long as
// it is clear.
func (m *Model) command(line string) tea.Cmd {
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	rest = strings.TrimSpace(rest)
	if word == "" {
		m.line.Close()
		return nil
	}
	a, err := find(m.commands(), word)
	if err != "" {
		m.line.SetError(err)
		return nil
	}
	place, isPlace := strings.CutPrefix(a.ID, "tab.")
	takes := isPlace && slices.Contains([]string{screen.Keys, screen.Users, screen.Journal}, place)
	if rest != "" && !takes {
		m.line.SetError(fmt.Sprintf("%q takes nothing behind it", name(a)))
		return nil
	}
	m.line.Close()
	if rest != "" {
		return m.goTo(screen.Go{Place: place, Filter: rest})
	}
	return m.do(a)
}

// find returns the action that word names, or why there is none.
func find(actions []keymap.Action, word string) (keymap.Action, string) {
	i := slices.IndexFunc(actions, func(a keymap.Action) bool { return name(a) == word })
	if i < 0 {
		i = slices.IndexFunc(actions, func(a keymap.Action) bool { return a.Title == word })
	}
	if i >= 0 {
		return actions[i], ""
	}
	begin, within := match(actions, word)
	found := append(begin, within...)
	switch {
	case len(found) == 0:
		return keymap.Action{}, "there is no command " + text.Quote(word) + " here; tab lists them"
	case len(begin) == 1 || len(found) == 1:
		return find(actions, found[0])
	}
	return keymap.Action{}, text.Quote(word) + " is " + strings.Join(found[:min(3, len(found))], ", ") + "; which?"
}
