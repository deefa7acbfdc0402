package wizard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/screen/form/lifetime"
	"github.com/pakdeck/pakdeck/tui/text"
)

// draft returns the key as it is filled in. What cannot be understood is left
// empty; problems tells of it.
func (m Model) draft() keystore.NewKey {
	expires, _ := m.span.Expires()
	from, _, _ := m.span.NotBefore()
	every, _ := m.span.Rotate()
	warn, _ := m.span.Warn()
	return keystore.NewKey{
		User: m.user().ID, Name: m.forms[identity].Value(form.Name),
		Description: m.forms[identity].Value(form.Description),
		Scopes:      m.chosen(), Expires: expires.At, NotBefore: from, Rules: m.rules.Rules(), RotateEvery: every, WarnBefore: warn,
	}
}

// key returns the draft as a key that is made now, for the policy.
func (m Model) key() keystore.Key {
	d := m.draft()
	return keystore.Key{
		User: d.User, Name: d.Name, Description: d.Description, Scopes: d.Scopes, Created: m.env.Board.Now,
		NotBefore: d.NotBefore, Expires: d.Expires, Rules: d.Rules, RotateEvery: d.RotateEvery, WarnBefore: d.WarnBefore,
	}
}

func (m Model) chosen() []keystore.Scope {
	if x, ok := m.forms[scopes].Item(form.ScopeList).(form.Scopes); ok {
		return x.Chosen()
	}
	return nil
}

// problems says what is wrong with each row, of all steps.
func (m Model) problems() map[string]string {
	out := map[string]string{}
	set := func(row string, err error) {
		if err != nil && out[row] == "" {
			out[row] = err.Error()
		}
	}
	set(form.Owner, m.checkOwner())
	set(form.Name, m.checkName())
	set(form.Description, keystore.CheckDescription(m.forms[identity].Value(form.Description)))
	set(form.ScopeList, m.checkScopes())
	m.checkTimes(set)
	set(form.Addresses, m.rules.Rules().Validate())
	if out[form.Expiry] == "" {
		form.Violate(out, m.violations())
	}
	for row, told := range m.told {
		if out[row] == "" {
			out[row] = told
		}
	}
	return out
}

// violations returns what the policy forbids in the draft. Of an end that is
// not understood yet it says nothing.
func (m Model) violations() []keystore.Violation {
	found := m.env.Board.Policy.Check(m.key(), m.user())
	if _, err := m.span.Expires(); err == nil {
		return found
	}
	return slices.DeleteFunc(found, func(v keystore.Violation) bool { return form.RowOf(v.Field) == form.Expiry })
}

func (m Model) checkOwner() error {
	name := m.forms[identity].Value(form.Owner)
	switch {
	case name == "":
		return fmt.Errorf("every key has an owner: type a name, or choose one")
	case m.user().ID == "":
		return fmt.Errorf("there is no user %s; choose one below, or add a new user", text.Quote(name))
	}
	return nil
}

func (m Model) checkName() error {
	name := m.forms[identity].Value(form.Name)
	if err := keystore.CheckKeyName(name); err != nil {
		return err
	}
	for v := range m.env.Board.Namesakes(m.owner, name) {
		if v.Revoked.IsZero() {
			return fmt.Errorf("%s has a key %s already; choose another name", v.Owner.Name, text.Quote(name))
		}
	}
	return nil
}

func (m Model) checkScopes() error {
	if x, ok := m.forms[scopes].Item(form.ScopeList).(form.Scopes); ok && x.Unfinished() != "" {
		return fmt.Errorf("%s", x.Unfinished())
	}
	u := m.user()
	return form.Outside(m.chosen(), u)
}

// checkTimes judges both instants.
func (m Model) checkTimes(set func(string, error)) {
	expires, err := m.span.Expires()
	set(form.Expiry, err)
	from, _, fromErr := m.span.NotBefore()
	set(form.NotBefore, fromErr)
	_, everyErr := m.span.Rotate()
	set(form.Rotate, everyErr)
	_, warnErr := m.span.Warn()
	set(form.Warn, warnErr)
	typed := m.span.Value().NotBefore
	switch {
	case fromErr != nil:
	case strings.EqualFold(strings.TrimSpace(typed), "never"):
		set(form.NotBefore, fmt.Errorf("%s would never begin to work; leave it empty, or write a date such as tomorrow", text.Quote(typed)))
	case err == nil && !expires.Never() && !from.Before(expires.At):
		set(form.NotBefore, fmt.Errorf("%s is not before the key ends, %s", text.Quote(typed), m.env.Clock(expires.At)))
	}
}

// spanConfig is what the picker of the expiry has to know.
func (m Model) spanConfig() lifetime.Config {
	c := lifetime.ConfigFor(m.env, "", m.env.Board.Now)
	c.Begin = true
	return c
}

// rowsOf are the rows of each step.
var rowsOf = [steps][]string{
	identity: {form.Owner, form.Name, form.Description},
	scopes:   {form.ScopeList},
	ends:     {form.Expiry, form.NotBefore, form.Rotate, form.Warn},
	network:  {form.Addresses},
}

// wrong returns what is wrong with a step, or "".
func wrong(problems map[string]string, s step) string {
	for _, row := range rowsOf[s] {
		if problems[row] != "" {
			return problems[row]
		}
	}
	return ""
}

// firstWrong returns the first step that something is wrong with, or review.
func firstWrong(problems map[string]string) step {
	for s := range review {
		if wrong(problems, s) != "" {
			return s
		}
	}
	return review
}
