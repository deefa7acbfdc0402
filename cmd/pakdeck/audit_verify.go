package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
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
	var kept []string
	c := &cobra.Command{
		Use: "verify", Short: "Prove that the journal was not changed", Args: want(),
		Long: `Recompute the journal and hold it against its checkpoints: the newest one in the
store, those in the file beside it, and those that were kept elsewhere. The exit
code is 0 if it is intact and 3 if not.

Without a checkpoint that was kept elsewhere, cutting off the end of the journal
or putting back an old copy of all files cannot be noticed. Keep some:

  pakdeck audit checkpoint >> somewhere-else`,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			return a.verifyJournal(ctx, st, kept)
		}),
	}
	c.Flags().StringArrayVar(&kept, "checkpoint", nil, "`FILE` of checkpoints that were kept elsewhere; repeat it")
	return c
}

func (a *app) verifyJournal(ctx context.Context, st *keystore.Store, files []string) error {
	var kept []journal.Checkpoint
	for _, path := range files {
		list, err := journal.ReadCheckpointFile(path, st.Verifier())
		if err != nil {
			return fileError("--checkpoint", path, err)
		}
		if len(list) == 0 {
			return usagef("--checkpoint %s: there is no checkpoint in the file", quote(path))
		}
		kept = append(kept, list...)
	}
	r, err := st.VerifyJournal(ctx, kept...)
	if err != nil {
		return err
	}
	if err := a.printReport(r); err != nil || r.Intact {
		return err
	}
	return &failedError{
		text: "the journal is not intact",
		hint: "keep the files as they are, and compare them with a backup",
	}
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
		count(int(r.Size), "record"), r.Checkpoint.Short(), count(r.Checked, "checkpoint")))
}
