package lifetime

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/calendar"
)

// remark is what is said of something, and how it is meant.
type remark struct {
	text string
	tone theme.Tone
}

// meaning tells what the line of text means.
func (m Model) meaning() remark {
	e, err := m.Expires()
	switch {
	case err != nil:
		return remark{"such as 90d, 6w, 2027-02-21, eom, next fri, never", theme.Muted}
	case m.config.Limit(e.At) != "":
		return remark{"not allowed: " + m.config.Limit(e.At), theme.Bad}
	case e.Never():
		return remark{"it works until somebody revokes it", theme.Warn}
	case e.Note != "":
		return remark{m.instant(e.At) + "; " + e.Note, theme.Warn}
	}
	return remark{m.instant(e.At), theme.Plain}
}

// instant writes an end in the chosen zone: "Sun 2027-02-21 09:00 UTC, in 90
// days".
func (m Model) instant(at time.Time) string {
	return at.In(m.loc).Format("Mon 2006-01-02 15:04 MST") + ", " + expiry.In(at, m.config.Now.In(m.loc))
}

// clockWords tells what the clocks of others show then, or that the time is of
// no use.
func (m Model) clockWords() remark {
	if _, _, err := m.clock(); err != nil {
		return remark{err.Error(), theme.Bad}
	}
	e, timed, err := m.read()
	typed := strings.TrimSpace(m.fields[clocking].Value())
	if err == nil && !timed && !e.Never() && typed != "" && typed != defaultClock {
		return remark{"not used: the line above has its own time", theme.Warn}
	}
	return remark{}
}

// zoneWords tells what clocks show elsewhere: at the operator's, or in UTC.
func (m Model) zoneWords() remark {
	if _, err := m.zone(); err != nil {
		return remark{err.Error(), theme.Bad}
	}
	e, err := m.Expires()
	if err != nil || e.Never() {
		return remark{}
	}
	here := expiry.Local(e.At, m.loc)
	for _, other := range []*time.Location{m.config.Local, time.UTC} {
		if s := expiry.Local(e.At, other); s != here {
			return remark{"that is " + s, theme.Muted}
		}
	}
	return remark{}
}

func (m Model) beginWords() remark {
	at, note, err := m.NotBefore()
	switch {
	case err != nil:
		return remark{"such as tomorrow, mon 08:00, 2027-01-04", theme.Muted}
	case at.IsZero():
		return remark{}
	case note != "":
		return remark{m.instant(at) + "; " + note, theme.Warn}
	}
	return remark{m.instant(at), theme.Muted}
}

func (m Model) rotateWords() remark {
	d, err := m.Rotate()
	switch {
	case err != nil:
		return remark{"such as 90d, 24h; empty is as the policy says", theme.Muted}
	case m.config.Interval == nil, d == 0 && m.at != rotating:
		return remark{}
	}
	return remark{m.config.Interval(d), theme.Muted}
}

func (m Model) warnWords() remark {
	d, err := m.Warn()
	switch {
	case err != nil:
		return remark{"such as 14d, 48h; empty is as the policy says", theme.Muted}
	case m.config.Warning == nil, d == 0 && m.at != warning:
		return remark{}
	}
	return remark{m.config.Warning(d), theme.Muted}
}

// presetLines are the presets, those that are not allowed with the reason.
func (m Model) presetLines() []string {
	lines := make([]string, len(m.presets))
	label, chosen := "Presets", m.chosen()
	for i, p := range m.presets {
		dot, day := " ", "never ends"
		if i == chosen {
			dot = m.theme.Glyphs.Dot
		}
		if !p.Never() {
			day = p.At.In(m.loc).Format("Mon 2006-01-02")
		}
		line := "(" + dot + ") " + text.Fit(p.Label, 8) + " " + day
		if m.limits[i] != "" {
			line = m.theme.Paint(theme.Muted, "(-) "+text.Fit(p.Label, 8)+" "+m.short(m.limits[i]))
		}
		lines[i] = m.theme.Label.Render(text.Fit(label, labelWidth)) + text.Spaces(indent-labelWidth) + line
		label = ""
	}
	return lines
}

// short is why a preset is not allowed, as long as there is room: the calendar
// tells it in full.
func (m Model) short(why string) string {
	if text.Width(why) <= m.left()-2-indent-len("(-) 6 months ") {
		return why
	}
	return "not allowed"
}

// dayLines tell of the day under the cursor of the calendar.
func (m Model) dayLines(w int) []string {
	d := expiry.Date(m.cal.Day())
	if why := m.cal.Why(); why != "" {
		return m.dayLine("Not then", remark{fmt.Sprintf("%s %v: %s", d.Weekday().String()[:3], d, why), theme.Bad}, w)
	}
	lines := m.dayLine("That day", m.crowd(m.ends[d]), w)
	lines = append(lines, m.dayLine("Weekday", m.weekday(d), w)...)
	lines = append(lines, m.dayLine("Policy", remark{m.config.Policy, theme.Muted}, w)...)
	return append(lines, m.dayLine("Expiring", m.expiring(d), w)...)
}

// expiring tells from when on the key is shown as expiring.
func (m Model) expiring(d expiry.Date) remark {
	own, _ := m.Warn()
	from := d.AddDays(-int(cmp.Or(own, m.config.Warn).Hours()) / 24)
	if !expiry.DateOf(m.config.Now, m.loc).Before(from) {
		return remark{"from the first day on", theme.Warn}
	}
	return remark{"from " + from.String() + " on", theme.Muted}
}

func (m Model) dayLine(label string, r remark, w int) []string {
	const label0 = 10
	parts := text.Wrap(r.text, max(2, w-label0))
	for i, part := range parts {
		parts[i] = m.theme.Label.Render(text.Fit(label, label0)) + m.theme.Paint(r.tone, part)
		label = ""
	}
	return parts
}

// crowd tells how many other keys end on a day.
func (m Model) crowd(n int) remark {
	switch {
	case n == 0:
		return remark{"no other key ends", theme.Muted}
	case n == 1:
		return remark{"1 other key ends", theme.Muted}
	case n >= manyKeys:
		return remark{text.Count(n) + " other keys end: much to renew at once", theme.Warn}
	}
	return remark{text.Count(n) + " other keys end", theme.Muted}
}

// weekday warns of days on which nobody may be there.
func (m Model) weekday(d expiry.Date) remark {
	day := d.Weekday()
	if day != time.Saturday && day != time.Sunday {
		return remark{day.String(), theme.Muted}
	}
	short := func(d calendar.Date) string {
		return fmt.Sprintf("%s %d", d.Weekday().String()[:3], d.Day)
	}
	return remark{fmt.Sprintf("%s: nobody may be there; f %s, m %s", day, short(m.cal.Friday()), short(m.cal.Monday())), theme.Warn}
}

func (m Model) keyLines(w int) []string {
	says := "tab goes to the calendar: arrows, m Monday, f Friday"
	if m.at == paging {
		says = "arrows day, week   pgup pgdn month   { } year   t today   + - a day   digits the day of the month"
	}
	lines := text.Wrap(says, max(2, w))
	for i, line := range lines {
		lines[i] = m.theme.Hint.Render(line)
	}
	return lines
}
