package main

import (
	"errors"
	"time"

	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// keyFlags are the flags of a key's fields.
type keyFlags struct {
	name, description  string
	expires, notBefore string
	scopes             []string
	allow, deny        []string
	rotateEvery, warn  string
	model              *keystore.KeyView // of key create --like or --draft: what is not given is taken from it
	begins             time.Time         // of a draft, likewise
}

const (
	expiresHelp = "`DATE` when the key ends: 90d, 2027-02-21, \"2027-02-21 18:00 Europe/Berlin\", eom, never"
	beginsHelp  = "`DATE` when the key begins to work, or 7d; now for at once"
	scopeHelp   = "`SCOPE` of the key, resource:action; repeat it, separate by commas, or @FILE; owner for all that the owner may do"
	allowHelp   = "`ADDRESS`, prefix or range the key may be used from, with \"# note\"; repeat it, separate by commas, or @FILE; any for no allow list"
	everyHelp   = "`TIME` after which the secret is due to be rotated: 90d; policy for what the policy says"
	warnHelp    = "`TIME` before its end from which on the key is shown as expiring: 30d; policy for what the policy says"
	denyHelp    = "`ADDRESS`, prefix or range that is refused even if it is allowed; like --allow; none for no deny list"
)

func (f *keyFlags) define(set *pflag.FlagSet) {
	set.StringVar(&f.name, "name", "", "the key's name, `TEXT` unique for its owner")
	set.StringVar(&f.description, "description", "", "`TEXT` that says what the key is for")
	set.StringVar(&f.expires, "expires", "", expiresHelp)
	set.StringVar(&f.notBefore, "not-before", "", beginsHelp)
	set.StringArrayVar(&f.scopes, "scope", nil, scopeHelp)
	set.StringArrayVar(&f.allow, "allow", nil, allowHelp)
	set.StringVar(&f.rotateEvery, "rotate-every", "", everyHelp)
	set.StringVar(&f.warn, "warn-before", "", warnHelp)
	set.StringArrayVar(&f.deny, "deny", nil, denyHelp)
}

// newKey turns the flags into a key to be issued. All that is wrong with them
// is told at once.
func (f *keyFlags) newKey(a *app, set *pflag.FlagSet, owner keystore.UserID) (in keystore.NewKey, err error) {
	in = f.modelled()
	in.User, in.Name = owner, f.name
	if set.Changed("description") {
		in.Description = f.description
	}
	var errs [8]error
	if !set.Changed("name") {
		errs[0] = usagef("--name is missing; give the key a name, such as ci-deploy")
	}
	if set.Changed("expires") {
		in.Expires, errs[1] = a.parseExpiry(f.expires)
	} else if f.model == nil || !f.model.Expires.IsZero() && !f.model.Expires.After(a.now()) {
		errs[1] = usagef("--expires is missing; say when the key ends: 90d, a date, or never")
	}
	if set.Changed("not-before") {
		in.NotBefore, errs[2] = a.parseNotBefore(f.notBefore)
	}
	if f.model == nil || set.Changed("scope") {
		in.Scopes, errs[3] = parseScopes("scope", allOfOwner, f.scopes)
	}
	if f.model == nil || set.Changed("allow") {
		in.Rules.Allow, errs[4] = a.parseEntries("allow", anyAddress, f.allow)
	}
	if f.model == nil || set.Changed("deny") {
		in.Rules.Deny, errs[5] = a.parseEntries("deny", noEntry, f.deny)
	}
	if set.Changed("rotate-every") {
		in.RotateEvery, errs[6] = parseInterval(f.rotateEvery)
	}
	if set.Changed("warn-before") {
		in.WarnBefore, errs[7] = parseInterval(f.warn)
	}
	return in, errors.Join(errs[:]...)
}

// modelled is a key like the model, as far as it can be had again.
func (f *keyFlags) modelled() keystore.NewKey {
	if f.model == nil {
		return keystore.NewKey{}
	}
	k := f.model
	return keystore.NewKey{
		Description: k.Description, Scopes: k.Scopes, Rules: k.Rules, Expires: k.Expires, RotateEvery: k.RotateEvery, WarnBefore: k.WarnBefore,
		NotBefore: f.begins,
	}
}

// asPolicy is the word of --rotate-every and --warn-before for what the policy
// says.
const asPolicy = "policy"

// parseInterval reads --rotate-every and --warn-before.
func parseInterval(s string) (time.Duration, error) {
	if s == asPolicy {
		return 0, nil
	}
	return expiry.ParseSpan(s)
}

// noteProblems tells what an operator should know of address rules that can
// be saved.
func (a *app) noteProblems(r iprule.Rules) {
	for _, p := range r.Problems() {
		switch p.Level {
		case iprule.LevelWarning:
			a.warn(p.Text)
		case iprule.LevelInfo:
			a.note("%s", p.Text)
		}
	}
}
