package created

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/overlay"
)

const (
	widest  = 80 // columns of the popup
	roomy   = 17 // lines from which it has a frame and blank lines
	keyDent = 2  // blanks before the key
)

// framed reports whether there is room for the frame.
func (m Model) framed() bool { return m.h >= roomy && m.w >= 60 }

// inner is the width for text.
func (m Model) inner() int {
	if m.framed() {
		return overlay.Inner(min(m.w, widest))
	}
	return max(0, m.w-2)
}

func (m *Model) resize(w, h int) {
	m.w, m.h = w, h
	m.box.SetWidth(max(0, m.inner()-keyDent))
	m.paste.SetWidth(m.inner())
	room := max(1, m.h-len(m.head()))
	if m.framed() {
		room = max(1, room-2)
	}
	m.form.SetSize(m.inner(), min(room-1, max(m.form.Height(), 4)))
}

// head is what is always in view: whose key it is, and the key.
func (m Model) head() []string {
	w := m.inner()
	t := m.env.Theme
	says := t.Hint.Render("shown once; pakdeck keeps only a hash")
	name := text.Fit(m.key.Ref(), max(0, w-text.Width(says)-2))
	lines := []string{t.Title.Render(name) + "  " + says}
	if m.framed() {
		lines = append(lines, "")
	}
	for line := range strings.SplitSeq(m.box.View(), "\n") {
		lines = append(lines, text.Spaces(keyDent)+line)
	}
	if m.framed() {
		lines = append(lines, "")
	}
	return lines
}

// View implements [screen.Screen].
func (m Model) View() screen.View {
	lines, cursor := m.head(), (*tea.Cursor)(nil)
	switch m.panel {
	case saving:
		cursor = layout.Move(m.form.Cursor(), 0, len(lines))
		lines = append(append(lines, m.form.View()...), m.saveRemark())
	case verifying:
		cursor = layout.Move(m.paste.Cursor(), 0, len(lines))
		lines = append(append(lines, m.paste.View(), ""), m.wrapped(m.verifyRemark())...)
	default:
		lines = append(lines, m.menu()...)
		cursor = m.env.Theme.Caret(keyDent+1, len(lines)-1)
	}
	return m.place(lines, cursor)
}

// place puts the lines into the middle of the area.
func (m Model) place(lines []string, cursor *tea.Cursor) screen.View {
	v := m.centred(lines, cursor)
	if c := v.Cursor; c != nil && (c.X >= m.w || c.Y >= m.h) {
		v.Cursor = nil // there is no room for the line that it is on
	}
	return v
}

func (m Model) centred(lines []string, cursor *tea.Cursor) screen.View {
	if !m.framed() {
		return screen.View{
			Content: strings.Join(layout.Fill(indented(lines, 1), m.w, m.h), "\n"),
			Cursor:  layout.Move(cursor, 1, 0),
		}
	}
	w := min(m.w, widest)
	box := strings.Split(overlay.Box(m.env.Theme, m.Title(), lines, w), "\n")
	x, y := (m.w-w)/2, max(0, (m.h-len(box))/2)
	all := append(make([]string, y), indented(box, x)...)
	return screen.View{
		Content: strings.Join(layout.Fill(all, m.w, m.h), "\n"),
		Cursor:  layout.Move(cursor, x+2, y+1),
	}
}

func indented(lines []string, n int) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = text.Spaces(n) + line
	}
	return out
}

// menu is what can be done, and what was done.
func (m Model) menu() []string {
	lines := []string{m.entry("c", "copy", m.copyRemark())}
	if hint := m.copyHint(); hint.text != "" && m.framed() {
		lines = append(lines, m.entry("", "", hint))
	}
	lines = append(
		lines,
		m.entry("s", "save", m.fileRemark()),
		m.entry("v", "verify", m.verifyRemark()),
		m.entry("m", m.maskWord(), remark{m.box.Status() + m.blurHint(), theme.Muted}),
		m.entry("", "first use", m.useRemark()),
	)
	if m.rotated() {
		lines = append(lines, m.entry("", "old secret", m.oldRemark()))
	}
	if m.framed() {
		lines = append(lines, "", m.env.Theme.Hint.Render("If copying fails, select the line with the mouse: it is not captured here."), "")
	}
	return append(lines, m.tick())
}

