package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// bulkEditFlags are the fields that many keys may get at once.
type bulkEditFlags struct {
	extend, expires, description, rotateEvery, warn string

	scope, addScope, removeScope []string
	allow, addAllow, removeAllow []string
	deny, addDeny, removeDeny    []string

	set *pflag.FlagSet
}

func (a *app) bulkEdit() *cobra.Command {
	var f bulkEditFlags
	return a.bulkOf("edit", "Change fields of keys",
		"  pakdeck bulk edit --filter 'state:expiring user:build-bot' --extend 90d\n  pakdeck bulk edit --user build-bot --add-allow '198.51.100.0/24 # new runners' --count 12",
		f.define, func() (bulk.Change, error) { return f.change(a) })
}

func (f *bulkEditFlags) define(set *pflag.FlagSet) {
	f.set = set
	set.StringVar(&f.extend, "extend", "", "the keys end this `TIME` later than now planned: 90d; those that never end stay")
	set.StringVar(&f.expires, "expires", "", expiresHelp)
	set.StringVar(&f.description, "description", "", "`TEXT` that says what the keys are for")
	set.StringVar(&f.rotateEvery, "rotate-every", "", everyHelp)
	set.StringVar(&f.warn, "warn-before", "", warnHelp)
	for _, l := range []struct {
		flag               string
		set, added, gone   *[]string
		setHelp, item, has string
	}{
		{"scope", &f.scope, &f.addScope, &f.removeScope, scopeHelp, "`SCOPE`", "scopes"},
		{"allow", &f.allow, &f.addAllow, &f.removeAllow, allowHelp, "`ADDRESS`", "allow list"},
		{"deny", &f.deny, &f.addDeny, &f.removeDeny, denyHelp, "`ADDRESS`", "deny list"},
	} {
		set.StringArrayVar(l.set, l.flag, nil, l.setHelp)
		set.StringArrayVar(l.added, "add-"+l.flag, nil, "adds a "+l.item+" to the "+l.has+" unless it is there")
		set.StringArrayVar(l.gone, "remove-"+l.flag, nil, "takes a "+l.item+" off the "+l.has+" if it is there")
	}
}

// change turns the flags into a change.
func (f *bulkEditFlags) change(a *app) (c bulk.Change, err error) {
	var errs [8]error
	if f.set.Changed("extend") && f.set.Changed("expires") {
		return c, usagef("--extend and --expires exclude each other")
	}
	if f.set.Changed("extend") {
		c.Extend, errs[0] = expiry.ParseSpan(f.extend)
	}
	if f.set.Changed("expires") {
		at, err := a.parseExpiry(f.expires)
		c.Expires, errs[1] = &at, err
	}
	if f.set.Changed("description") {
		c.Description, errs[2] = &f.description, keystore.CheckDescription(f.description)
	}
	if f.set.Changed("rotate-every") {
		var every time.Duration
		every, errs[3] = parseInterval(f.rotateEvery)
		c.RotateEvery = &every
	}
	if f.set.Changed("warn-before") {
		var warn time.Duration
		warn, errs[7] = parseInterval(f.warn)
		c.WarnBefore = &warn
	}
	c.Scopes, errs[4] = listChange(f.set, "scope", allOfOwner, f.scope, f.addScope, f.removeScope, parseScopes)
	c.Allow, errs[5] = listChange(f.set, "allow", anyAddress, f.allow, f.addAllow, f.removeAllow, a.parseEntries)
	c.Deny, errs[6] = listChange(f.set, "deny", noEntry, f.deny, f.addDeny, f.removeDeny, a.parseEntries)
	if err := errors.Join(errs[:]...); err != nil {
		return c, err
	}
	if f.nothing() {
		return c, usagef("say what is to change: --extend, --expires, --description, --rotate-every, --warn-before, --scope, --allow, --deny, or one of --add-... and --remove-...")
	}
	return c, checkRules(c.Allow.New, c.Deny.New)
}

// checkRules refuses lists that no key could have.
func checkRules(allow, deny []iprule.Entry) error {
	return iprule.Rules{Allow: allow, Deny: deny}.Validate()
}

// nothing reports whether no flag names a change.
func (f *bulkEditFlags) nothing() bool {
	about := false
	f.set.Visit(func(g *pflag.Flag) {
		switch g.Name {
		case "filter", "user", "yes", "count", "dry-run", "atomic":
		default:
			about = about || f.set.Lookup(g.Name) != nil && g.Name != "store" && g.Name != "json" && g.Name != "timeout" && g.Name != "read-only"
		}
	})
	return !about
}

// listChange reads the three flags of a list.
func listChange[T any](set *pflag.FlagSet, flag, word string, replace, add, remove []string,
	parse func(flag, word string, values []string) ([]T, error),
) (l bulk.List[T], err error) {
	if err := eitherOr(set, flag); err != nil {
		return l, err
	}
	var errs [3]error
	if l.Set = set.Changed(flag); l.Set {
		l.New, errs[0] = parse(flag, word, replace)
	}
	if len(add) > 0 {
		l.Add, errs[1] = parse("add-"+flag, "", add)
	}
	if len(remove) > 0 {
		l.Remove, errs[2] = parse("remove-"+flag, "", remove)
	}
	return l, errors.Join(errs[:]...)
}
