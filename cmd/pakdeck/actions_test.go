package main

import (
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/tui"
)

// TestEveryActionsEquivalentExists walks the dashboard's table of actions: the
// command that each names must be there, with the flags that it gives.
func TestEveryActionsEquivalentExists(t *testing.T) {
	for _, a := range tui.Actions() {
		words := strings.Fields(strings.NewReplacer("[", "", "]", "").Replace(a.CLI))
		if len(words) == 0 {
			continue
		}
		root := newBench(t).app(nil, nil, nil).rootCommand(nil)
		root.InitDefaultHelpCmd()
		c, rest, err := root.Find(words[1:])
		if err != nil || c == root && len(words) > 1 {
			t.Errorf("%s: there is no command %q (%v)", a.ID, a.CLI, err)
			continue
		}
		for _, word := range rest {
			name, isFlag := strings.CutPrefix(word, "--")
			if isFlag && c.Flag(name) == nil && c.InheritedFlags().Lookup(name) == nil {
				t.Errorf("%s: %q has no flag --%s", a.ID, c.CommandPath(), name)
			}
		}
	}
}
