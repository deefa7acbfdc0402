package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/records"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// bulkExportFlags say which keys are exported and how.
type bulkExportFlags struct{ filter, user, format, out string }

func (a *app) bulkExport() *cobra.Command {
	var f bulkExportFlags
	c := &cobra.Command{
		Use: "export [KEY]...", Short: "Write what is known of keys, never their secrets", Args: cobra.ArbitraryArgs,
		Long: `Write what is known of keys: those that are named, those that --filter and --user
select, or else all. Revoked ones are left out unless a filter asks for them. No
secret is among it.

  ndjson  an object a line, with the fields of "key show --json"
  csv     a table under a heading

A file given by --output is new and readable by its owner only.`,
		Example:           "  pakdeck bulk export --filter 'state:expiring' --format csv --output expiring.csv",
		ValidArgsFunction: a.completeKey,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.exportKeys(ctx, st, args, f)
		}),
	}
	c.Flags().StringVar(&f.filter, "filter", "", "the keys that the `EXPRESSION` selects, see key list --help")
	c.Flags().StringVar(&f.user, "user", "", "the keys of the user `NAME`")
	c.Flags().StringVar(&f.format, "format", string(records.NDJSON), "`FORMAT`: ndjson or csv")
	c.Flags().StringVarP(&f.out, "output", "o", "", "a new `FILE` instead of standard output")
	a.completeFlag(c, "user", a.completeUser)
	a.completeWords(c, "format", string(records.NDJSON), string(records.CSV))
	return c
}

func (a *app) exportKeys(ctx context.Context, st *keystore.Store, refs []string, f bulkExportFlags) error {
	format, err := records.ParseFormat(f.format)
	if err != nil {
		return usagef("--format %s: use %s or %s", text.Quote(f.format), records.NDJSON, records.CSV)
	}
	keys, err := a.selectKeys(ctx, st, refs, f.filter, f.user, true)
	if err != nil {
		return err
	}
	v, silent := a.viewer(ctx, st).records(), func(int) {}
	if f.out == "" {
		err = records.Export(ctx, output{a}, format, v, keys, silent)
	} else if err = records.ExportFile(ctx, f.out, format, v, keys, silent); err != nil {
		err = fileError("--output", f.out, err)
	}
	if err == nil {
		a.note("exported %s", text.Plural(len(keys), "key"))
	}
	return err
}
