package usage

import (
	"fmt"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// said is what is known of the row under the cursor, in a few lines.
func (m Model) said(t theme.Theme, w int) []string {
	lines := text.Wrap(m.words(), w-2)
	out := make([]string, saidLines)
	for i := range min(saidLines, len(lines)) {
		out[i] = " " + t.Hint.Render(text.Truncate(lines[i], w-2))
	}
	return out
}

func (m Model) words() string {
	c, ok := m.caller()
	switch {
	case !ok:
		return ""
	case c.Beyond():
		return "callers beyond those that are told apart; all of them are counted"
	case c.Denied()+c.Unproven() > 0:
		return m.reason(c)
	}
	return "since " + m.env.Clock(c.First) + rhythm(c)
}

// reason says why a caller is refused, by what the key is now.
func (m Model) reason(c usage.Caller) string {
	r := c.Reasons()[0]
	words := fmt.Sprintf("%s %s", text.Count(r.N), r.Outcome)
	v, known := m.env.Board.Key(m.key)
	if !known {
		return words + "; enter: its records"
	}
	switch r.Outcome {
	case keystore.IPDenied:
		return words + ": now " + v.Rules.Decide(c.IP).String()
	case keystore.Expired:
		return words + ": it expires " + m.env.Clock(v.Expires)
	case keystore.Revoked:
		if v.RevokeReason != "" {
			return words + ": " + v.RevokeReason
		}
		return words + ": a secret that has a successor"
	case keystore.Disabled:
		return words + ": the key was switched off"
	case keystore.ScopeDenied:
		return words + ": a scope that the key has not; enter: which one"
	}
	return words + "; enter: its records"
}

func rhythm(c usage.Caller) string {
	if r := c.Rhythm(); r.Usual > 0 {
		return ", usually every " + text.Ago(r.Usual)
	}
	return ""
}
