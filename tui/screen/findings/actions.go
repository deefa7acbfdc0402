package findings

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// Actions returns what can be done with findings.
func Actions() []keymap.Action {
	return keymap.Group("Lint", []string{screen.Lint}, []keymap.Action{
		{ID: "lint.open", Title: "open", Help: "go to the key or the user", Keys: []string{"enter"}, CLI: "pakdeck key show KEY"},
		{ID: "lint.why", Title: "why", Help: "all about the finding", Keys: []string{"v"}, CLI: "pakdeck lint --explain RULE"},
		{ID: "lint.fix", Title: "fix", Help: "put right, after a preview; all marked", Keys: []string{"f"}, Writes: true, CLI: "pakdeck lint --json"},
		{ID: "lint.safe", Title: "fix all", Help: "all that need no question", Keys: []string{"F"}, Writes: true, CLI: "pakdeck lint --fix"},
		{ID: "lint.waive", Title: "waive", Help: "accept it, or take that back; all marked", Keys: []string{"w"}, Writes: true, CLI: "pakdeck lint waive RULE KEY --reason TEXT --until DATE"},
		{ID: "lint.rotate", Title: "rotate", Help: "give the key a new secret", Keys: []string{"r"}, Writes: true, CLI: "pakdeck key rotate KEY"},
		{ID: "lint.waived", Title: "waived", Help: "show or hide what is waived", Keys: []string{"h"}, CLI: "pakdeck lint waivers"},
		{ID: "lint.group", Title: "group", Help: "by severity, rule, key, owner, news", Keys: []string{"b"}, CLI: "pakdeck lint --format text"},
		{ID: "lint.remember", Title: "baseline", Help: "remember what counts now", Keys: []string{"B"}, Writes: true, CLI: "pakdeck lint --save"},
	})
}
