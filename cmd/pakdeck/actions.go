package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/keymap"
)

// actionJSON is something that the dashboard can do.
type actionJSON struct {
	ID      string   `json:"id"`
	Keys    []string `json:"keys"`
	Screens []string `json:"screens"` // empty: everywhere
	Help    string   `json:"help"`
	Command string   `json:"command"` // that does the same; "" if there is none
	Writes  bool     `json:"writes"`
}

func (a *app) actionsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "actions", Short: "List what the dashboard can do, with its keys and commands", Args: want(),
		Long: `List what the dashboard can do: the id of each action, which the table [keys] of
the configuration names, the keys that lead to it, and the command that does the
same.

The configuration is pakdeck/config.toml in the configuration folder
(XDG_CONFIG_HOME, else ~/.config):

  theme = "auto"        # auto, light, dark, mono, contrast, colour-blind
  ascii = false         # draw with nothing but ASCII
  mouse = "off"         # off; local: on, but not over SSH; on

  [idle]                # what happens while nobody types; "never" is a time, too
  lock = "15m"
  exit = "8h"
  unlock = []           # a command that must succeed before a hidden screen is shown

  [keys]
  "key.revoke" = ["ctrl+x"]
  "key.clone" = []      # no key; it can still be done by its name`,
		RunE: func(*cobra.Command, []string) error { return a.listActions() },
	}
}

func (a *app) listActions() error {
	choices, err := a.choices()
	if err != nil {
		return err
	}
	keys, err := keymap.New(tui.Actions(), choices.Keys)
	if err != nil {
		return &usageError{text: err.Error(), hint: "correct the table [keys] of " + a.config}
	}
	if !a.json {
		rows := [][]string{{"ACTION", "KEYS", "WHAT IT DOES", "COMMAND"}}
		for _, x := range keys.Actions() {
			rows = append(rows, []string{x.ID, strings.Join(x.Keys, " "), x.Help, x.CLI})
		}
		return a.printRows(rows)
	}
	out := []actionJSON{}
	for _, x := range keys.Actions() {
		out = append(out, actionJSON{
			ID: x.ID, Keys: append([]string{}, x.Keys...), Screens: append([]string{}, x.Scopes...), Help: x.Help, Command: x.CLI, Writes: x.Writes,
		})
	}
	return a.printJSON(out)
}
