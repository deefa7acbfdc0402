// Package frame draws what surrounds every screen: two lines and a rule above,
// a rule, a line for messages and a line of keys below.
//
// It always has exactly the size of the terminal. When that is narrow it gives
// up what matters least: the store's path is cut in the middle, facts and keys
// drop from the right. Below the smallest usable size it says which size is
// needed instead of drawing something broken.
package frame

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

// Fact is a short piece of news in the first line: "3 expiring".
type Fact struct {
	Text string
	Tone theme.Tone
}

// Tab is a main screen and the key that leads to it.
type Tab struct{ Key, Title string }

// Frame is everything the frame shows. It is made anew for each view.
type Frame struct {
	App    string // name of the program
	Store  string // path of the store
	Facts  []Fact
	Right  []Fact // who, mode, time; the first is dropped first
	Tabs   []Tab
	Active int           // the tab that is shown; another number for none
	Aids   []keymap.Hint // right of the tabs; the last is dropped last
	Toast  string        // the line for messages, styled; see toast.Model.Line
	Hints  []keymap.Hint // the keys that matter here; the first is dropped last
}

// View returns the whole screen of w by h cells with body inside the frame.
func (f Frame) View(t theme.Theme, body []string, w, h int) string {
	screen := layout.Of(w, h)
	if screen.TooSmall() {
		return tooSmall(w, h)
	}
	lines := slices.Concat(f.Top(t, w), layout.Fill(body, w, screen.Body.H), f.Bottom(t, w))
	return strings.Join(lines, "\n")
}

// tooSmall is what fits of the message on any terminal.
func tooSmall(w, h int) string {
	message := fmt.Sprintf("terminal too small: %dx%d needed, %dx%d here; no key works but ctrl+c, which leaves unless work would be lost", layout.MinWidth, layout.MinHeight, w, h)
	return strings.Join(layout.Fill(text.Wrap(message, w), w, h), "\n")
}

// Top returns the three lines above the body.
func (f Frame) Top(t theme.Theme, w int) []string {
	return []string{f.first(t, w), f.second(t, w), rule(t, w)}
}

// Bottom returns the three lines below the body.
func (f Frame) Bottom(t theme.Theme, w int) []string {
	return []string{rule(t, w), text.FitStyled(f.Toast, w), Keys(t, f.Hints, w)}
}

func rule(t theme.Theme, w int) string {
	return t.Rule.Render(strings.Repeat(t.Glyphs.Rule, max(0, w)))
}

// storeWidth is the least that is left of a store's path before other things
// are dropped.
const storeWidth = 16

// first draws program, store, facts and the right part. Things are dropped
// until the store's path has room.
func (f Frame) first(t theme.Theme, w int) string {
	app, facts, right := text.Safe(f.App), f.Facts, f.Right
	store := text.Safe(f.Store)
	need := min(text.Width(store), storeWidth)
	room := func() int { return w - text.Width(app) - 5 - span(facts) - span(right) - 2 }
	if room() < need {
		store = text.Safe(path.Base(f.Store))
		need = min(text.Width(store), storeWidth)
	}
	for room() < need && len(right) > 1 {
		right = right[1:]
	}
	for room() < need && len(facts) > 0 {
		facts = facts[:len(facts)-1]
	}
	if base := text.Safe(path.Base(f.Store)); text.Width(store) > room() && text.Width(base) <= room() {
		store = base // whole is better than a piece of each
	}
	store = text.TruncateMiddle(store, room())
	left := " " + t.Title.Render(app) + "  " + store + " " + paint(t, facts)
	return between(left, paint(t, right)+" ", w)
}

// span returns the cells of facts with two blanks before each.
func span(facts []Fact) int {
	sum := 0
	for _, f := range facts {
		sum += 2 + text.Width(text.Safe(f.Text))
	}
	return sum
}

func paint(t theme.Theme, facts []Fact) string {
	var b strings.Builder
	for _, f := range facts {
		b.WriteString("  " + t.Paint(f.Tone, text.Safe(f.Text)))
	}
	return b.String()
}

// second draws the tabs and the aids.
func (f Frame) second(t theme.Theme, w int) string {
	var b strings.Builder
	for i, tab := range f.Tabs {
		label := text.Safe(tab.Key + " " + tab.Title)
		if i == f.Active {
			b.WriteString(" " + t.Title.Render("["+label+"]"))
		} else {
			b.WriteString("  " + label + " ")
		}
	}
	aids := f.Aids
	for len(aids) > 0 && text.Width(b.String())+width(aids)+2 > w {
		aids = aids[1:]
	}
	return between(b.String(), hints(t, aids)+" ", w)
}

// between puts left and right at the two ends of a line of w cells.
func between(left, right string, w int) string {
	return text.FitStyled(left+text.Spaces(w-text.Width(left)-text.Width(right))+right, w)
}

// Keys draws a line of hints in exactly w cells; those that do not fit are
// dropped from the right.
func Keys(t theme.Theme, h []keymap.Hint, w int) string {
	for len(h) > 0 && width(h)+2 > w {
		h = h[:len(h)-1]
	}
	return text.FitStyled(" "+hints(t, h), w)
}

// distance is between two hints.
const distance = 2

// width returns the cells of a line of hints.
func width(h []keymap.Hint) int {
	sum := distance * max(0, len(h)-1)
	for _, hint := range h {
		sum += text.Width(text.Safe(hint.Key + " " + hint.Text))
	}
	return sum
}

func hints(t theme.Theme, h []keymap.Hint) string {
	parts := make([]string, len(h))
	for i, hint := range h {
		parts[i] = t.Key.Render(text.Safe(hint.Key)) + " " + t.Hint.Render(text.Safe(hint.Text))
	}
	return strings.Join(parts, text.Spaces(distance))
}
