package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
)

// userFlags are the flags of a user's fields.
type userFlags struct {
	name, kind, contact, recipient string
	admin                          bool
	permissions                    []string
}

const recipientHelp = "the `RECIPIENT` to whom keys of the user are encrypted: age1..., ssh-ed25519 ... or ssh-rsa ..."

// checkRecipient refuses what no key could be encrypted to.
func checkRecipient(s string) error {
	if s == "" {
		return nil
	}
	_, err := pak.ParseRecipient(s)
	return err
}

const permissionHelp = "`SCOPE` that the user's keys may have; repeat it, separate by commas, or @FILE"

func (a *app) userAddCommand() *cobra.Command {
	var f userFlags
	c := &cobra.Command{
		Use: "add NAME", Short: "Add a user", Args: want("NAME"),
		Example: "  pakdeck user add build-bot --permission deploy:write,artifact:* --contact ops@example.org",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.addUser(ctx, st, args[0], f)
		}),
	}
	c.Flags().StringVar(&f.kind, "kind", string(keystore.Service), "`KIND` of the user: service or person")
	c.Flags().StringVar(&f.contact, "contact", "", "`TEXT`: whom to ask about the user's keys")
	c.Flags().StringVar(&f.recipient, "recipient", "", recipientHelp)
	c.Flags().BoolVar(&f.admin, "admin", false, "the user's keys may do everything")
	c.Flags().StringArrayVar(&f.permissions, "permission", nil, permissionHelp)
	return c
}

func (a *app) addUser(ctx context.Context, st *keystore.Store, name string, f userFlags) error {
	kind, err := keystore.ParseKind(f.kind)
	if err != nil {
		return err
	}
	permissions, err := parseScopes("permission", noEntry, f.permissions)
	if err != nil {
		return err
	}
	if err := checkRecipient(f.recipient); err != nil {
		return err
	}
	u, err := st.AddUser(ctx, keystore.NewUser{
		Name: name, Kind: kind, Admin: f.admin, Permissions: permissions, Contact: f.contact, Recipient: f.recipient,
	})
	if err != nil {
		return err
	}
	a.note("added user %s (%s)", u.Name, u.ID)
	if len(u.Allowed()) == 0 {
		a.note("it has no permissions yet: keys of it may do nothing")
	}
	return a.printUser(ctx, st, u)
}
