package main

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use: "man FOLDER", Short: "Write the man pages to a folder", Hidden: true, Args: want("FOLDER"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			root := c.Root()
			root.DisableAutoGenTag = true
			now := a.now()
			return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "pakdeck", Manual: "pakdeck", Date: &now}, args[0])
		},
	}
}
