package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

func (a *app) auditTailCommand() *cobra.Command {
	var f trailFlags
	follow := false
	c := &cobra.Command{
		Use: "tail", Short: "Show the newest journal records, oldest first", Args: want(),
		Long:    "Show the newest journal records, oldest first, and with -f every new one as it is\nwritten, until interrupted.",
		Example: "  pakdeck audit tail -f --outcome denied",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			return a.tail(ctx, st, f, follow)
		}),
	}
	f.define(a, c, c.Flags())
	c.Flags().IntVarP(&f.limit, "lines", "n", 10, "at most `N` records to begin with")
	c.Flags().BoolVarP(&follow, "follow", "f", false, "go on with new ones")
	return c
}

func (a *app) tail(ctx context.Context, st *keystore.Store, f trailFlags, follow bool) error {
	if f.limit < 0 {
		return usagef("--lines %d: give a number of records", f.limit)
	}
	filter, err := f.filter(ctx, st)
	if err != nil {
		return err
	}
	notices, err := st.Watch(ctx)
	if err != nil {
		return err
	}
	entries, next, err := newest(ctx, st, filter, f.limit)
	if err != nil {
		return err
	}
	for {
		if len(entries) > 0 {
			if err := a.printEntries(false, entries); err != nil {
				return err
			}
		}
		if !follow {
			return nil
		}
		if _, ok := <-notices; !ok {
			return ctx.Err()
		}
		if entries, next, err = a.since(ctx, st, filter, next); err != nil {
			return err
		}
	}
}

// newest returns the last records that a filter selects, oldest first, and the
// number of the record that comes next.
func newest(ctx context.Context, st *keystore.Store, f trail.Filter, limit int) (entries []trail.Entry, next int64, err error) {
	head, err := st.Head(ctx)
	if err != nil {
		return nil, 0, err
	}
	for from := head.Size - 1; from >= 0 && len(entries) < limit; {
		page, err := trail.Backwards(ctx, st, f, from, limit-len(entries))
		if err != nil {
			return nil, 0, err
		}
		entries, from = append(entries, page.Entries...), page.Next
	}
	slices.Reverse(entries)
	return entries, head.Size, nil
}

// since returns the records from a number on that a filter selects, and the
// number of the record that comes next. Who follows waits for a store that is
// busy, and is told if the journal becomes shorter.
func (a *app) since(ctx context.Context, st *keystore.Store, f trail.Filter, from int64) (entries []trail.Entry, next int64, err error) {
	head, err := st.Head(ctx)
	if err == nil && head.Size < from {
		a.warn(fmt.Sprintf("the journal has %d records, and had %d: an older store was put back", head.Size, from))
		from = head.Size
	}
	for next = from; err == nil && next < head.Size; {
		var page trail.Page
		page, err = trail.Forwards(ctx, st, f, next, pageSize)
		entries, next = append(entries, page.Entries...), max(page.Next, next)
	}
	if ofType[*kv.BusyError](err) {
		a.warn(err.Error())
		return a.since(ctx, st, f, from)
	}
	return entries, next, err
}
