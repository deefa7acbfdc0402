package addresses

import (
	"fmt"
	"slices"

	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/iplist"
)

// SetSeen tells who used the key in the last days.
func (m *Model) SetSeen(e whatif.Evidence) {
	m.seen = &e
	m.list.SetConfig(m.config())
	m.SetSize(m.w, m.h)
}

// Effect tells what the rules as they are now would have meant for the uses
// that were seen; known is false if nobody told them.
func (m Model) Effect() (e whatif.Effect, known bool) {
	if m.seen == nil {
		return e, false
	}
	return whatif.Rules(m.before, m.Rules(), *m.seen), true
}

// days is how long the evidence reaches back: "30d".
func days(e whatif.Evidence) string {
	return fmt.Sprintf("%dd", int(e.To.Sub(e.From).Hours()+12)/24)
}

// hits counts the uses that each entry decided about, for its column.
func hits(r iprule.Rules, seen whatif.Evidence) (out [2][]string) {
	by := map[string]uint64{}
	for _, a := range seen.Addresses {
		by[r.Decide(a.IP).By] += a.OK + a.Denied
	}
	for i := range r.Deny {
		out[iplist.First] = append(out[iplist.First], text.Count(by[iprule.Deny.Label(i)]))
	}
	for i := range r.Allow {
		out[iplist.Second] = append(out[iplist.Second], text.Count(by[iprule.Allow.Label(i)]))
	}
	return out
}

// dryRun tells what the rules would have meant, in at most n lines.
func (m Model) dryRun(w, n int) []string {
	e, known := m.Effect()
	if !known {
		return nil
	}
	lines := []string{m.theme.Title.Render(text.Truncate("DRY RUN, last "+text.Plural(int64(e.To.Sub(e.From).Hours()+12)/24, "day"), w))}
	lines = append(lines, m.summary(e, w)...)
	changed := e.Changed()
	for i, v := range changed {
		if i == n-len(lines)-1 && len(changed) > i+1 {
			return append(lines, m.theme.Hint.Render(text.Truncate(fmt.Sprintf("  and %d more", len(changed)-i), w)))
		}
		lines = append(lines, m.theme.Paint(allowedTone(v.After), text.Fit(verdictLine(v), w)))
	}
	return lines
}

func (m Model) summary(e whatif.Effect, w int) []string {
	said, tone := "nobody was seen", theme.Muted
	switch {
	case len(e.Verdicts) > 0 && len(e.Changed()) == 0:
		said = text.Plural(len(e.Verdicts), "address") + " seen, none changes"
		if len(e.Verdicts) > 1 {
			said = text.Count(len(e.Verdicts)) + " addresses seen, none changes"
		}
	case len(e.Verdicts) > 0:
		said = fmt.Sprintf("%s seen, %d changed; %s of %s uses refused", addressCount(len(e.Verdicts)), len(e.Changed()), count(e.Refused), count(e.Uses))
		if tone = theme.Warn; e.Refused > 0 {
			tone = theme.Bad
		}
	}
	if e.Uncertain > 0 {
		said += "; of " + count(e.Uncertain) + " it cannot be told: " + e.Why
	}
	return wrap(m.theme, tone, said, w)
}

func addressCount(n int) string {
	if n == 1 {
		return "1 address"
	}
	return text.Count(n) + " addresses"
}

func count(n uint64) string { return text.Count(n) }

func verdictLine(v whatif.Verdict) string {
	return fmt.Sprintf("  %s  %s -> %s  %s", v.IP, word(v.Before), word(v.After), count(v.OK+v.Denied))
}

func word(allowed bool) string {
	if allowed {
		return "allow"
	}
	return "deny"
}

// recent are the addresses with the most uses, each with what decides about it
// now, in at most n lines.
func (m Model) recent(w, n int) []string {
	if m.seen == nil || len(m.seen.Addresses) == 0 || n < 2 {
		return nil
	}
	all := slices.Clone(m.seen.Addresses)
	slices.SortStableFunc(all, func(a, b whatif.Address) int { return int(int64(b.OK+b.Denied) - int64(a.OK+a.Denied)) })
	lines := []string{m.theme.Title.Render(text.Truncate("WHO WAS SEEN", w))}
	rules := m.Rules()
	for _, a := range all[:min(len(all), n-1)] {
		t := rules.Decide(a.IP)
		says := word(t.Allowed)
		if t.By != "" {
			says += " " + t.By
		}
		lines = append(lines, text.Fit(a.IP.String(), max(0, w-11))+" "+m.theme.Paint(allowedTone(t.Allowed), text.Fit(says, 10)))
	}
	return lines
}

// fit makes the allow list as tight as the callers that were accepted let it be.
func (m *Model) fit() {
	if m.list.Typing() {
		return
	}
	var seen whatif.Evidence
	if m.seen != nil {
		seen = *m.seen
	}
	allow, err := seen.Fit(m.Rules())
	if err != nil {
		tone := theme.Warn
		if seen.Callers() == 0 {
			tone = theme.Muted
		}
		m.list.Remark(tone, err.Error())
		return
	}
	m.list.Replace(items(m.Rules().Deny), items(allow))
	m.list.Remark(theme.Good, fmt.Sprintf("%s let in the %s of %s; u takes it back", entryCount(len(allow)), callerCount(seen.Callers()), days(seen)))
}

func entryCount(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

func callerCount(n int) string {
	if n == 1 {
		return "1 caller"
	}
	return fmt.Sprintf("%d callers", n)
}
