package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
)

type completer = func(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective)

const noFiles = cobra.ShellCompDirectiveNoFileComp

// completeUser offers the names of users.
func (a *app) completeUser(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return a.completeFrom(c, args, func(st *keystore.Store) (list []cobra.Completion, err error) {
		users, err := st.Users(c.Context())
		for _, u := range users {
			if strings.HasPrefix(u.Name, begun) {
				list = append(list, cobra.CompletionWithDesc(u.Name, string(u.Kind)))
			}
		}
		return list, err
	})
}

// completeKey offers keys that were not revoked as user/name.
func (a *app) completeKey(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return a.completeKeys(c, args, begun, func(_ *keystore.Store, k keystore.KeyView) bool { return k.Revoked.IsZero() })
}

func (a *app) completeKeys(c *cobra.Command, args []string, begun string, offered func(*keystore.Store, keystore.KeyView) bool) ([]cobra.Completion, cobra.ShellCompDirective) {
	return a.completeFrom(c, args, func(st *keystore.Store) (list []cobra.Completion, err error) {
		keys, err := st.Keys(c.Context())
		for _, k := range keys {
			if offered(st, k) && strings.HasPrefix(k.Ref(), begun) {
				list = append(list, cobra.CompletionWithDesc(k.Ref(), string(k.ID)))
			}
		}
		return list, err
	})
}

// completeFrom offers what is in the store. A store that cannot be read offers
// nothing: the command itself will say why.
func (a *app) completeFrom(c *cobra.Command, args []string, offer func(*keystore.Store) ([]cobra.Completion, error)) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, noFiles
	}
	a.readOnly = true
	st, err := a.open(c.Context())
	if err != nil {
		return nil, noFiles
	}
	list, err := offer(st)
	if err := closing(st, err); err != nil {
		return nil, noFiles
	}
	return list, noFiles
}

// completeFlag offers values of a flag whatever the arguments are.
func (a *app) completeFlag(c *cobra.Command, flag string, offer completer) {
	must(c.RegisterFlagCompletionFunc(flag, func(c *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return offer(c, nil, begun)
	}))
}

// completeWords offers fixed values of a flag.
func (a *app) completeWords(c *cobra.Command, flag string, words ...string) {
	must(c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, noFiles)))
}

// must turns a mistake in the command tree into a crash of every test.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
