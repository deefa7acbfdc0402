package main

import (
	"context"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/text"
)

func (a *app) auditProveCommand() *cobra.Command {
	continues := ""
	c := &cobra.Command{
		Use: "prove N | prove --continues FILE", Short: "Write a proof that can be checked without the store",
		Long: `Write a proof that record N is in the journal: a C2SP tlog-proof with the record
in it and the newest checkpoint. N is a number, or "last".

With --continues write instead a proof that the journal goes on, unchanged, from
the newest checkpoint in FILE, which somebody kept, or from so many records. It is the body of an
add-checkpoint request of C2SP tlog-witness.

Both are checked by "pakdeck audit check-proof" with the public key only, which
"pakdeck audit checkpoint --key" writes out.`,
		Example: "  pakdeck audit prove 17 > 17.tlog-proof",
		Args: func(c *cobra.Command, args []string) error {
			if continues != "" && len(args) > 0 {
				return usagef("--continues %s proves no single record; leave out %s", text.Quote(continues), text.Quote(args[0]))
			}
			if continues != "" {
				return nil
			}
			return want("the number of a record")(c, args)
		},
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			if continues != "" {
				return a.proveContinues(ctx, st, continues)
			}
			return a.proveRecord(ctx, st, args[0])
		}),
	}
	c.Flags().StringVar(&continues, "continues", "", "`FILE` of checkpoints that were kept elsewhere, or a number of records")
	return c
}

func (a *app) proveRecord(ctx context.Context, st *keystore.Store, s string) error {
	n, err := recordNumber(ctx, st, s)
	if err != nil {
		return err
	}
	p, err := st.Prove(ctx, n)
	if err != nil {
		return err
	}
	return a.write(p.Encode())
}

func (a *app) proveContinues(ctx context.Context, st *keystore.Store, path string) error {
	if size, err := strconv.ParseInt(path, 10, 64); err == nil && size >= 0 {
		p, err := st.ProveSince(ctx, size)
		if err != nil {
			return usagef("--continues %d: %v", size, err)
		}
		return a.write(p.Encode())
	}
	kept, err := keptCheckpoints([]string{path}, "--continues", st.Verifier())
	if err != nil {
		return err
	}
	old := largest(kept)
	p, err := st.ProveSince(ctx, old.Size)
	if err == nil {
		err = p.Continues(old.Root)
	}
	if err != nil {
		return &failedError{text: "the journal does not continue checkpoint " + old.Short(), err: err}
	}
	return a.write(p.Encode())
}

// keptCheckpoints reads files of checkpoints that were kept elsewhere.
func keptCheckpoints(files []string, flag string, v journal.Verifier) ([]journal.Checkpoint, error) {
	var kept []journal.Checkpoint
	for _, path := range files {
		found, err := journal.ReadCheckpointFile(path, v)
		if err != nil {
			return nil, fileError(flag, path, err)
		}
		if len(found) == 0 {
			return nil, usagef("%s %s: there is no checkpoint in the file", flag, text.Quote(path))
		}
		kept = append(kept, found...)
	}
	return kept, nil
}

func largest(list []journal.Checkpoint) journal.Checkpoint {
	return slices.MaxFunc(list, func(a, b journal.Checkpoint) int { return int(a.Size - b.Size) })
}

// offline is how something is checked without the store.
type offline struct {
	key  string // of the checkpoints: the text, or @FILE
	kept []string
}

func (o *offline) define(c *cobra.Command) {
	c.Flags().StringVar(&o.key, "key", "", "the public `KEY` of the checkpoints, or @FILE; without it that of the store")
	c.Flags().StringArrayVar(&o.kept, "checkpoint", nil, "`FILE` of checkpoints that were kept elsewhere; repeat it")
}

// verifier returns the public key that is given, or that of the store.
func (a *app) verifier(ctx context.Context, key string) (journal.Verifier, error) {
	if key == "" {
		st, err := a.open(ctx)
		if err != nil {
			return nil, err
		}
		return st.Verifier(), st.Close()
	}
	vkey, err := textOrFile("--key", key)
	if err != nil {
		return nil, err
	}
	v, err := journal.NewVerifier(vkey)
	if err != nil {
		return nil, usagef("--key %s: %v", text.Quote(key), err)
	}
	return v, nil
}

