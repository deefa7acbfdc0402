package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const rootHelp = `pakdeck looks after API keys. Without a command it opens the dashboard, or
prints the list of keys if standard output is not a terminal.

Data goes to standard output, sentences to standard error. With --json both are
JSON; on standard error that is one line each: {"note":…}, {"warning":…}, and for
a failure {"error":{"code":…,"message":…,"hint":…}}.
Times are RFC 3339 in UTC.

The store is the file given by --store, else by PAKDECK_STORE, else
$XDG_DATA_HOME/pakdeck/store.db.

Exit codes:
  0    done; the answer is yes
  1    the answer is no, or there are findings
  2    usage: a wrong flag or value, a user or key that does not exist, a name
       that fits several
  3    could not do it: the store is busy, missing, unreadable or read-only, the
       journal is broken, somebody else changed the same thing, or the thing is
       in a state that does not permit it
  4    refused by policy
  130  interrupted

If something does not work, "pakdeck doctor" looks for the cause.

KEY is the id of a key or of a secret, user/name, or a name that only one user
has. A key string is never an argument: give - and write it to standard input.`

// rootCommand returns the command tree for one command line.
func (a *app) rootCommand(args []string) *cobra.Command {
	root := &cobra.Command{
		Use:           "pakdeck [keys/KEY | users | journal]",
		Short:         "Look after API keys",
		Long:          rootHelp,
		Args:          cobra.ArbitraryArgs,
		RunE:          a.runRoot,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetArgs(slices.Clone(args))
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &usageError{text: err.Error(), hint: "see " + c.CommandPath() + " --help"}
	})
	f := root.PersistentFlags()
	f.StringVar(&a.storeFlag, "store", "", "the store `FILE`")
	f.BoolVar(&a.readOnly, "read-only", false, "change nothing")
	a.addLook(root)
	f.BoolVar(&a.json, "json", false, "write JSON")
	f.DurationVar(&a.timeout, "timeout", 0, "`TIME` to wait for a store that others hold (default 2s)")
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		if a.timeout < 0 {
			return usagef("--timeout %v: give a time such as 5s", a.timeout)
		}
		return refuseEmpty(c.Flags())
	}
	root.AddCommand(
		a.initCommand(), a.backupCommand(), a.restoreCommand(), a.userCommand(), a.keyCommand(),
		a.bulkCommand(), a.dueCommand(), a.rotateSessionCommand(), a.panicCommand(), a.pakCommand(), a.execCommand(),
		a.serveCommand(), a.auditCommand(), a.witnessCommand(), a.usageCommand(), a.lintCommand(), a.reviewCommand(), a.demoCommand(), a.doctorCommand(), a.actionsCommand(), a.versionCommand(), a.manCommand(),
	)
	return root
}

// mayBeEmpty are the flags whose empty value means something, and the lists
// whose own complaint says more.
var mayBeEmpty = []string{"description", "contact", "recipient", "filter", "scope", "permission", "allow", "deny"}

// refuseEmpty refuses flags that were given without a value, most often from a
// variable that was not set: to take them for flags that were not given could
// mean the opposite, such as a .pak file that is not encrypted.
func refuseEmpty(set *pflag.FlagSet) error {
	var err error
	set.Visit(func(f *pflag.Flag) {
		name := strings.TrimPrefix(strings.TrimPrefix(f.Name, "add-"), "remove-")
		if hasEmpty(f.Value) && !slices.Contains(mayBeEmpty, name) {
			err = usagef("--%s is empty; give it a value, or leave the flag out", f.Name)
		}
	})
	return err
}

// hasEmpty reports whether a text, or one of a list, is empty.
func hasEmpty(v pflag.Value) bool {
	if l, ok := v.(pflag.SliceValue); ok {
		return slices.Contains(l.GetSlice(), "")
	}
	return v.Type() == "string" && v.String() == ""
}
