package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// group returns a command that only holds others.
func group(name, short string, subcommands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use: name + " COMMAND", Short: short, Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args)
			}
			var names []string
			for _, sub := range c.Commands() {
				names = append(names, sub.Name())
			}
			return usagef("say what to do: %s %s", c.CommandPath(), strings.Join(names, "|"))
		},
	}
	c.AddCommand(subcommands...)
	return c
}

// unknownCommand refuses what is neither a command nor a place.
func unknownCommand(c *cobra.Command, args []string) error {
	e := &usageError{text: "unknown command " + text.Quote(args[0]), hint: "see " + c.CommandPath() + " --help"}
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		e.hint = "did you mean " + c.CommandPath() + " " + strings.Join(near, ", ") + "?"
	}
	return e
}

// want returns a check that there is one argument for each name.
func want(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		hint := "usage: " + c.UseLine()
		switch {
		case len(args) < len(names):
			return &usageError{text: names[len(args)] + " is missing", hint: hint}
		case len(args) > len(names):
			return &usageError{text: "one argument too many: " + text.Quote(args[len(names)]), hint: hint}
		}
		return nil
	}
}

// withStore returns a command's function that works on the open store.
func (a *app) withStore(run func(ctx context.Context, st *keystore.Store, args []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		st, err := a.open(c.Context())
		if err != nil {
			return err
		}
		return closing(st, run(c.Context(), st, args))
	}
}

func closing(st *keystore.Store, err error) error { return errors.Join(err, st.Close()) }
