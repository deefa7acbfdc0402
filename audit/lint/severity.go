package lint

import (
	"fmt"
	"slices"
)

// Severity says how much a finding matters.
type Severity string

// The severities, gravest first.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Severities lists all severities, gravest first.
var Severities = [...]Severity{Error, Warning, Info}

// ParseSeverity reads the name of a severity.
func ParseSeverity(s string) (Severity, error) {
	if v := Severity(s); slices.Contains(Severities[:], v) {
		return v, nil
	}
	return "", fmt.Errorf("severity %.60q: use error, warning or info", s)
}

// AtLeast reports whether s is as grave as t, or graver. Nothing is as grave as
// the empty severity.
func (s Severity) AtLeast(t Severity) bool { return t.rank() >= 0 && s.rank() <= t.rank() }

func (s Severity) rank() int { return slices.Index(Severities[:], s) }
