package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// Synchronized output (mode 2026) makes a terminal draw a frame at once,
// without flicker. Bubble Tea does not ask for it over SSH. Terminals without
// it ignore the brackets around a frame, so auto switches it on wherever the
// terminal is of a family that is known to do so.

// syncOn reports whether synchronized output is to be used without asking the
// terminal. PAKDECK_SYNC is auto, on or off.
func syncOn(getenv func(string) string) bool {
	switch getenv("PAKDECK_SYNC") {
	case "on":
		return true
	case "off":
		return false
	}
	if getenv("SSH_TTY") == "" {
		return false // the library asks the terminal itself
	}
	for _, family := range []string{"xterm", "tmux", "screen", "rxvt", "foot", "alacritty", "kitty", "wezterm", "ghostty"} {
		if strings.HasPrefix(getenv("TERM"), family) || strings.Contains(getenv("TERM"), "-"+family) {
			return true
		}
	}
	return false
}

// assumeSync is the command by which Bubble Tea takes it that the terminal
// has synchronized output: the answer to the question that was not asked.
func assumeSync() tea.Msg {
	return tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: ansi.ModeReset}
}

// syncFilter drops the terminal's own answer if the operator wants none of it.
func syncFilter(getenv func(string) string) func(tea.Model, tea.Msg) tea.Msg {
	off := getenv("PAKDECK_SYNC") == "off"
	return func(_ tea.Model, msg tea.Msg) tea.Msg {
		if r, ok := msg.(tea.ModeReportMsg); ok && off && r.Mode == ansi.ModeSynchronizedOutput {
			return nil
		}
		return msg
	}
}
