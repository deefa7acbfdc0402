package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

func (t *teller) addUser(ctx context.Context, p person) error {
	permissions, err := keystore.ParseScopes(strings.Fields(p.permissions))
	if err != nil {
		return err
	}
	kind := keystore.Service
	if p.person {
		kind = keystore.Person
	}
	u, err := t.store.AddUser(ctx, keystore.NewUser{
		Name: p.name, Kind: kind, Admin: p.admin, Permissions: permissions, Contact: p.contact,
	})
	t.users[p.name] = u.ID
	return err
}

// issue makes a key and plans how it is used.
func (t *teller) issue(ctx context.Context, i *issue) error {
	scopes, err := keystore.ParseScopes(strings.Fields(i.scopes))
	if err != nil {
		return err
	}
	in := keystore.NewKey{User: t.users[i.owner], Name: i.name, Description: i.description, Scopes: scopes}
	if i.begins != 0 {
		in.NotBefore = t.ago(-i.begins)
	}
	if i.ends != 0 {
		in.Expires = t.ago(-i.ends)
	}
	if in.Rules.Allow, err = entries(i.allow); err != nil {
		return err
	}
	if in.Rules.Deny, err = entries(i.deny); err != nil {
		return err
	}
	k, _, err := t.store.CreateKey(ctx, in)
	if err != nil {
		return fmt.Errorf("%s: %w", i.name, err)
	}
	t.plan(k, i)
	return nil
}

func entries(list []string) ([]iprule.Entry, error) {
	var out []iprule.Entry
	for _, line := range list {
		var e iprule.Entry
		if err := e.UnmarshalText([]byte(line)); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// turn changes a user or a key.
func (t *teller) turn(ctx context.Context, x turn) error {
	st := t.store.As(operators[x.by])
	if x.what == "disable user" {
		u, err := st.User(ctx, x.key)
		if err == nil {
			_, err = st.DisableUser(ctx, u.ID, u.Version)
		}
		return err
	}
	k, err := st.Key(ctx, x.key)
	if err != nil {
		return err
	}
	switch x.what {
	case "disable":
		_, err = st.DisableKey(ctx, k.ID, k.Version)
	case "enable":
		_, err = st.EnableKey(ctx, k.ID, k.Version)
	case "revoke":
		_, err = st.RevokeKey(ctx, k.ID, k.Version, x.text)
	case "rotate":
		err = t.rotate(ctx, st, k, x)
	default:
		var e keystore.KeyEdit
		if e, err = t.edit(x, k); err == nil {
			_, err = st.EditKey(ctx, k.ID, k.Version, e)
		}
	}
	return err
}

// rotate gives a key a new secret. Its callers have it at once; the planned
// records of earlier days stay those of the old one.
func (t *teller) rotate(ctx context.Context, st *keystore.Store, k keystore.KeyView, x turn) error {
	k, _, err := st.RotateKey(ctx, k.ID, k.Version, keystore.Rotation{Until: t.now.Add(time.Duration(x.days * float64(day)))})
	for _, l := range t.lives {
		if l.key.ID == k.ID && err == nil {
			l.key = k
		}
	}
	return err
}

func (t *teller) edit(x turn, k keystore.KeyView) (e keystore.KeyEdit, err error) {
	switch x.what {
	case "describe":
		e.Description = &x.text
	case "expires":
		at := t.now.Add(time.Duration(x.days * float64(day)))
		e.Expires = &at
	case "allow":
		var more []iprule.Entry
		if more, err = entries([]string{x.text}); err == nil {
			rules := k.Rules
			rules.Allow = append(rules.Allow, more...)
			e.Rules = &rules
		}
	default:
		err = fmt.Errorf("nobody knows how to %q", x.what)
	}
	return e, err
}
