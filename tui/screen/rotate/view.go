package rotate

import (
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/trend"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/spark"
)

const (
	// headLines are above the table: title, state, two bars, axis, verdict and
	// lines between.
	headLines = 10
	labelled  = 19 // before the bars
	mostBars  = 48 // one an hour
	numbered  = 28 // behind the bars
)

func (m Model) view() screen.View {
	t := m.env.Theme
	m.table.SetTheme(t)
	lines := append(m.head(t), m.table.Lines()...)
	return screen.View{
		Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"),
		Cursor:  layout.Move(m.table.Cursor(), 0, headLines),
	}
}

func (m Model) head(t theme.Theme) []string {
	v, ok := m.key()
	if !ok {
		return append([]string{" " + t.Title.Render("Nothing to rotate")}, make([]string, headLines-1)...)
	}
	place := ""
	if m.queue.Len() > 1 {
		place = fmt.Sprintf("%d of %d", m.at+1, m.queue.Len())
	}
	lines := []string{
		" " + t.Title.Render(text.Fit(v.Ref(), m.w-3-len(place))) + " " + t.Hint.Render(place),
		" " + text.Truncate(m.stage(v), m.w-2),
		"",
	}
	lines = append(lines, m.bars(t, v)...)
	return append(lines, "", m.verdict(t), m.next(t), "")
}

// stage says where the key stands.
func (m Model) stage(v keystore.KeyView) string {
	now := m.env.Board.Now
	old, rotating := m.old()
	switch {
	case !v.Revoked.IsZero():
		return "revoked " + m.env.Clock(v.Revoked)
	case rotating && old.Retires.IsZero():
		return "rotating: the old secret works for " + text.Ago(old.Grace) + " after the first use of the new one"
	case rotating:
		return "rotating: the old secret works until " + m.env.Clock(old.Retires)
	}
	said := "one secret, made " + text.Ago(now.Sub(v.Current().Created)) + " ago"
	if by := v.RotateBy(m.env.Board.Policy); !by.IsZero() {
		said += ", to be rotated by " + m.env.Clock(by)
	}
	return said
}

// bars are the uses of both secrets over the same time.
func (m Model) bars(t theme.Theme, v keystore.KeyView) []string {
	w := mostBars
	if m.w < labelled+mostBars+numbered {
		w /= 2 // two hours a bar
	}
	old, rotating := m.old()
	oldLine := ""
	if rotating {
		oldLine = m.bar(t, theme.Warn, "old", old, m.look.OldUses, m.look.Old, w)
	}
	lines := []string{oldLine, m.bar(t, theme.Accent, "new", v.Current(), m.look.NewUses, m.look.New, w)}
	if !rotating {
		lines[1] = m.bar(t, theme.Accent, "now", v.Current(), m.look.NewUses, m.look.New, w)
	}
	span := "48 h ago"
	axis := text.Spaces(labelled) + span + text.Spaces(max(1, w-len(span)-3)) + "now"
	return append(lines, t.Hint.Render(text.Truncate(axis, m.w)))
}

// bar is the uses of one secret; those of another one that were read before
// are not shown.
func (m Model) bar(t theme.Theme, tone theme.Tone, name string, s keystore.Secret, uses []usage.Bucket, of keystore.Secret, w int) string {
	label := t.Label.Render(text.Fit(" "+name+"  "+s.ID.String(), labelled))
	if of.ID != s.ID {
		return label + t.Hint.Render("reading...")
	}
	values := trend.Values(uses, usage.Counts.OK)
	line := spark.Line(t, tone, values, min(w, len(values)))
	return label + line + "  " + t.Hint.Render(text.Truncate(m.numbers(uses), max(0, m.w-labelled-w-2)))
}

func (m Model) numbers(uses []usage.Bucket) string {
	n := sum(uses)
	if n == 0 {
		return "0 uses"
	}
	var last time.Time
	for _, b := range uses {
		if b.OK() > 0 {
			last = b.End
		}
	}
	if ago := m.look.At.Sub(last); ago > time.Hour {
		return text.Plural(n, "use") + ", none for " + text.Ago(ago)
	}
	return text.Plural(n, "use")
}

func sum(uses []usage.Bucket) (n uint64) {
	for _, b := range uses {
		n += b.OK()
	}
	return n
}

// verdict says whether the old secret can go.
func (m Model) verdict(t theme.Theme) string {
	old, rotating := m.old()
	v := m.look.Verdict
	switch {
	case m.problem != "":
		return " " + t.Paint(theme.Bad, text.Truncate("What is known of it cannot be read: "+m.problem, m.w-2))
	case !rotating:
		return " " + text.Truncate("A new secret leaves the old one working for "+graces[m.grace].name+".", m.w-2)
	case m.look.Old.ID != old.ID:
		return " reading..."
	case v.Safe:
		return " " + t.Paint(theme.Good, text.Truncate("SAFE TO RETIRE: "+v.Why, m.w-2))
	}
	return " " + t.Paint(theme.Warn, text.Truncate("NOT SAFE YET: "+v.Why, m.w-2))
}

// next says what comes next.
func (m Model) next(t theme.Theme) string {
	_, rotating := m.old()
	v := m.look.Verdict
	said := ""
	switch {
	case !rotating:
		said = "tab: another grace"
	case v.Safe:
		said = "R retires it"
	case !v.SafeAt.IsZero():
		said = "safe from " + m.env.Clock(v.SafeAt) + " on if nobody uses it until then"
	}
	if rotating && v.Trend != "" {
		said += "   use of it: " + string(v.Trend)
	}
	if m.blurred {
		said += "   paused"
	}
	return " " + t.Hint.Render(text.Truncate(strings.TrimLeft(said, " "), m.w-2))
}
