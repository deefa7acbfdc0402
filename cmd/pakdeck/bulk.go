package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/tui/text"
)

// bulkFlags say which keys a bulk is about and how it is confirmed.
type bulkFlags struct {
	filter, user string
	yes, dryRun  bool
	atomic       bool
	expect       int
	set          *pflag.FlagSet
}

func (f *bulkFlags) define(set *pflag.FlagSet) {
	f.set = set
	set.StringVar(&f.filter, "filter", "", "the keys that the `EXPRESSION` selects, see key list --help")
	set.StringVar(&f.user, "user", "", "the keys of the user `NAME`")
	set.BoolVar(&f.yes, "yes", false, "do it without asking")
	set.IntVar(&f.expect, "count", 0, "do it without asking if exactly `N` keys would change")
	set.BoolVar(&f.dryRun, "dry-run", false, "show what would change and whom it would have refused, but do not change it")
	set.BoolVar(&f.atomic, "atomic", false, "all keys in one transaction, or none")
}

const bulkHelp = `Make one change to many keys: those that are named, or that --filter and --user
select. What would change is shown for each key; then the number of keys is to be
typed, or given with --count, or --yes.

Each key is changed whatever becomes of the others, and a journal record tells
the change before and after. With --atomic all are changed or none. A key that
somebody else changed meanwhile is left as it is. The exit code is 1 if a key
could not be changed. After an interruption the same command goes on.`

func (a *app) bulkCommand() *cobra.Command {
	c := group("bulk", "Change many keys at once", a.bulkDisable(), a.bulkEnable(), a.bulkRevoke(), a.bulkEdit(), a.bulkExport())
	c.Long = bulkHelp
	return c
}

// bulkOf returns a subcommand; change reads its flags.
func (a *app) bulkOf(use, short, example string, define func(*pflag.FlagSet), change func() (bulk.Change, error)) *cobra.Command {
	var f bulkFlags
	c := &cobra.Command{
		Use: use + " [KEY]...", Short: short, Long: bulkHelp, Args: cobra.ArbitraryArgs, Example: example,
		ValidArgsFunction: a.completeKey,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			what, err := change()
			if err != nil {
				return err
			}
			return a.bulk(ctx, st, args, &f, what)
		}),
	}
	f.define(c.Flags())
	define(c.Flags())
	a.completeFlag(c, "user", a.completeUser)
	return c
}

func noFlags(*pflag.FlagSet) {}

func (a *app) bulkDisable() *cobra.Command {
	return a.bulkOf("disable", "Switch keys off until they are enabled again", "  pakdeck bulk disable --filter '!seen:<90d'",
		noFlags, func() (bulk.Change, error) { return bulk.Change{Disable: true}, nil })
}

func (a *app) bulkEnable() *cobra.Command {
	return a.bulkOf("enable", "Switch disabled keys on again", "  pakdeck bulk enable --user build-bot --count 4",
		noFlags, func() (bulk.Change, error) { return bulk.Change{Enable: true}, nil })
}

func (a *app) bulkRevoke() *cobra.Command {
	var r keystore.Revocation
	return a.bulkOf("revoke", "End keys for ever", "  pakdeck bulk revoke --user contractor --reason 'contract ended'", func(set *pflag.FlagSet) {
		set.StringVar(&r.Reason, "reason", "", "`TEXT` that says why")
		set.BoolVar(&r.Compromised, "compromised", false, "somebody else has the keys: the revocations can never be taken back")
	}, func() (bulk.Change, error) {
		if r.Reason == "" {
			return bulk.Change{}, usagef("--reason is missing; say why the keys end")
		}
		return bulk.Change{Revoke: &r}, keystore.CheckReason(r.Reason)
	})
}

func (a *app) bulk(ctx context.Context, st *keystore.Store, refs []string, f *bulkFlags, c bulk.Change) error {
	keys, err := a.selectKeys(ctx, st, refs, f.filter, f.user, false)
	if err != nil {
		return err
	}
	plan, err := bulk.Plan(ctx, st, keys, c)
	if err != nil {
		return err
	}
	if f.dryRun {
		return a.tryBulk(ctx, st, plan)
	}
	n := bulk.Count(plan)
	if f.set.Changed("count") && f.expect != n {
		return usagef("--count %d: %s would change; nothing was done", f.expect, text.Plural(n, "key"))
	}
	if n == 0 {
		return a.printResults(unchanged(plan))
	}
	if err := a.confirmPlan(ctx, f, plan, n); err != nil {
		return err
	}
	results, err := a.applyPlan(ctx, st, plan, f.atomic)
	a.refused(ctx, st)
	if err != nil && f.atomic {
		return err
	}
	if printed := a.printResults(results); err == nil {
		return printed
	}
	a.note("stopped after %s of %s", text.Plural(len(results), "key"), text.Count(len(plan)))
	return err
}

func (a *app) applyPlan(ctx context.Context, st *keystore.Store, plan []bulk.Line, atomic bool) ([]bulk.Result, error) {
	if atomic {
		return bulk.ApplyAll(ctx, st, plan)
	}
	var results []bulk.Result
	err := bulk.Apply(ctx, st, plan, func(r bulk.Result) { results = append(results, r) })
	return results, err
}

// confirmPlan asks for the number of keys, unless a flag says it.
func (a *app) confirmPlan(ctx context.Context, f *bulkFlags, plan []bulk.Line, n int) error {
	switch {
	case f.yes || f.set.Changed("count"):
		return nil
	case !isTerminal(a.in):
		return usagef("%s would change; look at them with --dry-run, then confirm with --count %d or --yes", text.Plural(n, "key"), n)
	}
	for _, l := range plan {
		a.note("%s", strings.Join(planWords(l), "  "))
	}
	return a.typed(ctx, strconv.Itoa(n), fmt.Sprintf("Type %d to change %s: ", n, text.Plural(n, "key")))
}

// typed asks for a word on the terminal.
func (a *app) typed(ctx context.Context, word, prompt string) error {
	_, _ = fmt.Fprint(a.err, prompt)
	line, err := wait(ctx, func() (string, error) { return readLine(a.in) })
	if err != nil {
		return err
	}
	if strings.TrimSpace(line) != word {
		return usagef("%s is not %s; nothing was done", text.Quote(strings.TrimSpace(line)), word)
	}
	return nil
}

func unchanged(plan []bulk.Line) []bulk.Result {
	out := make([]bulk.Result, len(plan))
	for i, l := range plan {
		out[i] = bulk.Result{Line: l, After: l.Before, Err: l.Err}
	}
	return out
}

// failedKeys ends a bulk of which not all was done.
func failedKeys(results []bulk.Result) error {
	for _, r := range results {
		if r.Err != nil {
			return errNegative
		}
	}
	return nil
}