// textOrFile returns the text that is given, or the one in the file behind "@".
func textOrFile(flag, s string) (string, error) {
	path, isFile := strings.CutPrefix(s, "@")
	if !isFile {
		return s, nil
	}
	b, err := readBounded(path)
	if err != nil {
		return "", fileError(flag, path, err)
	}
	return strings.TrimSpace(string(b)), nil
}

// maxProofFile bounds what is read as a proof or a key, in bytes.
const maxProofFile = 1 << 20

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, maxProofFile))
}

func (a *app) auditCheckProofCommand() *cobra.Command {
	var o offline
	c := &cobra.Command{
		Use: "check-proof FILE", Short: "Check a proof, without the store", Args: want("the file of a proof"),
		Long: `Check a proof that "pakdeck audit prove" wrote; FILE is - for standard input. With
--key it needs nothing but the public key. A proof that the journal continues an
older one also needs that --checkpoint. The exit code is 0 if the proof holds and
1 if not.`,
		Example: "  pakdeck audit check-proof 17.tlog-proof --key @pakdeck.pub",
		RunE: func(c *cobra.Command, args []string) error {
			return a.checkProof(c.Context(), args[0], o)
		},
	}
	o.define(c)
	return c
}

// proofJSON is what a proof was found to show.
type proofJSON struct {
	Holds      bool   `json:"holds"`
	Problem    string `json:"problem"`
	Record     *int64 `json:"record"` // its number, of a proof of a record
	Since      string `json:"since"`  // the older checkpoint, of a proof of a continuation
	Checkpoint string `json:"checkpoint"`
}

func (a *app) checkProof(ctx context.Context, path string, o offline) error {
	v, err := a.verifier(ctx, o.key)
	if err != nil {
		return err
	}
	text, err := a.readProof(path)
	if err != nil {
		return err
	}
	if strings.HasPrefix(string(text), "old ") {
		return a.checkContinues(text, v, o.kept)
	}
	p, err := journal.OpenProof(text, v)
	if err != nil {
		return a.refuted(err)
	}
	if a.json {
		return a.printJSON(proofJSON{Holds: true, Record: &p.Index, Checkpoint: p.Checkpoint.Short()})
	}
	a.note("record %d is in the journal %s of checkpoint %s, signed %s", p.Index, p.Checkpoint.Origin, p.Checkpoint.Short(), instant(p.Checkpoint.Time))
	return a.write(append(p.Record, '\n'))
}

func (a *app) readProof(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(io.LimitReader(a.in, maxProofFile))
	}
	b, err := readBounded(path)
	if err != nil {
		return nil, fileError("proof", path, err)
	}
	return b, nil
}

// refuted reports a proof that does not hold.
func (a *app) refuted(problem error) error {
	if a.json {
		if err := a.printJSON(proofJSON{Problem: problem.Error()}); err != nil {
			return err
		}
	}
	a.note("the proof does not hold: %v", problem)
	return errNegative
}

func (a *app) checkContinues(text []byte, v journal.Verifier, files []string) error {
	p, err := journal.ParseConsistency(text)
	if err == nil {
		p.Checkpoint, err = journal.ParseCheckpoint(p.Checkpoint.Note, v)
	}
	if err != nil {
		return a.refuted(err)
	}
	kept, err := keptCheckpoints(files, "--checkpoint", v)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(kept, func(c journal.Checkpoint) bool { return c.Size == p.Old })
	if i < 0 {
		return usagef("the proof goes on from a checkpoint of %d records: give the one that you kept with --checkpoint", p.Old)
	}
	if err := p.Continues(kept[i].Root); err != nil {
		return a.refuted(err)
	}
	if a.json {
		return a.printJSON(proofJSON{Holds: true, Since: kept[i].Short(), Checkpoint: p.Checkpoint.Short()})
	}
	return a.print("the journal of checkpoint " + p.Checkpoint.Short() + " continues that of " + kept[i].Short() + " unchanged")
}
