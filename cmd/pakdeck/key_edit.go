package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// editFlags are what may be changed of a key; only flags that were given count.
type editFlags struct {
	keyFlags
	addScope, removeScope []string
	addAllow, removeAllow []string
	addDeny, removeDeny   []string
	simplify              bool
	version               uint64
	dryRun                bool
	set                   *pflag.FlagSet
}

func (a *app) keyEditCommand() *cobra.Command {
	var f editFlags
	c := &cobra.Command{
		Use: "edit KEY", Short: "Change a key", Args: want("KEY"), ValidArgsFunction: a.completeKey,
		Long:    "Change a key. What is not named stays as it is. What changes is told on standard error.",
		Example: "  pakdeck key edit build-bot/ci-deploy --expires 90d --add-allow '198.51.100.7 # runner 4'",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.editKey(ctx, st, args[0], &f)
		}),
	}
	f.set = c.Flags()
	f.define(f.set)
	f.set.StringArrayVar(&f.addScope, "add-scope", nil, "adds a `SCOPE`")
	f.set.StringArrayVar(&f.removeScope, "remove-scope", nil, "removes a `SCOPE`")
	f.set.StringArrayVar(&f.addAllow, "add-allow", nil, "adds an `ADDRESS` to the allow list")
	f.set.StringArrayVar(&f.removeAllow, "remove-allow", nil, "removes an `ADDRESS` from the allow list")
	f.set.StringArrayVar(&f.addDeny, "add-deny", nil, "adds an `ADDRESS` to the deny list")
	f.set.StringArrayVar(&f.removeDeny, "remove-deny", nil, "removes an `ADDRESS` from the deny list")
	f.set.BoolVar(&f.simplify, "simplify", false, "write both address lists with as few entries as decide the same")
	f.set.Uint64Var(&f.version, "version", 0, versionHelp)
	f.set.BoolVar(&f.dryRun, "dry-run", false, "show what would change and whom that would have refused, but do not change it")
	return c
}

func (a *app) editKey(ctx context.Context, st *keystore.Store, ref string, f *editFlags) error {
	var before keystore.KeyView
	after, err := attempt(!f.set.Changed("version"), func() (k keystore.KeyView, err error) {
		if before, err = st.Key(ctx, ref); err != nil {
			return k, err
		}
		e, err := f.edit(a, before.Key)
		if err != nil {
			return k, err
		}
		version := given(f.set, "version", f.version, before.Version)
		change := keystore.KeyChange{ID: before.ID, Version: version, Edit: &e}
		if f.dryRun {
			k, _, err = st.PreviewChange(ctx, change)
			return k, err
		}
		return st.ChangeKey(ctx, change)
	})
	if err != nil {
		return err
	}
	verb := "changed"
	if f.dryRun {
		verb = "would change"
	}
	a.noteChanges(verb, "key "+before.Ref(), keyFields(before.Key), keyFields(after.Key))
	if f.changesRules() {
		a.noteProblems(after.Rules)
	}
	if f.dryRun {
		return a.printDryEdit(ctx, st, before, after)
	}
	return a.printKey(ctx, st, after)
}

// dryEditJSON is what an edit would change.
type dryEditJSON struct {
	DryRun  bool           `json:"dry_run"`
	ID      keystore.KeyID `json:"id"`
	Version uint64         `json:"version"`
	Changes []changeJSON   `json:"changes"`
	Effect  effectJSON     `json:"effect"`
}

func (a *app) printDryEdit(ctx context.Context, st *keystore.Store, before, after keystore.KeyView) error {
	effect, err := a.noteEffect(ctx, st, before, after)
	if err != nil {
		return err
	}
	a.note("dry run: nothing was changed")
	if !a.json {
		return nil
	}
	return a.printJSON(dryEditJSON{
		DryRun: true, ID: after.ID, Version: before.Version,
		Changes: changesJSON(keyFields(before.Key), keyFields(after.Key)),
		Effect:  effectOf(effect),
	})
}

func (f *editFlags) changesRules() bool {
	return f.simplify || len(f.allow)+len(f.deny)+len(f.addAllow)+len(f.removeAllow)+len(f.addDeny)+len(f.removeDeny) > 0
}

// edit turns the flags that were given into a change of k.
func (f *editFlags) edit(a *app, k keystore.Key) (e keystore.KeyEdit, err error) {
	if f.set.Changed("name") {
		e.Name = &f.name
	}
	if f.set.Changed("description") {
		e.Description = &f.description
	}
	var errs [6]error
	if f.set.Changed("expires") {
		at, err := a.parseExpiry(f.expires)
		e.Expires, errs[0] = &at, err
	}
	if f.set.Changed("not-before") {
		at, err := a.parseNotBefore(f.notBefore)
		e.NotBefore, errs[1] = &at, err
	}
	scopes, changed, err := scopeChange{
		flag: "scope", word: allOfOwner, replace: f.scopes, add: f.addScope, remove: f.removeScope,
	}.apply(f.set, k.Scopes)
	if errs[2] = err; changed {
		e.Scopes = &scopes
	}
	if changed && f.set.Changed("remove-scope") && len(scopes) == 0 {
		errs[2] = usagef("without a scope the key could do all that its owner may; if that is meant, write --scope %s", allOfOwner)
	}
	if f.set.Changed("rotate-every") {
		every, err := parseInterval(f.rotateEvery)
		e.RotateEvery, errs[4] = &every, err
	}
	if f.set.Changed("warn-before") {
		warn, err := parseInterval(f.warn)
		e.WarnBefore, errs[5] = &warn, err
	}
	e.Rules, errs[3] = f.rules(a, k.Rules)
	return e, errors.Join(errs[:]...)
}

// rules returns the changed address rules, nil if no flag is about them.
func (f *editFlags) rules(a *app, now iprule.Rules) (*iprule.Rules, error) {
	allow, changedAllow, err1 := entryChange{
		flag: "allow", word: anyAddress, replace: f.allow, add: f.addAllow, remove: f.removeAllow,
	}.apply(a, f.set, now.Allow)
	deny, changedDeny, err2 := entryChange{
		flag: "deny", word: noEntry, replace: f.deny, add: f.addDeny, remove: f.removeDeny,
	}.apply(a, f.set, now.Deny)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	if changedAllow && f.set.Changed("remove-allow") && len(allow) == 0 && len(now.Allow) > 0 {
		return nil, usagef("without an allow list any address could use the key; if that is meant, write --allow %s", anyAddress)
	}
	if !changedAllow && !changedDeny && !f.simplify {
		return nil, nil
	}
	after := iprule.Rules{Allow: slices.Clip(allow), Deny: slices.Clip(deny)}
	if f.simplify {
		after = after.Simplify()
	}
	return &after, nil
}
