package main

import (
	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore/pak"
)

func (a *app) pakOpenCommand() *cobra.Command {
	var f openFlags
	output := ""
	c := &cobra.Command{
		Use: "open FILE", Short: "Write a .pak file out in plain, with its key string", Args: want("FILE"),
		Long: `Write a .pak file out in plain, decrypted if need be, on standard output or to a
new file. This shows the key string. To run a program with the key use: pakdeck
exec.`,
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("output") {
				if err := checkPlace("--output", output); err != nil {
					return err
				}
			}
			p, err := a.openPak(c.Context(), args[0], f)
			switch {
			case err != nil:
				return err
			case output != "":
				return saveError(output, pak.Save(output, p.plain))
			}
			return a.write(p.plain)
		},
	}
	f.define(c.Flags())
	c.Flags().StringVarP(&output, "output", "o", "", "a new `FILE` that only its owner can read")
	return c
}
