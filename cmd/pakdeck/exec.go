package main

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/tui/text"
)

// keyVariable is where a program finds the key unless --env says otherwise.
const keyVariable = "PAK_API_KEY"

func (a *app) execCommand() *cobra.Command {
	var f openFlags
	path, name := "", ""
	c := &cobra.Command{
		Use: "exec --pak FILE -- CMD [ARG]...", Short: "Run a program with the key of a .pak file in its environment",
		Long: `Run a program with the key string of a .pak file in its environment, in
` + keyVariable + ` or the variable that --env names, and nowhere else. The program takes
the place of pakdeck: its exit code, its signals and its terminal are its own. A
passphrase is asked for on the terminal, so standard input stays the program's.`,
		Example: "  pakdeck exec --pak ci-deploy.pak -- ./deploy.sh staging",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{text: "CMD is missing; say what to run after --", hint: "usage: " + c.UseLine()}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := checkVariable(name); err != nil {
				return err
			}
			if path == "" {
				return usagef("--pak is missing; say which .pak file holds the key")
			}
			p, err := a.openPak(c.Context(), path, f)
			if err != nil {
				return err
			}
			return execute(args, name, p.file.Key.Reveal())
		},
	}
	f.define(c.Flags(), ".pak")
	c.Flags().StringVar(&path, "pak", "", "the .pak `FILE`")
	c.Flags().StringVar(&name, "env", keyVariable, "`NAME` of the variable that gets the key")
	c.Flags().SetInterspersed(false)
	return c
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func checkVariable(name string) error {
	if !variableName.MatchString(name) {
		return usagef("--env %s: a variable has a name like %s", text.Quote(name), keyVariable)
	}
	return nil
}

// execute replaces this process by a program. It returns only if it cannot.
func execute(argv []string, name, key string) error {
	path, err := exec.LookPath(argv[0])
	if err != nil {
		return &failedError{text: "there is no program " + text.Quote(argv[0])}
	}
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, name+"=") })
	err = syscall.Exec(path, argv, append(env, name+"="+key))
	return &failedError{text: "running " + text.Quote(argv[0]), err: err}
}
