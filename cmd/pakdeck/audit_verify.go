package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/text"
)

// reportJSON is what audit verify found.
type reportJSON struct {
	Intact     bool   `json:"intact"`
	Size       int64  `json:"size"`
	Root       string `json:"root"`
	Bad        *int64 `json:"bad"` // the first bad record, if one is to blame
	Problem    string `json:"problem"`
	RolledBack bool   `json:"rolled_back"`
	Checkpoint string `json:"checkpoint"`
	Checked    int    `json:"checked"`
}

func (a *app) auditVerifyCommand() *cobra.Command {
	var o offline
	export, reindex := "", false
	c := &cobra.Command{
		Use: "verify", Short: "Prove that the journal was not changed", Args: want(),
		Long: `Recompute the journal and hold it against its checkpoints: the newest one in the
store, those in the file beside it, and those that were kept elsewhere. The exit
code is 0 if it is intact and 3 if not.

Without a checkpoint that was kept elsewhere, cutting off the end of the journal
or putting back an old copy of all files cannot be noticed. Keep some:

  pakdeck audit checkpoint >> somewhere-else

The index that finds the records of a key, a user or a string is verified too; with
--reindex it is built anew first.

With --export a whole journal that "pakdeck audit export" wrote is checked instead,
against --checkpoint, and with --key without the store.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if export != "" && reindex {
				return usagef("--reindex is for the store, not for an --export")
			}
			if export != "" {
				return a.verifyExport(c.Context(), export, o)
			}
			return a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
				if reindex {
					if err := st.ReindexJournal(ctx, func(int64) {}); err != nil {
						return err
					}
				}
				return a.verifyJournal(ctx, st, o)
			})(c, nil)
		},
	}
	o.define(c)
	c.Flags().BoolVar(&reindex, "reindex", false, "first build the index by key, user and string anew from the records")
	c.Flags().StringVar(&export, "export", "", "the `FILE` of an export in the format ndjson, or - for standard input")
	return c
}

func (a *app) verifyJournal(ctx context.Context, st *keystore.Store, o offline) error {
	if o.key != "" {
		return usagef("--key goes with --export: the store has its own key")
	}
	kept, err := keptCheckpoints(o.kept, "--checkpoint", st.Verifier())
	if err != nil {
		return err
	}
	r, err := st.VerifyJournal(ctx, kept...)
	if err != nil {
		return err
	}
	return a.verdict(r)
}

// verifyExport checks an export away from the store.
func (a *app) verifyExport(ctx context.Context, path string, o offline) error {
	v, err := a.verifier(ctx, o.key)
	if err != nil {
		return err
	}
	kept, err := keptCheckpoints(o.kept, "--checkpoint", v)
	if err != nil {
		return err
	}
	if len(kept) == 0 {
		return usagef("--export needs --checkpoint: a file that \"pakdeck audit checkpoint\" wrote")
	}
	in := a.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return fileError("--export", path, err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	r, err := journal.VerifyLines(in, kept)
	if err != nil {
		return fileError("--export", path, err)
	}
	return a.verdict(r)
}

// verdict prints what a check found, and fails if the journal is not intact.
func (a *app) verdict(r journal.Report) error {
	if err := a.printReport(r); err != nil || r.Intact {
		return err
	}
	failed := &failedError{
		text: "the journal is not intact",
		hint: "keep the files as they are, and compare them with a backup",
	}
	if r.Problem == journal.IndexChanged {
		failed.hint = "build the index anew: pakdeck audit verify --reindex"
	}
	return failed
}

func (a *app) printReport(r journal.Report) error {
	if a.json {
		j := reportJSON{
			Intact: r.Intact, Size: r.Size, Root: r.Root.String(), Problem: r.Problem,
			RolledBack: r.RolledBack, Checkpoint: r.Checkpoint.Short(), Checked: r.Checked,
		}
		if r.Bad >= 0 {
			j.Bad = &r.Bad
		}
		return a.printJSON(j)
	}
	if !r.Intact {
		return a.print(r.Problem)
	}
	return a.print(fmt.Sprintf("intact: %s, checkpoint %s, compared with %s kept beside the store or elsewhere",
		text.Plural(r.Size, "record"), r.Checkpoint.Short(), text.Plural(r.Checked, "checkpoint")))
}
