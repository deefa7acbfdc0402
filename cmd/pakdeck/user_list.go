package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
)

func (a *app) userListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the users", Args: want(),
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			users, err := st.Users(ctx)
			if err != nil {
				return err
			}
			counts, err := keyCounts(ctx, st)
			if err != nil {
				return err
			}
			return a.printUsers(users, counts)
		}),
	}
}

func (a *app) printUsers(users []keystore.User, counts map[keystore.UserID]int) error {
	rows := make([][]string, len(users))
	objects := make([]userJSON, len(users))
	for i, u := range users {
		objects[i] = userOf(u, counts[u.ID])
		rows[i] = []string{u.Name, string(u.Kind), userState(u), strconv.Itoa(counts[u.ID]), permissionText(u), u.Contact}
	}
	switch {
	case a.json:
		return a.printJSON(objects)
	case len(users) == 0:
		a.note("there are no users yet; run: pakdeck user add NAME")
		return nil
	}
	return a.printTable([]string{"NAME", "KIND", "STATE", "KEYS", "PERMISSIONS", "CONTACT"}, rows)
}

func userState(u keystore.User) string {
	if u.Disabled {
		return "disabled"
	}
	return "enabled"
}

func permissionText(u keystore.User) string {
	switch {
	case u.Admin:
		return "everything (admin)"
	case len(u.Permissions) == 0:
		return "none"
	}
	return scopeText(u.Permissions)
}

// scopeText returns scopes on one line.
func scopeText(scopes []keystore.Scope) string {
	texts := make([]string, len(scopes))
	for i, s := range scopes {
		texts[i] = string(s)
	}
	return strings.Join(texts, " ")
}
