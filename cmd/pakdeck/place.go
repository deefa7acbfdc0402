package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// runRoot opens the dashboard at a place, or prints what is there.
func (a *app) runRoot(c *cobra.Command, args []string) error {
	if len(args) > 1 || (len(args) == 1 && !isPlace(args[0])) {
		return unknownCommand(c, args)
	}
	place := strings.Join(args, "")
	plain := a.wantsPlain() && !a.json
	if !plain && (a.dashboard == nil || a.json || !isTerminal(a.in) || !isTerminal(a.out)) {
		return a.printPlace(c, place)
	}
	st, err := a.openOrMake(c.Context())
	if err != nil {
		return err
	}
	if plain {
		return closing(st, a.runPlain(c.Context(), st, place))
	}
	return closing(st, a.dashboard(c.Context(), a, st, place))
}

// The places of the dashboard, as "keys" or "keys/KEY".
var (
	places     = []string{"keys", "users", "journal"}
	placesOpen = []string{"keys/", "users/", "usage/"}
)

func isPlace(arg string) bool {
	return slices.Contains(places, arg) || slices.ContainsFunc(placesOpen, func(p string) bool {
		return strings.HasPrefix(arg, p) && len(arg) > len(p)
	})
}

// printPlace runs the command that prints what the dashboard would show.
func (a *app) printPlace(c *cobra.Command, place string) error {
	kind, ref, open := strings.Cut(place, "/")
	line := map[string][]string{
		"": {"key", "list"}, "keys": {"key", "list"}, "users": {"user", "list"}, "journal": {"audit", "list"},
	}[kind]
	switch {
	case kind == "usage":
		line = []string{"usage", ref}
	case open:
		line = []string{strings.TrimSuffix(kind, "s"), "show", ref}
	}
	target, rest, err := c.Root().Find(line)
	if err != nil {
		return err
	}
	target.SetContext(c.Context())
	return target.RunE(target, rest)
}
