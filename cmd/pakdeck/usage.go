package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/text"
)

const usageHelp = `Show how often keys were used, with which outcome, when and by whom: of all keys,
of those of a user, or of one key.

An hour or a day in which no verifier was counting is told apart from one without
uses: it is "unknown", and its "known" is false in JSON. Every use is counted.
Callers are told apart for as many as there is room for; the others are counted
together as "all others". Their agent is the name of the program without its
version, and ids in their routes are written {id}.`

// usageFlags say which uses are shown.
type usageFlags struct {
	user, since, by string
	callers         int
}

func (a *app) usageCommand() *cobra.Command {
	var f usageFlags
	c := &cobra.Command{
		Use: "usage [KEY]", Short: "Show when and by whom keys are used", Long: usageHelp,
		Example: "  pakdeck usage build-bot/ci-deploy --since 7d --by hour", ValidArgsFunction: a.completeKey,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return want("KEY")(c, args)
			}
			return nil
		},
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.showUsage(ctx, st, args, f)
		}),
	}
	set := c.Flags()
	set.StringVar(&f.user, "user", "", "of the keys of the user `NAME`")
	set.StringVar(&f.since, "since", "30d", "from `TIME` on: 30m, 12h, 7d, 4w, 2026-11-23")
	set.StringVar(&f.by, "by", "day", "a line for every `UNIT`: hour or day, of UTC")
	set.IntVar(&f.callers, "callers", 20, "at most `N` callers and keys; 0 for all")
	a.completeFlag(c, "user", a.completeUser)
	a.completeWords(c, "by", "hour", "day")
	return c
}

// check refuses flags that need no store to be wrong.
func (f usageFlags) check(args []string) error {
	switch {
	case len(args) > 0 && f.user != "":
		return usagef("give a KEY or --user, not both")
	case f.by != "hour" && f.by != "day":
		return usagef("--by %s: write hour or day", text.Quote(f.by))
	case f.callers < 0:
		return usagef("--callers %d: give a number of callers, or 0 for all", f.callers)
	}
	return nil
}

// uses is what was asked for, read.
type uses struct {
	key    string // user/name; "" of more than one
	user   string
	report *usage.Report
	keys   []keyUses // of more than one
	now    time.Time
}

// keyUses is a key with its counts in the span.
type keyUses struct {
	keystore.KeyView
	usage.Counts
}

func (a *app) showUsage(ctx context.Context, st *keystore.Store, args []string, f usageFlags) error {
	if err := f.check(args); err != nil {
		return err
	}
	since, err := trail.ParseTime(f.since, st.Now())
	if err != nil {
		return usagef("--since: %v", err)
	}
	if since.After(st.Now()) {
		return usagef("--since %s is in the future", text.Quote(f.since))
	}
	span := keystore.Span{From: since, To: st.Now().Add(time.Nanosecond)}
	var u uses
	if len(args) > 0 {
		u, err = usesOfKey(ctx, st, args[0], span)
	} else {
		u, err = usesOfMany(ctx, st, f.user, span)
	}
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(u.json(f))
	}
	return a.printUsage(u, f)
}

func usesOfKey(ctx context.Context, st *keystore.Store, ref string, in keystore.Span) (uses, error) {
	k, err := st.Key(ctx, ref)
	if err != nil {
		return uses{}, err
	}
	r, err := usage.Load(ctx, st, usage.OfKeys(k.Key), in)
	return uses{key: k.Ref(), user: k.Owner.Name, report: r, now: st.Now()}, err
}

// usesOfMany reads the uses of a user's keys, or of all.
func usesOfMany(ctx context.Context, st *keystore.Store, user string, in keystore.Span) (uses, error) {
	u := uses{user: user, now: st.Now()}
	keys, err := st.Keys(ctx)
	if err != nil {
		return u, err
	}
	of := usage.Everything()
	if user != "" {
		owner, err := st.User(ctx, user)
		if err != nil {
			return u, err
		}
		u.user = owner.Name
		keys = ownedBy(keys, owner.ID)
		of = usage.OfKeys(keyList(keys)...)
	}
	if u.report, err = usage.Load(ctx, st, of, in); err != nil {
		return u, err
	}
	sums, err := usage.Sums(ctx, st, in)
	u.keys = ranked(keys, sums)
	return u, err
}

func ownedBy(keys []keystore.KeyView, id keystore.UserID) []keystore.KeyView {
	var out []keystore.KeyView
	for _, k := range keys {
		if k.User == id {
			out = append(out, k)
		}
	}
	return out
}

func keyList(keys []keystore.KeyView) []keystore.Key {
	out := make([]keystore.Key, len(keys))
	for i, k := range keys {
		out[i] = k.Key
	}
	return out
}

// countsOf returns the counts of a key's secrets.
func countsOf(k keystore.Key, sums map[token.ID]usage.Counts) usage.Counts {
	var sum usage.Counts
	for _, s := range k.Secrets {
		sum = sum.Add(sums[s.ID])
	}
	return sum
}
