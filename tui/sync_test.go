package tui

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"github.com/pakdeck/pakdeck/tui/keymap"
)

func TestSynchronizedOutputIsAssumedWhereItDoesNoHarm(t *testing.T) {
	for _, c := range []struct {
		env  string
		want bool
	}{
		{"TERM=xterm-256color SSH_TTY=/dev/pts/0", true},
		{"TERM=tmux-256color SSH_TTY=/dev/pts/0", true},
		{"TERM=xterm-kitty SSH_TTY=/dev/pts/0", true},
		{"TERM=linux SSH_TTY=/dev/pts/0", false},
		{"TERM=vt100 SSH_TTY=/dev/pts/0", false},
		{"TERM= SSH_TTY=/dev/pts/0", false},
		{"TERM=xterm-256color", false},
		{"TERM=xterm-256color SSH_TTY=/dev/pts/0 PAKDECK_SYNC=off", false},
		{"TERM=linux PAKDECK_SYNC=on", true},
		{"TERM=xterm PAKDECK_SYNC=auto SSH_TTY=/dev/pts/0", true},
	} {
		if got := syncOn(uv.Environ(strings.Fields(c.env)).Getenv); got != c.want {
			t.Errorf("%s: %v, want %v", c.env, got, c.want)
		}
	}
}

func TestTheOperatorCanRefuseSynchronizedOutput(t *testing.T) {
	answer := tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: ansi.ModeReset}
	other := tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeReset}
	for env, want := range map[string]tea.Msg{"PAKDECK_SYNC=off": nil, "PAKDECK_SYNC=auto": answer, "": answer} {
		filter := syncFilter(uv.Environ([]string{env}).Getenv)
		if got := filter(nil, answer); got != want {
			t.Errorf("%s: the terminal's answer became %v, want %v", env, got, want)
		}
		if got := filter(nil, other); got != tea.Msg(other) {
			t.Errorf("%s: another answer became %v", env, got)
		}
	}
}

func TestRootActionsAreThoseOfTheTable(t *testing.T) {
	for _, a := range Actions() {
		if _, performs := rootActions[a.ID]; performs != isRoots(a.ID) {
			t.Errorf("%s: the root performs it: %v, but its id says %v", a.ID, performs, isRoots(a.ID))
		}
	}
	ids := Actions()
	for id := range rootActions {
		if !slices.ContainsFunc(ids, func(a keymap.Action) bool { return a.ID == id }) {
			t.Errorf("%s is performed but not in the table", id)
		}
	}
}
