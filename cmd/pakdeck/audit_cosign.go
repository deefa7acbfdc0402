package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/witness"
	"github.com/pakdeck/pakdeck/tui/text"
)

// cosignFlags say who vouches for the journal, and how it is asked.
type cosignFlags struct{ url, key, request, answer string }

func (a *app) auditCosignCommand() *cobra.Command {
	var f cosignFlags
	c := &cobra.Command{
		Use: "cosign", Short: "Let a witness vouch for the newest checkpoint", Args: want(),
		Long: `Send the newest checkpoint to a witness with the proof that it continues the last
one, print it with the cosignature, and keep it in the file beside the store. A
witness that has seen a longer or another journal refuses: then the store was
rolled back or forked, and the exit code is 3.

Without a network, carry files:

  pakdeck audit prove --continues 0 > request     # or FILE: the last cosigned one
  pakdeck witness add request > answer            # on the machine of the witness
  pakdeck audit cosign --request request --answer answer --witness-key KEY`,
		Example: "  pakdeck audit cosign --witness https://witness.example --witness-key @witness.pub",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			return a.cosign(ctx, st, f)
		}),
	}
	c.Flags().StringVar(&f.url, "witness", "", "`URL` of the witness")
	c.Flags().StringVar(&f.key, "witness-key", "", "public `KEY` of the witness, or @FILE")
	c.Flags().StringVar(&f.request, "request", "", "`FILE` that the witness was given")
	c.Flags().StringVar(&f.answer, "answer", "", "`FILE` that it answered")
	return c
}

func (a *app) cosign(ctx context.Context, st *keystore.Store, f cosignFlags) error {
	byFile := f.request != "" || f.answer != ""
	switch {
	case f.key == "":
		return usagef("--witness-key is missing; \"pakdeck witness key\" prints it")
	case byFile == (f.url != ""):
		return usagef("give --witness, or --request and --answer")
	case byFile && (f.request == "" || f.answer == ""):
		return usagef("--request and --answer go together")
	}
	key, err := textOrFile("--witness-key", f.key)
	if err != nil {
		return err
	}
	var cp journal.Checkpoint
	if byFile {
		cp, err = a.cosignedByFile(st, key, f)
	} else {
		cp, err = cosignedOver(ctx, st, key, f)
	}
	if err != nil {
		return err
	}
	if err := st.KeepCheckpoint(cp); err != nil {
		return err
	}
	return a.write(append(cp.Note, '\n'))
}

func cosignedOver(ctx context.Context, st *keystore.Store, key string, f cosignFlags) (journal.Checkpoint, error) {
	c, err := newWitnessClient(f.url, key)
	if err != nil {
		return journal.Checkpoint{}, err
	}
	cp, err := c.Cosign(ctx, st)
	if err != nil {
		return cp, &failedError{text: "the checkpoint was not cosigned", err: err}
	}
	return cp, nil
}

func newWitnessClient(url, key string) (*witness.Client, error) {
	c, err := witness.NewClient(url, key)
	if err != nil {
		return nil, usagef("--witness %s: %v", text.Quote(url), err)
	}
	return c, nil
}

func (a *app) cosignedByFile(st *keystore.Store, key string, f cosignFlags) (journal.Checkpoint, error) {
	w, err := journal.NewWitness(key)
	if err != nil {
		return journal.Checkpoint{}, usagef("--witness-key: %v", err)
	}
	request, err := a.readProof(f.request)
	if err != nil {
		return journal.Checkpoint{}, err
	}
	p, err := journal.ParseConsistency(request)
	if err == nil {
		p.Checkpoint, err = journal.ParseCheckpoint(p.Checkpoint.Note, st.Verifier())
	}
	if err != nil {
		return journal.Checkpoint{}, fileError("--request "+text.Quote(f.request), f.request, err)
	}
	answer, err := a.readProof(f.answer)
	if err != nil {
		return journal.Checkpoint{}, err
	}
	cp, err := w.Accept(p.Checkpoint, answer)
	if err != nil {
		return cp, fileError("--answer "+text.Quote(f.answer), f.answer, err)
	}
	return cp, nil
}
