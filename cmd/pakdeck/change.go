package main

import (
	"errors"
	"slices"

	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

const versionHelp = "change it only if it is still at this version `N`"

// given returns the value of a flag that was given, or else the other value.
func given[T any](set *pflag.FlagSet, flag string, value, other T) T {
	if set.Changed(flag) {
		return value
	}
	return other
}

// attempts is how often a change is made anew after somebody else came first.
const attempts = 5

// attempt makes a change to what was just read. If somebody else changed the
// same thing in between, it is read and changed again, but not if the operator
// named a version.
func attempt[T any](again bool, change func() (T, error)) (T, error) {
	for n := 1; ; n++ {
		v, err := change()
		if !again || n == attempts || !errors.Is(err, keystore.ErrConflict) {
			return v, err
		}
	}
}

// eitherOr refuses to replace a list and to change it at the same time.
func eitherOr(set *pflag.FlagSet, flag string) error {
	if set.Changed(flag) && (set.Changed("add-"+flag) || set.Changed("remove-"+flag)) {
		return usagef("--%s replaces the list, so --add-%[1]s and --remove-%[1]s make no sense beside it", flag)
	}
	return nil
}

// scopeChange are the flags that change a list of scopes.
type scopeChange struct {
	flag, word           string
	replace, add, remove []string
}

// apply returns the changed list, and whether a flag was given at all.
func (c scopeChange) apply(set *pflag.FlagSet, now []keystore.Scope) (list []keystore.Scope, changed bool, err error) {
	if err := eitherOr(set, c.flag); err != nil {
		return nil, false, err
	}
	if set.Changed(c.flag) {
		list, err = parseScopes(c.flag, c.word, c.replace)
		return list, true, err
	}
	more, err1 := parseScopes("add-"+c.flag, "", c.add)
	less, err2 := parseScopes("remove-"+c.flag, "", c.remove)
	if err := errors.Join(err1, err2); err != nil {
		return nil, false, err
	}
	list = slices.Concat(now, more)
	for _, s := range less {
		if !slices.Contains(list, s) {
			return nil, false, usagef("--remove-%s %s: it is not there", c.flag, s)
		}
		list = slices.DeleteFunc(list, func(x keystore.Scope) bool { return x == s })
	}
	slices.Sort(list)
	return slices.Compact(list), len(more)+len(less) > 0, nil
}

// entryChange are the flags that change a list of address rules.
type entryChange struct {
	flag, word           string
	replace, add, remove []string
}

// apply is like [scopeChange.apply]. An entry that is there already is not
// added again, but gets the note of the new one.
func (c entryChange) apply(a *app, set *pflag.FlagSet, now []iprule.Entry) (list []iprule.Entry, changed bool, err error) {
	if err := eitherOr(set, c.flag); err != nil {
		return nil, false, err
	}
	if set.Changed(c.flag) {
		list, err = a.parseEntries(c.flag, c.word, c.replace)
		return list, true, err
	}
	more, err1 := a.parseEntries("add-"+c.flag, "", c.add)
	less, err2 := a.parseEntries("remove-"+c.flag, "", c.remove)
	if err := errors.Join(err1, err2); err != nil {
		return nil, false, err
	}
	list = slices.Clone(now)
	for _, e := range more {
		if i := slices.IndexFunc(list, func(x iprule.Entry) bool { return x.Prefix == e.Prefix }); i >= 0 {
			list[i] = e
			continue
		}
		list = append(list, e)
	}
	list, err = without(list, "remove-"+c.flag, less)
	return list, len(more)+len(less) > 0, err
}