func (m Model) maskWord() string {
	if m.box.Shown() {
		return "mask"
	}
	return "unmask"
}

func (m Model) blurHint() string {
	if m.box.Shown() {
		return ", and when you look elsewhere"
	}
	return "; showing it again is recorded"
}

// entry is one line of the menu.
func (m Model) entry(key, title string, r remark) string {
	t := m.env.Theme
	head := text.Spaces(keyDent) + t.Key.Render(text.Fit(key, 1)) + "  " + text.Fit(title, 11)
	room := max(0, m.inner()-text.Width(head))
	return head + t.Paint(r.tone, text.Truncate(r.text, room))
}

func (m Model) copyRemark() remark {
	switch {
	case m.copying:
		return remark{"sending" + text.Ellipsis, theme.Muted}
	case m.copies == 0:
		return remark{"to your clipboard", theme.Muted}
	}
	return remark{fmt.Sprintf("%dx: %s", m.copies, m.way), theme.Plain}
}

// copyHint says what may be in the way of a copy.
func (m Model) copyHint() remark {
	if m.failure != nil {
		return remark{m.failure.Error(), theme.Warn}
	}
	return remark{m.clip.Hint(), theme.Muted}
}

// useRemark tells of the first use of the new key string, as soon as a
// verifier has seen it, and of refused ones before it.
func (m Model) useRemark() remark {
	u, now := m.env.Board.SecretUses(m.key.Current().ID), m.env.Board.Now
	switch {
	case u.OK > 0:
		return remark{seen(u.First, now), theme.Good}
	case u.DeniedTotal() > 0:
		return remark{"refused (" + string(u.LastReason) + ") " + seen(u.LastDenied, now), theme.Warn}
	}
	return remark{"not yet; it is told here", theme.Muted}
}

// seen says when, from where and by what a use was.
func seen(s keystore.Sighting, now time.Time) string {
	said := text.Ago(now.Sub(s.Time)) + " ago"
	if s.Time.After(now) {
		said = "now"
	}
	if s.IP.IsValid() {
		said += " from " + s.IP.String()
	}
	if s.Agent != "" {
		said += " by " + s.Agent
	}
	return said
}

func (m Model) fileRemark() remark {
	if n := len(m.saved); n > 0 {
		return remark{"saved " + m.saved[n-1], theme.Good}
	}
	return remark{"as .pak, JSON, Kubernetes Secret ...; encrypted if you like", theme.Muted}
}

func (m Model) verifyRemark() remark {
	if m.verdict.text != "" {
		return m.verdict
	}
	return remark{"paste the key back; it must end in " + m.ends, theme.Muted}
}

// saveRemark is under the form.
func (m Model) saveRemark() string {
	t, w := m.env.Theme, m.inner()
	switch {
	case m.saving:
		return t.Hint.Render("writing" + text.Ellipsis)
	case m.again != "":
		return t.Paint(theme.Warn, text.Truncate("That is in a git work tree, where it is easily committed. enter saves it all the same.", w))
	}
	return t.Hint.Render(text.Truncate("enter saves, esc goes back; an existing file is never replaced", w))
}

// wrapped is a remark on as many lines as it needs.
func (m Model) wrapped(r remark) []string {
	lines := text.Wrap(r.text, m.inner())
	for i, line := range lines {
		lines[i] = m.env.Theme.Paint(r.tone, line)
	}
	return lines
}

// tick is the box without which enter does not close.
func (m Model) tick() string {
	t := m.env.Theme
	mark, says := " ", "space ticks; enter closes then"
	if m.stored {
		mark, says = t.Glyphs.Tick, "enter closes"
	}
	return text.Spaces(keyDent) + "[" + mark + "] I stored this key   " + t.Hint.Render(says)
}
