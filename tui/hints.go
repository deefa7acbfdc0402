package tui

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/prompt"
)

// aids stand right of the tabs: the general keys, or deeper down the way back
// to the tab.
func (m Model) aids() []keymap.Hint {
	if trail := m.trail(); trail.Text != "" {
		return []keymap.Hint{trail}
	}
	if s := m.places.top(); s != nil && s.Typing() {
		return nil
	}
	return m.env.Keymap.Hints(m.scope(), "list.filter", "app.command", "app.help")
}

const (
	tabsWidth = 54 // the room that the tabs take
	tabWidth  = 14 // and one of them
	trailFrom = 72 // columns at which the way down has room beside all tabs
)

// deepInLittleRoom reports whether the way down needs the room of the other tabs:
// where I am matters more than where I could go.
func (m Model) deepInLittleRoom() bool { return m.area.W < trailFrom && len(m.places.titles()) > 1 }

// trail is the way down from the tab to the screen that is shown: "Users",
// "> Keys of build-bot". Where there is no room for all, the end matters most.
func (m Model) trail() keymap.Hint {
	titles := m.places.titles()
	if len(titles) < 2 {
		return keymap.Hint{}
	}
	room := m.area.W - tabsWidth
	if m.deepInLittleRoom() {
		room = m.area.W - tabWidth
	}
	hint := keymap.Hint{Key: titles[0], Text: "> " + strings.Join(titles[1:], " > ")}
	for from := 2; text.Width(text.Safe(hint.Key+" "+hint.Text)) > room && from < len(titles); from++ {
		hint = keymap.Hint{Key: m.env.Theme.Glyphs.More, Text: "> " + strings.Join(titles[from:], " > ")}
	}
	hint.Text = text.TruncateMiddle(hint.Text, room-text.Width(hint.Key)-1)
	return hint
}

// message is the line above the keys: what is being typed as a command, what
// is wrong with the store, or what just happened.
func (m Model) message() string {
	if m.line.State() == prompt.Editing {
		return " " + m.line.View()
	}
	if m.poll.trouble != "" {
		t := m.env.Theme
		return " " + t.Paint(theme.Bad, "fail") + "  " + text.Truncate(m.poll.trouble, m.area.W-8)
	}
	if _, said := m.says.toast.Current(); !said && m.working() != nil {
		return m.workLine(m.working(), m.area.W)
	}
	return m.says.toast.Line(m.area.W)
}

// hints are the keys that work now: the dialog's once it listens, those of what
// is being typed, or the screen's.
func (m *Model) hints() []keymap.Hint {
	s := m.places.top()
	switch {
	case m.tooSoon(nil):
		return nil
	case m.dialog != nil:
		return m.dialog.hints()
	case m.line.State() == prompt.Editing:
		k := m.line.KeyMap
		return lineHints(keymap.BindingSection("", k.Accept, k.Cancel, k.Complete, k.Older, k.Newer))
	case s == nil:
		return m.env.Keymap.Hints("", "app.quit")
	}
	out := m.keymap().Hints(s.Scope(), s.Hints()...)
	if s.Typing() && len(out) > 0 {
		out = append(slices.DeleteFunc(out, isText), m.helpWhileTyping()...)
	}
	h, ok := s.(screen.Helper)
	switch {
	case !ok:
		return out
	case len(out) == 0:
		return lineHints(h.Help()...)
	}
	return append(moving(h), out...)
}

// isText reports whether the key of a hint is a character, which is text where
// something is typed.
func isText(h keymap.Hint) bool { return utf8.RuneCountInString(h.Key) == 1 }

// helpWhileTyping is the hint for the key of the help that is no text.
func (m *Model) helpWhileTyping() []keymap.Hint {
	a, _ := m.env.Keymap.Action("app.help")
	for _, key := range a.Keys {
		if h := (keymap.Hint{Key: key, Text: a.Title}); !isText(h) {
			return []keymap.Hint{h}
		}
	}
	return nil
}

// lineHints are all keys of sections of help.
func lineHints(sections ...keymap.Section) []keymap.Hint {
	var out []keymap.Hint
	for _, section := range sections {
		for _, l := range section.Lines {
			out = append(out, keymap.Hint{Key: firstKey(l), Text: l.Text})
		}
	}
	return out
}

// moving is the hint for the keys that move: "j/k move".
func moving(h screen.Helper) []keymap.Hint {
	for _, section := range h.Help() {
		var keys []string
		for _, l := range section.Lines {
			if l.Text == "up" || l.Text == "down" {
				keys = append(keys, firstKey(l))
			}
		}
		if len(keys) == 2 {
			return []keymap.Hint{{Key: strings.Join(keys, "/"), Text: "move"}}
		}
	}
	return nil
}

// firstKey is the key of a line of help that the hints show.
func firstKey(l keymap.Line) string {
	first, _, _ := strings.Cut(l.Keys, ",")
	return first
}
