package words

import (
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
)

// Seen says when and from where a use was: "3m ago from 198.51.100.7", or "never".
func Seen(s keystore.Sighting, now time.Time) string {
	if s.Time.IsZero() {
		return "never"
	}
	said := text.Ago(now.Sub(s.Time)) + " ago"
	if s.IP.IsValid() {
		said += " from " + s.IP.String()
	}
	return said
}

// Scopes is what a key may do.
func Scopes(v keystore.KeyView) facts.Fact {
	effective := v.EffectiveScopes()
	if len(effective) == 0 {
		return facts.Fact{Label: "scopes", Text: "none: every demand is refused", Tone: theme.Warn}
	}
	return facts.Of("scopes", JoinScopes(effective))
}

// JoinScopes lists scopes with blanks between.
func JoinScopes(list []keystore.Scope) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return strings.Join(out, " ")
}

// SeverityTone is the meaning of a severity. The word says it too.
func SeverityTone(s lint.Severity) theme.Tone {
	switch s {
	case lint.Error:
		return theme.Bad
	case lint.Warning:
		return theme.Warn
	}
	return theme.Muted
}

// Finding is what the linter found.
func Finding(f lint.Finding) facts.Fact {
	return facts.Fact{Label: string(f.Severity), Text: f.Rule + " " + f.Text, Tone: SeverityTone(f.Severity)}
}
