package main

import (
	"strings"

	"github.com/spf13/cobra"

	forms "github.com/pakdeck/pakdeck/keystore/handover"
	"github.com/pakdeck/pakdeck/keystore/pak"
)

func (a *app) pakOpenCommand() *cobra.Command {
	var f openFlags
	output, format := "", ""
	c := &cobra.Command{
		Use: "open FILE", Short: "Write a .pak file out in plain, with its key string", Args: want("FILE"),
		Long: `Write a .pak file out in plain, decrypted if need be, on standard output or to a
new file. This shows the key string. To run a program with the key use: pakdeck
exec. With --format it is written in another form, for the program that shall
have the key.`,
		Example: `  pakdeck pak open ci.pak --format kubernetes | kubectl apply -f -
  pakdeck pak open ci.pak --format curl --output ci.curl`,
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("output") {
				if err := checkPlace("--output", output); err != nil {
					return err
				}
			}
			p, err := a.openPak(c.Context(), args[0], f)
			if err == nil && format != "" {
				p.plain, err = inForm(format, p.file)
			}
			switch {
			case err != nil:
				return err
			case output != "":
				return saveError(output, pak.Save(output, p.plain))
			}
			return a.write(p.plain)
		},
	}
	f.define(c.Flags(), ".pak")
	c.Flags().StringVar(&format, "format", "", "`FORM` to write: "+strings.Join(forms.Names(), ", "))
	c.Flags().StringVarP(&output, "output", "o", "", "a new `FILE` that only its owner can read")
	return c
}

// inForm writes a key in a form.
func inForm(name string, f pak.File) ([]byte, error) {
	form, err := forms.Named(name)
	if err != nil {
		return nil, usagef("--format: %v", err)
	}
	return form.Encode(f)
}
