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
	t.say("%s.", text.Plural(int64(len(users)), "user"))
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
	t.say("%s.", text.Plural(int64(len(keys)), "key"))
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
}

// keysOf returns the keys of a user that are not revoked.
func (t *talk) keysOf(u keystore.User) ([]keystore.KeyView, error) {
	all, err := t.st.Keys(t.ctx)
	return slices.DeleteFunc(all, func(v keystore.KeyView) bool { return v.User != u.ID || !v.Revoked.IsZero() }), err
}

func (t *talk) addUser(string) error {
	name, err := t.ask("Name", "", keystore.CheckUserName)
	if err != nil {
		return err
	}
	in := keystore.NewUser{Name: name}
	if in.Kind, in.Contact, in.Permissions, err = t.askUser(keystore.User{Kind: keystore.Service}); err != nil {
		return err
	}
	if err := t.agree(fmt.Sprintf("New user %s, %s, may do: %s.", name, in.Kind, scopeWords(in.Permissions, "nothing yet"))); err != nil {
		return err
	}
	u, err := t.st.AddUser(t.ctx, in)
	if err != nil {
		return err
	}
	t.say("Added %s.", u.Name)
	return nil
}

// askUser asks for what a user is, beginning with what it is now.
func (t *talk) askUser(now keystore.User) (kind keystore.Kind, contact string, may []keystore.Scope, err error) {
	if _, err = t.ask("Kind, service or person", string(now.Kind), func(s string) (err error) {
		kind, err = keystore.ParseKind(s)
		return err
	}); err != nil {
		return kind, contact, may, err
	}
	if contact, err = t.ask("Contact, - is none", now.Contact, keystore.CheckContact); err != nil {
		return kind, contact, may, err
	}
	if contact == "-" {
		contact = ""
	}
	may, err = t.scopes("May do, such as deploy:* chat:write; - is nothing", now.Permissions)
	return kind, contact, may, err
}

func (t *talk) editUser(name string) error {
	u, err := t.namedUser(name)
	if err != nil {
		return err
	}
	kind, contact, may, err := t.askUser(u)
	if err != nil {
		return err
	}
	keys, err := t.keysOf(u)
	if err != nil {
		return err
	}
	question := fmt.Sprintf("%s will be: %s, contact %s, may do %s. What %s may do follows at once.",
		u.Name, kind, contact, scopeWords(may, "nothing"), text.Plural(int64(len(keys)), "key"))
	if err := t.agree(question); err != nil {
		return err
	}
	if _, err := t.st.EditUser(t.ctx, u.ID, u.Version, keystore.UserEdit{Kind: &kind, Contact: &contact, Permissions: &may}); err != nil {
		return err
	}
	t.say("Changed %s.", u.Name)
	return nil
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
