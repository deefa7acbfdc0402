package main

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// trailFlags select journal records.
type trailFlags struct {
	since, until         string
	key, user            string
	event, outcome, expr string
	limit                int
}

// denied is the value of --outcome for everything but "ok".
const denied = "denied"

func (f *trailFlags) define(a *app, c *cobra.Command, set *pflag.FlagSet) {
	set.StringVar(&f.since, "since", "", "only from this `TIME` on: 7d, 12h, 2026-11-23")
	set.StringVar(&f.until, "until", "", "only before this `TIME`")
	set.StringVar(&f.key, "key", "", "only about a `KEY` and its uses")
	set.StringVar(&f.user, "user", "", "only about the user `NAME` and its keys")
	set.StringVar(&f.event, "event", "", "only an `EVENT`, or a part of its name: key.create, key, use")
	set.StringVar(&f.outcome, "outcome", "", "only an `OUTCOME`: ok, ip_denied, …, or denied for all but ok")
	set.StringVar(&f.expr, "filter", "", "only what the `EXPRESSION` selects, such as 'ip:203.0.113.0/24 !via:cli'")
	a.completeFlag(c, "key", a.completeKey)
	a.completeFlag(c, "user", a.completeUser)
	a.completeWords(c, "event", eventNames()...)
	a.completeWords(c, "outcome", append(outcomeNames(), denied)...)
}

func eventNames() []string {
	events := journal.Events()
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = e.Name
	}
	return names
}

func outcomeNames() []string {
	names := make([]string, len(keystore.Outcomes))
	for i, o := range keystore.Outcomes {
		names[i] = string(o)
	}
	return names
}

func (a *app) auditListCommand() *cobra.Command {
	var f trailFlags
	c := &cobra.Command{
		Use: "list", Short: "List journal records, newest first", Args: want(),
		Long: `List journal records, newest first. With --json each line is a record in exactly
the stored bytes: its SHA-256 behind a zero byte is its leaf in the tree.`,
		Example: "  pakdeck audit list --key build-bot/ci-deploy --since 7d --outcome denied",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			return a.listTrail(ctx, st, f)
		}),
	}
	f.define(a, c, c.Flags())
	c.Flags().IntVar(&f.limit, "limit", 50, "at most `N` records; 0 for all")
	return c
}

// filter turns the flags into a filter of the journal.
func (f trailFlags) filter(ctx context.Context, st *keystore.Store) (trail.Filter, error) {
	words := []string{f.expr}
	if f.key != "" {
		k, err := st.Key(ctx, f.key)
		if err != nil {
			return trail.Filter{}, err
		}
		words = append(words, "key:"+string(k.ID))
	}
	if f.user != "" {
		u, err := st.User(ctx, f.user)
		if err != nil {
			return trail.Filter{}, err
		}
		words = append(words, "user:"+u.Name)
	}
	more, err := f.words()
	if err != nil {
		return trail.Filter{}, err
	}
	parsed, err := trail.Parse(strings.Join(append(words, more...), " "), st.Now())
	if err != nil {
		return parsed, &usageError{text: err.Error()}
	}
	return parsed, nil
}

// words turns the flags that need no look at the store into filter words.
func (f trailFlags) words() (words []string, err error) {
	for _, w := range [...]struct{ name, value string }{
		{"since", f.since}, {"until", f.until}, {"event", f.event}, {"outcome", f.outcome},
	} {
		switch {
		case w.value == "":
			continue
		case w.name == "outcome" && w.value == denied:
			words = append(words, "!outcome:ok")
			continue
		}
		if err := f.check(w.name, w.value); err != nil {
			return nil, err
		}
		words = append(words, w.name+":"+w.value)
	}
	return words, nil
}

// check refuses values that would select nothing because they do not exist.
func (f trailFlags) check(flag, value string) error {
	known := map[string][]string{"event": eventNames(), "outcome": append(outcomeNames(), denied)}[flag]
	switch {
	case known == nil && strings.ContainsFunc(value, unicode.IsSpace):
		return usagef("--%s %s: write 7d, 12h or 2026-11-23", flag, quote(value))
	case known == nil, slices.Contains(known, value):
		return nil
	case flag == "event" && slices.ContainsFunc(known, func(name string) bool { return strings.Contains(name, value) }):
		return nil
	}
	return usagef("--%s %s: there is none; use %s", flag, quote(value), joined(known, "or"))
}

// pageSize is how many records are read in one look at the store. Nothing is
// written out while the store is held.
const pageSize = 500

func (a *app) listTrail(ctx context.Context, st *keystore.Store, f trailFlags) error {
	if f.limit < 0 {
		return usagef("--limit %d: give a number of records, or 0 for all", f.limit)
	}
	filter, err := f.filter(ctx, st)
	if err != nil {
		return err
	}
	shown := 0
	for from := int64(trail.Newest); ; {
		limit := pageSize
		if f.limit > 0 {
			limit = min(limit, f.limit-shown)
		}
		page, err := trail.Backwards(ctx, st, filter, from, limit)
		if err != nil {
			return err
		}
		if len(page.Entries) > 0 {
			if err := a.printEntries(shown == 0, page.Entries); err != nil {
				return err
			}
		}
		shown += len(page.Entries)
		if from = page.Next; from < 0 || shown == f.limit {
			break
		}
	}
	if shown == 0 {
		a.note("no record is selected")
	}
	return nil
}
