package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/keystore"
)

// userEditFlags are what may be changed; only flags that were given count.
type userEditFlags struct {
	userFlags
	add, remove []string
	version     uint64
	set         *pflag.FlagSet
}

func (a *app) userEditCommand() *cobra.Command {
	var f userEditFlags
	c := &cobra.Command{
		Use: "edit NAME", Short: "Change a user", Args: want("NAME"), ValidArgsFunction: a.completeUser,
		Example: "  pakdeck user edit build-bot --add-permission artifact:read",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.editUser(ctx, st, args[0], &f)
		}),
	}
	f.set = c.Flags()
	f.set.StringVar(&f.name, "name", "", "a new `NAME`")
	f.set.StringVar(&f.kind, "kind", "", "`KIND` of the user: service or person")
	f.set.StringVar(&f.contact, "contact", "", "`TEXT`: whom to ask about the user's keys")
	f.set.StringVar(&f.recipient, "recipient", "", recipientHelp+"; empty for none")
	f.set.BoolVar(&f.admin, "admin", false, "the user's keys may do everything; --admin=false takes it back")
	f.set.StringArrayVar(&f.permissions, "permission", nil, "replaces the permissions: "+permissionHelp+"; none for no permission")
	f.set.StringArrayVar(&f.add, "add-permission", nil, "adds a `SCOPE`")
	f.set.StringArrayVar(&f.remove, "remove-permission", nil, "removes a `SCOPE`")
	f.set.Uint64Var(&f.version, "version", 0, versionHelp)
	return a.withUserDryRun(c, f.after)
}

func (a *app) editUser(ctx context.Context, st *keystore.Store, ref string, f *userEditFlags) error {
	var before keystore.User
	after, err := attempt(!f.set.Changed("version"), func() (u keystore.User, err error) {
		if before, err = st.User(ctx, ref); err != nil {
			return u, err
		}
		e, err := f.edit(before)
		if err != nil {
			return u, err
		}
		return st.EditUser(ctx, before.ID, given(f.set, "version", f.version, before.Version), e)
	})
	if err != nil {
		return err
	}
	a.noteChanges("changed", "user "+after.Name, userFields(before), userFields(after))
	return a.printUser(ctx, st, after)
}

// edit turns the flags that were given into a change of u.
func (f *userEditFlags) edit(u keystore.User) (e keystore.UserEdit, err error) {
	if f.set.Changed("name") {
		e.Name = &f.name
	}
	if f.set.Changed("contact") {
		e.Contact = &f.contact
	}
	if f.set.Changed("recipient") {
		if err := checkRecipient(f.recipient); err != nil {
			return e, err
		}
		e.Recipient = &f.recipient
	}
	if f.set.Changed("admin") {
		e.Admin = &f.admin
	}
	if f.set.Changed("kind") {
		kind, err := keystore.ParseKind(f.kind)
		if err != nil {
			return e, err
		}
		e.Kind = &kind
	}
	permissions, changed, err := scopeChange{
		flag: "permission", word: noEntry, replace: f.permissions, add: f.add, remove: f.remove,
	}.apply(f.set, u.Permissions)
	if changed {
		e.Permissions = &permissions
	}
	return e, err
}

func userFields(u keystore.User) []fieldText {
	return []fieldText{
		{name: "name", value: u.Name},
		{name: "kind", value: string(u.Kind)},
		{name: "admin", value: yesNo(u.Admin)},
		{name: "contact", value: u.Contact},
		{name: "recipient", value: u.Recipient},
		{name: "permissions", list: scopeStrings(u.Permissions)},
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func scopeStrings(scopes []keystore.Scope) []string {
	out := make([]string, len(scopes))
	for i, s := range scopes {
		out[i] = string(s)
	}
	slices.Sort(out)
	return out
}
