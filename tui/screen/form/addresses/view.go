package addresses

import (
	"fmt"
	"net/netip"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

const (
	sideBySide = 90 // columns from which the test stands beside the lists
	sideWidth  = 40 // of the test there
	underLists = 6  // lines of the test under the lists
	enough     = 15 // lines from which both are in view
)

// shape is how the area is divided now.
type shape struct{ list, side layout.Rect }

func (m Model) shape() shape {
	if m.w >= sideBySide {
		split := layout.SplitAt(layout.Rect{W: m.w, H: m.h}, m.w-sideWidth)
		return shape{split.Main, split.Detail}
	}
	switch {
	case m.testing && m.h < enough:
		return shape{side: layout.Rect{W: m.w, H: m.h}}
	case m.list.Typing() || m.h < enough:
		return shape{list: layout.Rect{W: m.w, H: m.h}}
	}
	return shape{
		list: layout.Rect{W: m.w, H: m.h - underLists},
		side: layout.Rect{Y: m.h - underLists, W: m.w, H: underLists},
	}
}

// SetSize sets the size in cells.
func (m *Model) SetSize(w, h int) {
	m.w, m.h = w, h
	s := m.shape()
	m.list.SetSize(max(0, s.list.W-2), s.list.H)
	m.test.SetWidth(max(0, s.side.W-2))
}

// View draws the editor in exactly its size.
func (m Model) View() []string {
	s := m.shape()
	var list, side []string
	if s.list.H > 0 {
		for line := range strings.SplitSeq(m.list.View(), "\n") {
			list = append(list, " "+line+" ")
		}
	}
	if s.side.H > 0 {
		for _, line := range m.side(s.side) {
			side = append(side, " "+line)
		}
	}
	if s.side.X > 0 {
		split := layout.SplitAt(layout.Rect{W: m.w, H: m.h}, m.w-sideWidth)
		return split.Beside(list, side, m.theme.Rule.Render(m.theme.Glyphs.Bar))
	}
	return layout.Fill(append(layout.Fill(list, m.w, s.list.H), side...), m.w, m.h)
}

// Cursor is the place of the real cursor in the view.
func (m Model) Cursor() *tea.Cursor {
	s := m.shape()
	if m.testing {
		return layout.Move(m.test.Cursor(), s.side.X+1, s.side.Y+1)
	}
	return layout.Move(m.list.Cursor(), 1, 0)
}

// side draws the test and what is to be known beside it, most useful first.
func (m Model) side(r layout.Rect) []string {
	w := max(0, r.W-2)
	lines := []string{m.theme.Title.Render("TEST AN ADDRESS"), m.test.View()}
	lines = append(lines, m.verdict(w, r.H > underLists)...)
	var concerned []string
	for _, wit := range m.witnesses {
		concerned = append(concerned, m.witness(wit, w)...)
	}
	if r.H <= underLists {
		return append(append(lines, concerned...), m.closing(w)...)
	}
	if len(concerned) > 0 {
		concerned = append([]string{"", m.theme.Title.Render("WHO WOULD GET IN")}, concerned...)
	}
	// What the lists mean for those who call is worth more than the last of
	// many problems: each is told with its entry, too.
	left := r.H - len(lines) - len(concerned) - len(m.dryRun(w, leastChanged)) - 3
	lines = append(lines, "", m.theme.Title.Render("PROBLEMS"))
	lines = append(lines, m.first(max(leastTroubles, left), m.troubles(w), w)...)
	lines = append(lines, concerned...)
	if more := m.dryRun(w, max(leastChanged, r.H-len(lines)-1)); len(more) > 0 {
		lines = append(append(lines, ""), more...)
	}
	if more := m.recent(w, r.H-len(lines)-1); len(more) > 0 {
		lines = append(append(lines, ""), more...)
	}
	return lines
}

const (
	leastChanged  = 4 // lines of a dry run
	leastTroubles = 3 // lines of problems
)

// first is the first n lines; if there are more, the last one says so.
func (m Model) first(n int, lines []string, w int) []string {
	if len(lines) <= n {
		return lines
	}
	return append(lines[:n-1:n-1], m.theme.Hint.Render(text.Truncate(text.Ellipsis+" more: ! marks the entries", w)))
}

// closing is the last line where there is little room: what changes for those
// who were seen, or else a problem.
func (m Model) closing(w int) []string {
	if e, known := m.Effect(); known && len(e.Changed()) > 0 {
		return m.summary(e, w)
	}
	return m.troubles(w)[:1]
}

// verdict tells of the address that is typed, with the trace if there is room.
func (m Model) verdict(w int, whole bool) []string {
	typed := strings.TrimSpace(m.test.Value())
	if typed == "" {
		return []string{m.theme.Hint.Render(text.Truncate("t to type one; deny goes first", w))}
	}
	addr, err := netip.ParseAddr(typed)
	if err != nil {
		return wrap(m.theme, theme.Warn, text.Quote(typed)+" is no address yet; write one such as 198.51.100.7 or 2001:db8::7", w)
	}
	trace := m.Rules().Decide(addr)
	lines := wrap(m.theme, allowedTone(trace.Allowed), sentence(trace), w)
	if addr != trace.Addr {
		lines = append(lines, m.theme.Hint.Render(text.Truncate("it counts as "+trace.Addr.String(), w)))
	}
	if whole {
		lines = append(append(lines, ""), m.steps(trace, w)...)
	}
	return lines
}

// sentence is a decision with its first word raised.
func sentence(t iprule.Trace) string {
	s := t.String()
	word, rest, _ := strings.Cut(s, " ")
	if tail, ok := strings.CutSuffix(word, ":"); ok {
		return strings.ToUpper(tail) + ": " + rest
	}
	return strings.ToUpper(word) + " " + rest
}

func allowedTone(allowed bool) theme.Tone {
	if allowed {
		return theme.Good
	}
	return theme.Bad
}

const mostSteps = 8

// steps tells which entries were looked at, in order: all that match, and of
// the others as many as there is room for.
func (m Model) steps(t iprule.Trace, w int) []string {
	var lines []string
	left := 0
	for _, s := range t.Steps {
		if len(lines) >= mostSteps && !s.Match {
			left++
			continue
		}
		says := "no match"
		switch {
		case s.Label == t.By:
			says = "match, decides"
		case s.Match && !s.Reached:
			says = "match, not reached"
		case s.Match:
			says = "match"
		case !s.Reached:
			says = "not reached"
		}
		line := fmt.Sprintf("%-4s %s", s.Label, s.Prefix)
		lines = append(lines, m.stepLine(line, says, s.Label == t.By, allowedTone(t.Allowed), w)...)
	}
	if left > 0 {
		lines = append(lines, m.theme.Hint.Render(text.Truncate(fmt.Sprintf("   and %d more without a match", left), w)))
	}
	return lines
}

// stepLine puts what is said behind the entry, or under it if it is long.
func (m Model) stepLine(line, says string, decides bool, tone theme.Tone, w int) []string {
	if !decides {
		tone = theme.Muted
	}
	if text.Width(line)+2+text.Width(says) <= w {
		return []string{text.Fit(line, w-text.Width(says)) + m.theme.Paint(tone, says)}
	}
	return []string{text.Truncate(line, w), "     " + m.theme.Paint(tone, says)}
}

// troubles names the problems of the lists, worst first.
func (m Model) troubles(w int) []string {
	var lines []string
	for _, p := range m.list.Problems() {
		lines = append(lines, wrap(m.theme, p.Tone, p.Text, w)...)
	}
	rules := m.Rules()
	switch {
	case len(lines) > 0:
	case rules.IsZero():
		lines = wrap(m.theme, theme.Warn, "no lists: the key works from any address", w)
	case len(rules.Allow) == 0:
		lines = wrap(m.theme, theme.Warn, "no allow list: it works from any address that is not denied", w)
	default:
		lines = []string{m.theme.Paint(theme.Good, "none")}
	}
	return lines
}

// witness tells what the rules mean for an address that matters, and what
// they meant before.
func (m Model) witness(wit Witness, w int) []string {
	now, was := m.Rules().Decide(wit.Addr), m.before.Decide(wit.Addr)
	says := fmt.Sprintf("%s %s would be %s", wit.Who, wit.Addr, outcome(now))
	tone := theme.Muted
	switch {
	case now.Allowed != was.Allowed && !m.fresh:
		says = fmt.Sprintf("%s %s: %s before, now %s", wit.Who, wit.Addr, outcome(was), outcome(now))
		tone = allowedTone(now.Allowed)
	case !now.Allowed:
		tone = theme.Warn
	}
	return wrap(m.theme, tone, says, w)
}

func outcome(t iprule.Trace) string {
	if t.Allowed {
		return "allowed"
	}
	return "refused"
}

// Turned returns what to say of the witnesses for whom the rules would turn a
// yes into a no: "the last caller 198.51.100.7 would be refused".
func (m Model) Turned() []string {
	var out []string
	rules := m.Rules()
	for _, wit := range m.witnesses {
		if m.before.Decide(wit.Addr).Allowed && !rules.Decide(wit.Addr).Allowed {
			out = append(out, fmt.Sprintf("%s %s would be refused", wit.Who, wit.Addr))
		}
	}
	return out
}

func wrap(t theme.Theme, tone theme.Tone, s string, w int) []string {
	lines := text.Wrap(s, w)
	for i, line := range lines {
		lines[i] = t.Paint(tone, line)
	}
	return lines
}

// Operator returns the address from which the operator came, as sshd tells it
// in SSH_CONNECTION, or none.
func Operator(getenv func(string) string) []Witness {
	first, _, _ := strings.Cut(getenv("SSH_CONNECTION"), " ")
	addr, err := netip.ParseAddr(first)
	if err != nil {
		return nil
	}
	return []Witness{{Addr: addr.Unmap().WithZone(""), Who: "you"}}
}
