package plain

import (
	"errors"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// newKey issues a key.
func (t *talk) newKey(string) error { return t.create(keystore.KeyView{}) }

// cloneKey issues a key that begins with the values of another.
func (t *talk) cloneKey(ref string) error {
	v, err := t.pickKey(ref)
	if err != nil {
		return err
	}
	return t.create(v)
}

// create asks for everything, shows it, and issues the key after a yes.
func (t *talk) create(like keystore.KeyView) error {
	in, owner, err := t.draft(like)
	if err != nil {
		return err
	}
	if err := t.st.CheckNewKey(t.ctx, in); err != nil {
		return err
	}
	t.say("Owner: %s. Name: %s. May do: %s. Expires: %s.", owner.Name, in.Name, scopeWords(in.Scopes, "all that its owner may"), t.when(in.Expires))
	t.rules(in.Rules)
	t.problems(in.Rules)
	if err := t.agree("This is the key that will be issued."); err != nil {
		return err
	}
	v, secret, err := t.st.CreateKey(t.ctx, in)
	if err != nil {
		return err
	}
	t.say("Issued %s.", v.Ref())
	return t.handOver(v, secret)
}

func (t *talk) draft(like keystore.KeyView) (in keystore.NewKey, owner keystore.User, err error) {
	if owner, err = t.pickUser(like.Owner.Name); err != nil {
		return in, owner, err
	}
	in.User = owner.ID
	if in.Name, err = t.ask("Name", "", keystore.CheckKeyName); err != nil {
		return in, owner, err
	}
	if in.Description, err = t.ask("Description, may be empty", like.Description, keystore.CheckDescription); err != nil {
		return in, owner, err
	}
	if in.Scopes, err = t.scopes("Scopes, such as deploy:write; empty is all that "+owner.Name+" may", like.Scopes); err != nil {
		return in, owner, err
	}
	err = t.expires(&in)
	if err == nil {
		in.Rules, err = t.askRules(like.Rules)
	}
	return in, owner, err
}

// pickUser asks for an owner; "?" lists them.
func (t *talk) pickUser(standard string) (u keystore.User, err error) {
	_, err = t.put(question{
		what: `Owner, "?" lists the users`, standard: standard, list: func() error { return t.listUsers("") },
		check: func(name string) (err error) {
			u, err = t.st.User(t.ctx, name)
			return err
		},
	})
	return u, err
}

// expires asks when the key ends.
func (t *talk) expires(in *keystore.NewKey) error {
	_, err := t.ask("Expires, such as 90d, 2027-02-21, eom or never", "90d", func(s string) error {
		e, err := expiry.Parse(s, t.st.Now(), t.zone)
		in.Expires = e.At
		return err
	})
	return err
}

// scopes asks for a list of scopes; "-" is the empty one.
func (t *talk) scopes(what string, standard []keystore.Scope) ([]keystore.Scope, error) {
	var out []keystore.Scope
	_, err := t.ask(what, scopeWords(standard, ""), func(s string) error {
		out = nil
		if s == "" || s == "-" {
			return nil
		}
		var err error
		out, err = keystore.ParseScopes(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,;\t", r) }))
		return err
	})
	return out, err
}

// askRules asks for both lists of addresses.
func (t *talk) askRules(now iprule.Rules) (r iprule.Rules, err error) {
	if r.Allow, err = t.entries("Allow only these addresses, prefixes or ranges, separated by blanks; - is any", now.Allow); err != nil {
		return r, err
	}
	r.Deny, err = t.entries("Deny these; - is none", now.Deny)
	return r, err
}

func (t *talk) entries(what string, now []iprule.Entry) ([]iprule.Entry, error) {
	standard := make([]string, len(now))
	for i, e := range now {
		standard[i] = e.Prefix.String()
	}
	out := now
	_, err := t.ask(what, strings.Join(standard, " "), func(s string) error {
		switch s {
		case "-", "":
			out = nil
			return nil
		case strings.Join(standard, " "):
			out = now // with their notes
			return nil
		}
		entries, wrong := iprule.ParseList(s)
		out = entries
		var errs []error
		for _, e := range wrong {
			errs = append(errs, e.Err)
		}
		return errors.Join(errs...)
	})
	return out, err
}

// problems tells what is odd about rules.
func (t *talk) problems(r iprule.Rules) {
	for _, p := range r.Problems() {
		t.say("Note: %s", p.Text)
	}
}
