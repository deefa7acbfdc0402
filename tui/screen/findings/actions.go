package findings

import (
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

const group = "Lint"

// Actions returns what can be done with findings.
func Actions() []keymap.Action {
	lint := []string{screen.Lint}
	return []keymap.Action{
		{
			ID: "lint.open", Title: "open", Help: "go to the key or the user", Keys: []string{"enter"}, Group: group,
			Scopes: lint, CLI: "pakdeck key show KEY",
		},
		{
			ID: "lint.why", Title: "why", Help: "all about the finding", Keys: []string{"v"}, Group: group,
			Scopes: lint, CLI: "pakdeck lint --explain RULE",
		},
		{
			ID: "lint.fix", Title: "fix", Help: "put right, after a preview; all marked", Keys: []string{"f"}, Group: group,
			Scopes: lint, Writes: true, CLI: "pakdeck lint --json",
		},
		{
			ID: "lint.safe", Title: "fix all", Help: "all that need no question", Keys: []string{"F"}, Group: group,
			Scopes: lint, Writes: true, CLI: "pakdeck lint --fix",
		},
		{
			ID: "lint.waive", Title: "waive", Help: "accept it, or take that back; all marked", Keys: []string{"w"}, Group: group,
			Scopes: lint, Writes: true, CLI: "pakdeck lint waive RULE KEY --reason TEXT --until DATE",
		},
		{
			ID: "lint.rotate", Title: "rotate", Help: "give the key a new secret", Keys: []string{"r"}, Group: group,
			Scopes: lint, Writes: true, CLI: "pakdeck key rotate KEY",
		},
		{
			ID: "lint.waived", Title: "waived", Help: "show or hide what is waived", Keys: []string{"h"}, Group: group,
			Scopes: lint, CLI: "pakdeck lint waivers",
		},
		{
			ID: "lint.group", Title: "group", Help: "by severity, rule, key, owner, news", Keys: []string{"b"}, Group: group,
			Scopes: lint, CLI: "pakdeck lint --format text",
		},
		{
			ID: "lint.remember", Title: "baseline", Help: "remember what counts now", Keys: []string{"B"}, Group: group,
			Scopes: lint, Writes: true, CLI: "pakdeck lint --save",
		},
	}
}
