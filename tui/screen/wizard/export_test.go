package wizard

import (
	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// WithThresholds gives a wizard what it asks the policy file for.
func WithThresholds(s screen.Screen, c lint.Config) screen.Screen {
	s, _ = s.Update(configMsg{config: c})
	return s
}
