package main

import (
	"net/netip"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore/pak"
)

// pakJSON is what a .pak file says, with the key string masked.
type pakJSON struct {
	Key       string         `json:"key"`
	Secret    string         `json:"secret"` // the public id
	Name      string         `json:"name"`
	Owner     string         `json:"owner"`
	Issued    instant        `json:"issued"`
	Expires   instant        `json:"expires"`
	Allow     []netip.Prefix `json:"allow"`
	Store     string         `json:"store"`
	Encrypted bool           `json:"encrypted"`
}

func (a *app) pakShowCommand() *cobra.Command {
	var f openFlags
	c := &cobra.Command{
		Use: "show FILE", Short: "Show what a .pak file says, the key string masked", Args: want("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := a.openPak(c.Context(), args[0], f)
			if err != nil {
				return err
			}
			return a.printPak(p)
		},
	}
	f.define(c.Flags(), ".pak")
	return c
}

func (a *app) printPak(p openedPak) error {
	if a.json {
		f := p.file
		return a.printJSON(pakJSON{
			Key: f.Key.String(), Secret: f.Key.ID().String(), Name: f.Name, Owner: f.Owner,
			Issued: instant(f.Issued), Expires: instant(f.Expires), Allow: list(f.Allow), Store: f.Store, Encrypted: p.encrypted,
		})
	}
	rows := [][]string{
		{"key", p.file.Key.String()},
		{"name", p.file.Name},
		{"owner", p.file.Owner},
		{"issued", instant(p.file.Issued).Or("unknown")},
		{"expires", expiryText(p.file.Expires, a.now())},
	}
	rows = append(rows, listRows("allow", "any address", prefixTexts(p.file))...)
	rows = append(rows, []string{"store", p.file.Store}, []string{"encrypted", yesNo(p.encrypted)})
	return a.printRows(rows)
}

func prefixTexts(f pak.File) []string {
	out := make([]string, len(f.Allow))
	for i, p := range f.Allow {
		out[i] = p.String()
	}
	return out
}
