package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/keystore/incident"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/text"
)

// panicFlags say which keys are in danger and what is done about them.
type panicFlags struct {
	bulkFlags
	handFlags
	from   string
	rotate bool
	revoke bool
	reason string
}

const panicHelp = `Make keys useless that are, or may be, in wrong hands: those of a user, those that
a filter selects, those that are named, or all that a text gives away: a log, a
paste, a repository's diff. Whole key strings are found in it, and cut off ones by
their public id. The text is not kept, and no key string is written anywhere.

--revoke ends the keys for ever. --rotate gives each a new secret, saved to --dir
or given to --exec, and refuses the old ones at once. Who used the keys in the last 7 days, and so will
break, is told before. The exit code is 1 if a key could not be dealt with.`

func (a *app) panicCommand() *cobra.Command {
	var f panicFlags
	c := &cobra.Command{
		Use: "panic [KEY]...", Short: "Make keys useless that are in wrong hands", Long: panicHelp, Args: cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeKey,
		Example: `  pakdeck panic --from build.log --dry-run
  journalctl -u app | pakdeck panic --from - --revoke --reason 'in the log of app' --count 12
  pakdeck panic --user contractor --rotate --dir handover --to owner`,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.panicNow(ctx, st, args, &f)
		}),
	}
	f.set = c.Flags()
	f.set.StringVar(&f.from, "from", "", "search the `FILE` for keys; - for standard input")
	f.set.StringVar(&f.filter, "filter", "", "the keys that the `EXPRESSION` selects")
	f.set.StringVar(&f.user, "user", "", "the keys of the user `NAME`")
	f.set.BoolVar(&f.revoke, "revoke", false, "end the keys for ever")
	f.set.BoolVar(&f.rotate, "rotate", false, "give each a new secret and refuse the old ones at once")
	f.set.StringVar(&f.reason, "reason", "compromised", "`TEXT` that says why, for the journal")
	f.handFlags.define(f.set)
	f.set.BoolVar(&f.yes, "yes", false, "do it without asking")
	f.set.IntVar(&f.expect, "count", 0, "do it without asking if it is about exactly `N` keys")
	f.set.BoolVar(&f.dryRun, "dry-run", false, "show which keys and who will break, but do nothing")
	a.completeFlag(c, "user", a.completeUser)
	return c
}

func (f *panicFlags) check() error {
	switch {
	case f.dryRun:
		return nil
	case f.revoke == f.rotate:
		return usagef("say what to do: --revoke or --rotate; --dry-run shows what would break")
	case f.revoke && (f.files() || f.command != ""):
		return usagef("--dir, --to, --passphrase and --exec are about new secrets: they go with --rotate")
	}
	return keystore.CheckReason(f.reason)
}

func (a *app) panicNow(ctx context.Context, st *keystore.Store, refs []string, f *panicFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	var hand session.Hand
	var passphrase string
	var err error
	if f.rotate && !f.dryRun {
		if hand, passphrase, err = f.hand(ctx, a, st); err != nil {
			return err
		}
	}
	keys, err := a.inDanger(ctx, st, refs, f)
	if err != nil {
		return err
	}
	if f.set.Changed("count") && f.expect != len(keys) && !f.dryRun {
		return usagef("--count %d: it is about %s; nothing was done", f.expect, text.Plural(len(keys), "key"))
	}
	if err := a.printVictims(ctx, st, keys); err != nil {
		return err
	}
	if f.dryRun || len(keys) == 0 {
		a.note("nothing was done")
		return nil
	}
	if err := a.confirmPanic(ctx, f, len(keys)); err != nil {
		return err
	}
	if f.rotate {
		return a.panicRotate(ctx, st, keys, session.Session{Rotation: keystore.Rotation{Now: true}, Hand: hand}, passphrase)
	}
	plan, err := bulk.Plan(ctx, st, keys, bulk.Change{Revoke: &keystore.Revocation{Reason: f.reason, Compromised: true}})
	if err != nil {
		return err
	}
	results, err := a.applyPlan(ctx, st, plan, false)
	for _, r := range results {
		if r.Err != nil {
			a.warn(r.Before.Ref() + ": " + r.Err.Error())
		}
	}
	a.followed(ctx, st)
	a.note("revoked %d of %s", bulk.Count(plan)-failures(results), text.Plural(len(keys), "key"))
	return errors.Join(err, failedKeys(results))
}

func failures(results []bulk.Result) (n int) {
	for _, r := range results {
		if r.Err != nil && r.Changes() {
			n++
		}
	}
	return n
}

// panicRotate rotates keys without waiting for anybody.
func (a *app) panicRotate(ctx context.Context, st *keystore.Store, keys []keystore.KeyView, s session.Session, passphrase string) error {
	s, err := session.Start(ctx, st, s, keys)
	if err != nil {
		return err
	}
	for n := range s.Steps {
		x, err := s.Do(ctx, st, n, passphrase)
		if err != nil {
			a.note("stopped; go on with: pakdeck rotate-session resume %s --wait 0", s.ID)
			return err
		}
		a.note("%s: %s %s", x.Ref, x, x.File)
	}
	a.followed(ctx, st)
	failed := 0
	for _, x := range s.Steps {
		if x.State == session.Failed {
			failed++
		}
	}
	a.note("session %s: rotated %d of %s", s.ID, len(keys)-failed, text.Plural(len(keys), "key"))
	if err := s.End(context.WithoutCancel(ctx), st); err != nil || failed == 0 {
		return err
	}
	return errNegative
}

func (a *app) confirmPanic(ctx context.Context, f *panicFlags, n int) error {
	what := "revoke"
	if f.rotate {
		what = "rotate"
	}
	switch {
	case f.yes || f.set.Changed("count"):
		return nil
	case f.from == "-" || !isTerminal(a.in):
		return usagef("this would %s %s; look at them with --dry-run, then confirm with --count %d or --yes", what, text.Plural(n, "key"), n)
	}
	return a.typed(ctx, fmt.Sprint(n), fmt.Sprintf("Type %d to %s %s: ", n, what, text.Plural(n, "key")))
}

// inDanger returns the keys that are to be dealt with.
func (a *app) inDanger(ctx context.Context, st *keystore.Store, refs []string, f *panicFlags) ([]keystore.KeyView, error) {
	if f.from == "" {
		return a.selectKeys(ctx, st, refs, f.filter, f.user, false)
	}
	if len(refs) > 0 || f.filter != "" || f.user != "" {
		return nil, usagef("--from %s says which keys; leave out --filter, --user and names", text.Quote(f.from))
	}
	text, err := a.readText(ctx, f.from)
	if err != nil {
		return nil, err
	}
	finds, err := incident.Scan(ctx, st, text)
	if err != nil {
		return nil, err
	}
	for _, x := range finds {
		a.note("line %d: %s", x.Line, x)
	}
	if len(finds) == 0 {
		a.note("no key was found in the text")
	}
	return incident.Keys(finds), nil
}

func (a *app) readText(ctx context.Context, path string) (string, error) {
	in := a.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", fileError("--from", path, err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	b, err := wait(ctx, func() ([]byte, error) { return io.ReadAll(io.LimitReader(in, incident.MaxText+1)) })
	switch {
	case err != nil:
		return "", fileError("--from", path, err)
	case len(b) > incident.MaxText:
		return "", usagef("--from %s has more than 256 MiB; search it in parts", text.Quote(path))
	}
	return string(b), nil
}
