package plain

import (
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/tui/text"
)

func (t *talk) addUser(string) error {
	in, err := t.askUser(keystore.User{Kind: keystore.Service})
	if err != nil {
		return err
	}
	if err := t.agree("New user " + newUserWords(in) + "."); err != nil {
		return err
	}
	u, err := t.st.AddUser(t.ctx, in)
	if err != nil {
		return err
	}
	t.say("Added %s.", u.Name)
	return nil
}

func newUserWords(u keystore.NewUser) string {
	to := "for nobody's key"
	if u.Recipient != "" {
		to = "to " + u.Recipient
	}
	return fmt.Sprintf("%s, %s%s, contact %s, may do %s, files encrypted %s",
		u.Name, u.Kind, when(u.Admin, ", admin"), orNone(u.Contact), scopeWords(u.Permissions, "nothing yet"), to)
}

func orNone(s string) string { return s + when(s == "", "none") }

// askUser asks for what a user is, beginning with what it is now.
func (t *talk) askUser(now keystore.User) (u keystore.NewUser, err error) {
	if u.Name, err = t.ask("Name", now.Name, keystore.CheckUserName); err != nil {
		return u, err
	}
	if _, err = t.ask("Kind, service or person", string(now.Kind), func(s string) (err error) {
		u.Kind, err = keystore.ParseKind(s)
		return err
	}); err != nil {
		return u, err
	}
	if u.Admin, err = t.yesOrNo("Admin, who may do everything", now.Admin); err != nil {
		return u, err
	}
	if u.Contact, err = t.orEmpty("Contact, - is none", now.Contact, keystore.CheckContact, "Whom to ask about the user's keys: a mail address, a chat channel, a team."); err != nil {
		return u, err
	}
	if u.Permissions, err = t.scopes("May do, such as deploy:* chat:write; - is nothing", now.Permissions); err != nil {
		return u, err
	}
	u.Recipient, err = t.orEmpty("Encrypt files with new key strings to, - is nobody", now.Recipient, checkRecipient,
		"The owner's public key: age1... or ssh-ed25519 ... Only the owner can open such a file then.")
	return u, err
}

// orEmpty asks for a line; "-" is an empty one.
func (t *talk) orEmpty(what, now string, check func(string) error, help ...string) (string, error) {
	s, err := t.ask(what, now, func(s string) error { return check(strings.TrimPrefix(s, "-")) }, help...)
	if s == "-" {
		s = ""
	}
	return s, err
}

func checkRecipient(s string) error {
	if s == "" {
		return nil
	}
	if _, err := pak.ParseRecipient(s); err != nil {
		return err
	}
	return keystore.CheckRecipient(s)
}

func (t *talk) editUser(name string) error {
	u, err := t.namedUser(name)
	if err != nil {
		return err
	}
	in, err := t.askUser(u)
	if err != nil {
		return err
	}
	keys, err := t.keysOf(u)
	if err != nil {
		return err
	}
	if err := t.agree(fmt.Sprintf("%s will be %s. What %s may do follows at once.", u.Name, newUserWords(in), text.Plural(len(keys), "key"))); err != nil {
		return err
	}
	after, err := t.st.EditUser(t.ctx, u.ID, u.Version, keystore.UserEdit{
		Name: &in.Name, Kind: &in.Kind, Admin: &in.Admin, Contact: &in.Contact, Permissions: &in.Permissions, Recipient: &in.Recipient,
	})
	if err != nil {
		return err
	}
	t.say("Changed %s.", after.Name)
	return nil
}
