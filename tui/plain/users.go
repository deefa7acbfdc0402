package plain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// listUsers lists the users that have all of some words.
func (t *talk) listUsers(which string) error {
	users, err := t.st.Users(t.ctx)
	if err != nil {
		return err
	}
	users = slices.DeleteFunc(users, func(u keystore.User) bool {
		all := strings.ToLower(userWords(u))
		return slices.ContainsFunc(strings.Fields(strings.ToLower(which)), func(w string) bool { return !strings.Contains(all, w) })
	})
	t.users, t.opens = nil, "user"
	for _, u := range users {
		t.users = append(t.users, u.Name)
	}
	t.say("%s.", text.Plural(len(users), "user"))
	t.list(len(users), func(i int) string { return userWords(users[i]) })
	return nil
}

func userWords(u keystore.User) string {
	return fmt.Sprintf("%s, %s%s%s", u.Name, u.Kind, when(u.Admin, ", admin"), when(u.Disabled, ", disabled"))
}

// when is words if something is so.
func when(so bool, words string) string {
	if so {
		return words
	}
	return ""
}

// namedUser returns the user that was named, or asks for one.
func (t *talk) namedUser(name string) (keystore.User, error) {
	if name == "" {
		var err error
		if name, err = t.ask("Which user", "", nil); err != nil || name == "" {
			return keystore.User{}, errBack
		}
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(t.users) {
		name = t.users[n-1]
	}
	return t.st.User(t.ctx, name)
}

func (t *talk) showUser(name string) error {
	u, err := t.namedUser(name)
	if err != nil {
		return err
	}
	t.describeUser(u)
	keys, err := t.keysOf(u)
	if err != nil {
		return err
	}
	t.say("%s.", text.Plural(len(keys), "key"))
	t.number(keys, t.st.Now(), 0)
	return nil
}

func (t *talk) describeUser(u keystore.User) {
	t.say("User: %s", u.Name)
	t.say("Kind: %s%s%s", u.Kind, when(u.Admin, ", admin"), when(u.Disabled, ", disabled: none of its keys works"))
	t.say("May do: %s", scopeWords(u.Allowed(), "nothing yet"))
	if u.Contact != "" {
		t.say("Contact: %s", u.Contact)
	}
	if u.Recipient != "" {
		t.say("Files are encrypted to: %s", u.Recipient)
	}
}

// keysOf returns the keys of a user that are not revoked.
func (t *talk) keysOf(u keystore.User) ([]keystore.KeyView, error) {
	all, err := t.st.Keys(t.ctx)
	return slices.DeleteFunc(all, func(v keystore.KeyView) bool { return v.User != u.ID || !v.Revoked.IsZero() }), err
}

func (t *talk) disableUser(name string) error {
	u, err := t.namedUser(name)
	if err != nil {
		return err
	}
	keys, err := t.keysOf(u)
	if err != nil {
		return err
	}
	stop := []string{}
	for _, v := range keys {
		if v.StateAt(t.st.Now(), 0).Works() {
			stop = append(stop, v.Name)
		}
	}
	question := "No key of " + u.Name + " works now."
	if len(stop) > 0 {
		question = "These keys will be refused: " + strings.Join(stop, ", ") + "."
	}
	if err := t.agree(question); err != nil {
		return err
	}
	after, err := t.st.DisableUser(t.ctx, u.ID, u.Version)
	if err != nil {
		return err
	}
	t.say("Disabled %s.", u.Name)
	t.undoable("the disabling of "+u.Name, func() error {
		_, err := t.st.EnableUser(t.ctx, u.ID, after.Version)
		return err
	})
	return nil
}

func (t *talk) enableUser(name string) error {
	u, err := t.namedUser(name)
	if err != nil {
		return err
	}
	if _, err := t.st.EnableUser(t.ctx, u.ID, u.Version); err != nil {
		return err
	}
	t.say("Enabled %s.", u.Name)
	return nil
}
