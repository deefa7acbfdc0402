package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/witness"
	"github.com/pakdeck/pakdeck/tui/text"
)

const witnessHelp = `Keep the checkpoints of other stores and refuse one that contradicts them, so that
a rollback or a rewritten journal is noticed. It speaks C2SP tlog-witness and needs
no store; run it on another machine:

  pakdeck witness init witness.example/audit
  pakdeck witness trust @prod.pub        # pakdeck audit checkpoint --key
  pakdeck witness serve --listen 127.0.0.1:7426

A store asks for the cosignature with "pakdeck audit cosign" or, by itself, with
"pakdeck serve --witness".`

func (a *app) witnessCommand() *cobra.Command {
	state := ""
	c := group(
		"witness", "Keep the checkpoints of other stores, and refuse a rewritten journal",
		a.witnessInitCommand(&state), a.witnessTrustCommand(&state), a.witnessForgetCommand(&state), a.witnessListCommand(&state), a.witnessKeyCommand(&state),
		a.witnessAddCommand(&state), a.witnessServeCommand(&state),
	)
	c.Long = witnessHelp
	c.PersistentFlags().StringVar(&state, "state", "", "the `FILE` of the witness (default witness.json beside the default store)")
	return c
}

// statePath returns the state file that the flag names, or the default one.
func (a *app) statePath(flag string) string {
	if flag != "" {
		return flag
	}
	return filepath.Join(a.dataHome, "witness.json")
}

func (a *app) openWitness(flag string) (*witness.Witness, error) {
	path := a.statePath(flag)
	w, err := witness.Open(path, a.now)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &failedError{text: "no witness at " + text.Quote(path), hint: "run: pakdeck witness init NAME"}
	}
	if err != nil {
		return nil, fileError("--state "+text.Quote(path), path, err)
	}
	return w, nil
}

func (a *app) witnessInitCommand(state *string) *cobra.Command {
	return &cobra.Command{
		Use: "init NAME", Short: "Make a witness and print its public key", Args: want("the name of the witness"),
		Long: `Make a witness. NAME goes into its cosignatures; a host name and a path, such as
witness.example/audit, tell it apart from others. The public key is printed: stores
and auditors need it.`,
		RunE: func(_ *cobra.Command, args []string) error {
			path := a.statePath(*state)
			w, err := witness.Create(path, args[0], rand.Reader, a.now)
			if err != nil {
				return fileError("--state "+text.Quote(path), path, err)
			}
			a.note("made the witness %s; its state is %s", w.Name(), path)
			return a.print(w.Public())
		},
	}
}

func (a *app) witnessTrustCommand(state *string) *cobra.Command {
	return &cobra.Command{
		Use: "trust KEY", Short: "Make a journal known by its public key", Args: want("the public key of a journal"),
		Long: `Make a journal known by the public key that "pakdeck audit checkpoint --key" prints;
@FILE reads it from a file.`,
		RunE: func(_ *cobra.Command, args []string) error {
			key, err := textOrFile("KEY", args[0])
			if err != nil {
				return err
			}
			w, err := a.openWitness(*state)
			if err != nil {
				return err
			}
			origin, err := w.Trust(key)
			if err != nil {
				return usagef("%s: %v", text.Quote(args[0]), err)
			}
			a.note("the journal %s is known now", origin)
			return nil
		},
	}
}

func (a *app) witnessForgetCommand(state *string) *cobra.Command {
	return &cobra.Command{
		Use: "forget JOURNAL", Short: "Make a journal unknown, to trust it anew after a restore", Args: want("the name or the public key of a journal"),
		Long: `Make a journal unknown, by its name or its public key. That is for a store that was put back from a backup: its
journal does not go on from the last checkpoint, and would be refused for ever.
Ask who restored it and why; then trust it anew. The last checkpoint stays in the
file of evidence beside the state.`,
		RunE: func(_ *cobra.Command, args []string) error {
			w, err := a.openWitness(*state)
			if err != nil {
				return err
			}
			origin, err := textOrFile("JOURNAL", args[0])
			if err != nil {
				return err
			}
			if v, err := journal.NewVerifier(origin); err == nil {
				origin = v.Name()
			}
			last, err := w.Forget(origin)
			if err != nil {
				return usagef("%v; see pakdeck witness list", err)
			}
			a.note("the journal %s is not known any more", origin)
			_, err = output{a}.Write(last.Note)
			return err
		},
	}
}

func (a *app) witnessKeyCommand(state *string) *cobra.Command {
	return &cobra.Command{
		Use: "key", Short: "Print the public key of the witness", Args: want(),
		RunE: func(*cobra.Command, []string) error {
			w, err := a.openWitness(*state)
			if err != nil {
				return err
			}
			return a.print(w.Public())
		},
	}
}

// logJSON is a journal that the witness knows.
type logJSON struct {
	Origin     string  `json:"origin"`
	Verifier   string  `json:"verifier"`
	Size       int64   `json:"size"`
	Checkpoint string  `json:"checkpoint"` // "" if there is none yet
	Signed     instant `json:"signed"`
	Note       string  `json:"note"`
}

func (a *app) witnessListCommand(state *string) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the journals that are known, and their last checkpoints", Args: want(),
		RunE: func(*cobra.Command, []string) error {
			w, err := a.openWitness(*state)
			if err != nil {
				return err
			}
			logs, err := w.Logs()
			if err != nil {
				return err
			}
			return a.printLogs(logs)
		},
	}
}

func (a *app) printLogs(logs []witness.Log) error {
	out, rows := []logJSON{}, [][]string{}
	for _, l := range logs {
		j := logJSON{Origin: l.Origin, Verifier: l.Verifier, Size: l.Newest.Size, Signed: instant(l.Newest.Time), Note: string(l.Newest.Note)}
		if l.Newest.Note != nil {
			j.Checkpoint = l.Newest.Short()
		}
		out = append(out, j)
		row := []string{j.Origin, "-", "-"}
		if j.Checkpoint != "" {
			row = []string{j.Origin, j.Checkpoint, j.Signed.String()}
		}
		rows = append(rows, row)
	}
	if a.json {
		return a.printJSON(out)
	}
	return a.printTable([]string{"JOURNAL", "CHECKPOINT", "SIGNED"}, rows)
}

func (a *app) witnessAddCommand(state *string) *cobra.Command {
	return &cobra.Command{
		Use: "add FILE", Short: "Take a checkpoint from a file and print the cosignature", Args: want("the file of a request"),
		Long: `Take a checkpoint with its proof, as "pakdeck audit prove --continues" writes it,
from a file or - for standard input, and print the cosignature. The exit code is 1
if it is refused, because it does not go on from the last one.`,
		RunE: func(c *cobra.Command, args []string) error { return a.witnessAdd(c.Context(), *state, args[0]) },
	}
}

func (a *app) witnessAdd(_ context.Context, state, path string) error {
	request, err := a.readProof(path)
	if err != nil {
		return err
	}
	w, err := a.openWitness(state)
	if err != nil {
		return err
	}
	line, err := w.Add(request)
	if r, ok := errors.AsType[*witness.Refusal](err); ok {
		a.note("refused: %s", r.Text)
		return errNegative
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(output{a}, line)
	return err
}
