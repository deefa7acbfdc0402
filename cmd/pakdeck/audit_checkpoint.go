package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
)

// checkpointJSON is a checkpoint and the key that vouches for it.
type checkpointJSON struct {
	Origin   string  `json:"origin"`
	Size     int64   `json:"size"`
	Root     string  `json:"root"`
	Time     instant `json:"time"`
	Short    string  `json:"short"`
	Note     string  `json:"note"`
	Verifier string  `json:"verifier"`
}

func (a *app) auditCheckpointCommand() *cobra.Command {
	key := false
	c := &cobra.Command{
		Use: "checkpoint", Short: "Write out the newest signed checkpoint", Args: want(),
		Long: `Write out the newest checkpoint of the journal, a signed note as C2SP
tlog-checkpoint describes, and a blank line: append it to a file on another
machine, and "pakdeck audit verify --checkpoint FILE" notices whether the journal
was rolled back.`,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			return a.printCheckpoint(ctx, st, key)
		}),
	}
	c.Flags().BoolVar(&key, "key", false, "write out the public key of the checkpoints instead")
	return c
}

func (a *app) printCheckpoint(ctx context.Context, st *keystore.Store, key bool) error {
	if key && !a.json {
		return a.print(st.VerifierKey())
	}
	head, err := st.Head(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(checkpointJSON{
			Origin: head.Origin, Size: head.Size, Root: head.Root.String(), Time: instant(head.Time),
			Short: head.Short(), Note: string(head.Note), Verifier: st.VerifierKey(),
		})
	}
	return a.write(append(head.Note, '\n'))
}
