package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// exportFlags say what is exported and how.
type exportFlags struct {
	trailFlags
	format, out string
}

func (a *app) auditExportCommand() *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use: "export", Short: "Export journal records, oldest first", Args: want(),
		Long: `Export journal records, oldest first, as

  ndjson  the stored bytes, a record a line: the SHA-256 of a zero byte and a line
          is its leaf in the tree. "pakdeck audit verify --export" checks a whole
          journal in this form away from the store.
  csv     a table under a heading
  ocsf    Open Cybersecurity Schema Framework 1.3: uses as Authentication (3002),
          everything else as Entity Management (3004)

A file given by --output is new and readable by its owner only.`,
		Example: "  pakdeck audit export --format csv --since 30d --output november.csv",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			return a.export(ctx, st, f)
		}),
	}
	f.define(a, c, c.Flags())
	c.Flags().StringVar(&f.format, "format", string(trail.NDJSON), "`FORMAT`: ndjson, csv or ocsf")
	c.Flags().StringVarP(&f.out, "output", "o", "", "a new `FILE` instead of standard output")
	a.completeWords(c, "format", formatNames()...)
	return c
}

func formatNames() []string {
	var names []string
	for _, f := range trail.Formats {
		names = append(names, string(f))
	}
	return names
}

func (a *app) export(ctx context.Context, st *keystore.Store, f exportFlags) error {
	format, err := parseFormat(f.format)
	if err != nil {
		return err
	}
	filter, err := f.filter(ctx, st)
	if err != nil {
		return err
	}
	silent := func(int64, int64) {}
	var n int64
	if f.out == "" {
		n, err = trail.Export(ctx, st, filter, format, output{a}, silent)
	} else if n, err = trail.ExportFile(ctx, st, filter, format, f.out, silent); err != nil {
		err = fileError("--output", f.out, err)
	}
	if err == nil {
		a.note("exported %s", text.Plural(n, "record"))
	}
	return err
}

func parseFormat(s string) (trail.Format, error) {
	for _, f := range trail.Formats {
		if s == string(f) {
			return f, nil
		}
	}
	return "", usagef("--format %s: use %s", text.Quote(s), joined(formatNames(), "or"))
}

// output is standard output as an io.Writer.
type output struct{ a *app }

var _ io.Writer = output{}

func (o output) Write(b []byte) (int, error) {
	if err := o.a.write(b); err != nil {
		return 0, err
	}
	return len(b), nil
}
