package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/pakdeck/pakdeck/cmd/pakdeck/internal/doctor"
	shell "github.com/pakdeck/pakdeck/keystore/quote"
	"github.com/pakdeck/pakdeck/tui/text"
)

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "Find out why something does not work", Args: want(),
		Long: `Look at everything around the store and the terminal, and say of each thing
whether it is well (ok), somebody should look at it (warn), or it is why something
does not work (fail), and below it what to do.

It works without a store and with a damaged one, and changes nothing. Of the journal
it looks at the end alone; "pakdeck audit verify" reads all of it. Whether keys and
users are as they should be is said by "pakdeck lint".

The exit code is 1 if something failed.`,
		RunE: func(c *cobra.Command, _ []string) error {
			r := doctor.Look(c.Context(), a.patient())
			if err := c.Context().Err(); err != nil {
				return err
			}
			return a.printDoctor(r)
		},
	}
}

// patient is what the doctor looks at.
func (a *app) patient() doctor.Patient {
	v, call := buildVersion(), "pakdeck"
	if a.storeFlag != "" {
		call += " --store " + shell.Shell(a.storeFlag)
	}
	return doctor.Patient{
		Build: fmt.Sprintf("pakdeck %s, %s, %s/%s", v.Version, v.Go, runtime.GOOS, runtime.GOARCH),
		Store: a.storePath(), From: a.storeFrom(), Call: call, Standard: filepath.Join(a.dataHome, storeName), Config: a.config,
		ReadOnly: a.readOnly, Timeout: a.timeout, Now: a.now, Terminal: a.terminal(),
	}
}

// storeFrom says who names the store.
func (a *app) storeFrom() string {
	switch {
	case a.storeFlag != "":
		return "from --store"
	case a.env("PAKDECK_STORE") != "":
		return "from PAKDECK_STORE"
	case a.env("XDG_DATA_HOME") != "":
		return "from XDG_DATA_HOME"
	}
	return "the standard place"
}

// terminal is the one that a stream of this process is, if any.
func (a *app) terminal() doctor.Terminal {
	t := doctor.Terminal{Getenv: a.env, GOOS: runtime.GOOS}
	for _, stream := range []any{a.out, a.in, a.err} {
		if f, ok := stream.(*os.File); ok && isTerminal(f) {
			t.On, t.Colours = true, colorprofile.Detect(f, os.Environ())
			t.Width, t.Height, _ = term.GetSize(int(f.Fd()))
			break
		}
	}
	return t
}

func (a *app) printDoctor(r doctor.Report) error {
	var err error
	if a.json {
		err = a.printJSON(r.Checks)
	} else {
		err = a.print(doctorLines(r.Checks)...)
	}
	a.note("%s", r)
	if err == nil && r.Count(doctor.Fail) > 0 {
		return errNegative
	}
	return err
}

func doctorLines(checks []doctor.Check) []string {
	rows := make([][]string, len(checks))
	for i, c := range checks {
		rows[i] = []string{text.Pad(string(c.Grade), len(doctor.Fail)), c.Name, c.Found}
	}
	var out []string
	for i, line := range columns(rows) {
		out = append(out, line)
		if do := checks[i].Do; do != "" {
			out = append(out, "      "+do)
		}
	}
	return out
}
