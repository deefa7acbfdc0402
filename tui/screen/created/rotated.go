package created

import (
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// rotated reports whether the secret took the place of another, rather than
// that the key was created with it.
func (m Model) rotated() bool { return len(m.key.Secrets) > 1 }

// oldRemark says how long the secret works that was replaced.
func (m Model) oldRemark() remark {
	old, works := m.key.RetiringAt(m.env.Board.Now)
	switch {
	case !works:
		return remark{"refused from now on", theme.Warn}
	case old.Retires.IsZero():
		return remark{"ends " + text.Ago(old.Grace) + " after the first use of this one", theme.Plain}
	}
	return remark{"works until " + m.env.Clock(old.Retires), theme.Plain}
}

// announcement says what was done, and whether the secret works by now.
func (m Model) announcement() screen.Say {
	say := screen.Say{Level: screen.OK, Text: "created " + m.key.Ref()}
	if m.rotated() {
		say.Text = "gave " + m.key.Ref() + " a new secret"
	}
	switch {
	case m.known.Late > 0:
		say.Level, say.Text = screen.Warning, say.Text+", but "+m.known.String()
	case m.known.Verifiers > 0:
		say.Text += "; " + m.known.String()
	default:
		say.Text += "; the journal has it in the same transaction"
	}
	return say
}
