package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/filter"
	"github.com/pakdeck/pakdeck/keystore/order"
	"github.com/pakdeck/pakdeck/tui/text"
)

// listFlags select and sort keys.
type listFlags struct {
	user, filter, sort string
	states             []string
	all                bool
}

func (a *app) keyListCommand() *cobra.Command {
	var f listFlags
	c := &cobra.Command{
		Use: "list", Short: "List the keys", Long: "List the keys. Revoked ones are left out unless they are asked for.\n\n" + filterHelp(), Args: want(),
		Example: "  pakdeck key list --filter 'state:expiring user:build-bot'\n  pakdeck key list --filter '!seen:<30d' --sort used",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			return a.listKeys(ctx, st, f)
		}),
	}
	c.Flags().StringVar(&f.user, "user", "", "only keys of the user `NAME`")
	c.Flags().StringSliceVar(&f.states, "state", nil, "only keys in a `STATE`; repeat it or separate by commas")
	c.Flags().StringVar(&f.filter, "filter", "", "only keys that the `EXPRESSION` selects")
	c.Flags().StringVar(&f.sort, "sort", "name", "`ORDER`: "+joined(order.Names(), "or")+"; - before it reverses")
	c.Flags().BoolVar(&f.all, "all", false, "revoked keys as well")
	a.completeFlag(c, "user", a.completeUser)
	a.completeWords(c, "state", stateNames()...)
	a.completeWords(c, "sort", order.Names()...)
	return c
}

// filterHelp explains the fields of a filter.
func filterHelp() string {
	rows := [][]string{}
	for _, f := range filter.Fields() {
		rows = append(rows, []string{"  " + f.Example, f.Help})
	}
	return `A filter is a list of terms, all of which must hold: field:value, or a word that
is looked for in the name, the description and the owner. "!" before a term
negates it, commas separate alternatives, double quotes hold a value together.
"*" stands for any characters; "~abc" finds the letters a, b, c in this order.

` + strings.Join(text.Columns(rows, gap), "\n")
}

func stateNames() []string {
	names := make([]string, len(keystore.States))
	for i, s := range keystore.States {
		names[i] = string(s)
	}
	return names
}

func (a *app) listKeys(ctx context.Context, st *keystore.Store, f listFlags) error {
	v := a.viewer(ctx, st)
	keys, all, err := f.selected(ctx, st, v)
	if err != nil {
		return err
	}
	if err := order.Sort(keys, f.sort, order.View{Now: v.now, Warn: v.policy.WarnBefore}); err != nil {
		return usagef("--sort %s: %v", text.Quote(f.sort), err)
	}
	if a.json {
		return a.printKeysJSON(keys, v)
	}
	return a.printKeys(keys, all, v)
}

// selected returns the keys that the flags select, and among how many.
func (f listFlags) selected(ctx context.Context, st *keystore.Store, v viewer) (keys []keystore.KeyView, all int, err error) {
	expr, err := filter.Parse(f.filter)
	if err != nil {
		return nil, 0, err
	}
	states := map[keystore.State]bool{}
	for _, name := range f.states {
		s, err := keystore.ParseState(name)
		if err != nil {
			return nil, 0, err
		}
		states[s] = true
	}
	var owner keystore.User
	if f.user != "" {
		if owner, err = st.User(ctx, f.user); err != nil {
			return nil, 0, err
		}
	}
	list, err := st.Keys(ctx)
	if err != nil {
		return nil, 0, err
	}
	revoked := f.all || states[keystore.StateRevoked] || expr.AsksFor(keystore.StateRevoked)
	matches := expr.Among(list, filter.NewIndex(list), v.now, v.warn)
	for i, k := range list {
		state := v.state(k)
		if (revoked || state != keystore.StateRevoked) &&
			(len(states) == 0 || states[state]) &&
			(f.user == "" || k.User == owner.ID) &&
			matches(i) {
			keys = append(keys, k)
		}
	}
	return keys, len(list), nil
}

func (a *app) printKeysJSON(keys []keystore.KeyView, v viewer) error {
	objects := make([]keyJSON, len(keys))
	for i, k := range keys {
		var err error
		if objects[i], err = v.key(k); err != nil {
			return err
		}
	}
	return a.printJSON(objects)
}

// maxNameShown bounds a name in a table on a terminal, in cells.
const maxNameShown = 40

func (a *app) printKeys(keys []keystore.KeyView, all int, v viewer) error {
	switch {
	case all == 0:
		a.note("there are no keys yet; run: pakdeck key create --user NAME --name TEXT --expires 90d")
		return nil
	case len(keys) == 0:
		a.note("none of %s is selected", text.Plural(all, "key"))
		return nil
	}
	rows := make([][]string, len(keys))
	for i, k := range keys {
		name := k.Ref()
		if isTerminal(a.out) {
			name = text.Truncate(name, maxNameShown)
		}
		rows[i] = []string{
			name, string(v.state(k)), expiry.Short(k.Expires, v.now), ago(k.Uses.Last.Time, v.now),
			lastAddress(k.Uses), k.Created.Format("2006-01-02"),
		}
	}
	return a.printTable([]string{"KEY", "STATE", "EXPIRES", "USED", "FROM", "CREATED"}, rows)
}
