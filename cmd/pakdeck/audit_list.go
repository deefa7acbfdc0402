package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
)

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
	err = backwards(ctx, st, filter, f.limit, func(entries []trail.Entry) error {
		shown += len(entries)
		return a.printEntries(shown == len(entries), entries)
	})
	if err == nil && shown == 0 {
		a.note("no record is selected")
	}
	return err
}

// backwards calls fn with the newest records that a filter selects, some at a
// time, at most limit of them unless that is 0.
func backwards(ctx context.Context, st *keystore.Store, f trail.Filter, limit int, fn func([]trail.Entry) error) error {
	n := 0
	for from := int64(trail.Newest); ; {
		most := pageSize
		if limit > 0 {
			most = min(most, limit-n)
		}
		page, err := trail.Backwards(ctx, st, f, from, most)
		if err != nil {
			return err
		}
		if len(page.Entries) > 0 {
			if err := fn(page.Entries); err != nil {
				return err
			}
		}
		n += len(page.Entries)
		if from = page.Next; from < 0 || limit > 0 && n >= limit {
			return nil
		}
	}
}
