package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/screen/form/draft"
	"github.com/pakdeck/pakdeck/tui/screen/form/lifetime"
)

const draftHelp = `The draft of a new key: what was filled in, for another time. Every operator has
one, which the new-key form of the dashboard keeps and offers again. A draft gives
nobody access to anything. "pakdeck key create --draft" issues the key.`

func (a *app) keyDraftCommand() *cobra.Command {
	c := group("draft", "The draft of a new key", a.draftSaveCommand(), a.draftShowCommand(), a.draftDropCommand())
	c.Long = draftHelp
	return c
}

// operator is who sits before the terminal: "mira@bastion-1".
func (a *app) operator() string {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	return a.actor("cli").User + "@" + host
}

// desk is where the operator's draft lies.
func (a *app) desk(st *keystore.Store) draft.Desk {
	return draft.Desk{Store: st, Operator: a.operator(), Sudo: a.env("SUDO_USER"), Terminal: draft.Terminal(a.env)}
}

// draft returns the operator's draft, or says that there is none.
func (a *app) draft(ctx context.Context, st *keystore.Store) (draft.Draft, error) {
	d, found, err := a.desk(st).Load(ctx)
	if err == nil && !found {
		err = &failedError{text: a.operator() + " has no draft", hint: "keep one with pakdeck key draft save, or in the dashboard with ctrl+s"}
	}
	return d, err
}

func (a *app) draftSaveCommand() *cobra.Command {
	var f keyFlags
	var user string
	c := &cobra.Command{
		Use: "save", Short: "Keep a draft; nothing has to be complete", Args: want(),
		Example: "  pakdeck key draft save --user build-bot --name ci-deploy --expires 90d",
	}
	f.define(c.Flags())
	c.Flags().StringVar(&user, "user", "", "`NAME` of the owner")
	a.completeFlag(c, "user", a.completeUser)
	c.RunE = a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
		d, err := f.draft(a, c, user)
		if err != nil {
			return err
		}
		if d, err = a.desk(st).Save(ctx, d, 0); err != nil {
			if other, is := errors.AsType[*draft.ElsewhereError](err); is {
				return &failedError{text: "there is a draft already: " + other.Theirs.Ref(), hint: "issue it with pakdeck key create --draft, or drop it first: pakdeck key draft drop"}
			}
			return err
		}
		a.note("kept a draft of %s", d.Ref())
		return nil
	})
	return c
}

// draft turns the flags that were given into a draft. What is given must be
// right, except that nobody asks yet whether there is such an owner.
func (f *keyFlags) draft(a *app, c *cobra.Command, user string) (draft.Draft, error) {
	set := c.Flags()
	d := draft.Draft{
		Began: a.now(), Owner: user, Name: f.name, Description: f.description,
		Expires: f.expires, Zone: "local", NotBefore: f.notBefore, Rotate: f.rotateEvery, Warn: f.warn,
	}
	for flag, standIn := range map[string]string{"name": "draft", "expires": "never"} {
		if !set.Changed(flag) {
			if err := set.Set(flag, standIn); err != nil {
				return d, err
			}
		}
	}
	in, err := f.newKey(a, set, "")
	d.Scopes, d.Allow, d.Deny = in.Scopes, in.Rules.Allow, in.Rules.Deny
	return d, errors.Join(
		err, keystore.CheckKeyName(in.Name), keystore.CheckDescription(in.Description), in.Rules.Validate(),
		keystore.CheckInterval(in.RotateEvery), keystore.CheckWarning(in.WarnBefore),
	)
}

// draftedJSON is a draft, its times as they were typed.
type draftedJSON struct {
	User        string           `json:"user"`
	Name        string           `json:"name"`
	Description string           `json:"description"`
	Scopes      []keystore.Scope `json:"scopes"`
	Expires     string           `json:"expires"`
	Time        string           `json:"time"`
	Zone        string           `json:"zone"`
	NotBefore   string           `json:"not_before"`
	RotateEvery string           `json:"rotate_every"`
	WarnBefore  string           `json:"warn_before"`
	Allow       []iprule.Entry   `json:"allow"`
	Deny        []iprule.Entry   `json:"deny"`
	Saved       instant          `json:"saved"`
	Terminal    string           `json:"terminal"`
}

func (a *app) draftShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "Show your draft", Args: want(),
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			d, err := a.draft(ctx, st)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(draftedJSON{
					User: d.Owner, Name: d.Name, Description: d.Description, Scopes: list(d.Scopes),
					Expires: d.Expires, Time: d.Clock, Zone: d.Zone, NotBefore: d.NotBefore, RotateEvery: d.Rotate, WarnBefore: d.Warn,
					Allow: list(d.Allow), Deny: list(d.Deny), Saved: instant(d.Saved), Terminal: d.Terminal,
				})
			}
			rows := [][]string{
				{"user", d.Owner},
				{"name", d.Name},
				{"description", d.Description},
				{"begins", cmp.Or(d.NotBefore, atOnce)},
				{"expires", strings.Join(strings.Fields(d.Expires+" "+d.Clock+" "+d.Zone), " ")},
				{"rotate", cmp.Or(d.Rotate, asPolicy)},
				{"warn", cmp.Or(d.Warn, asPolicy)},
				{"scopes", cmp.Or(scopeText(d.Scopes), "all of the owner's")},
			}
			rows = append(rows, listRows("allow", "any address", entryTexts(d.Allow))...)
			rows = append(rows, listRows("deny", "none", entryTexts(d.Deny))...)
			return a.printRows(append(rows, []string{"saved", instant(d.Saved).String()}))
		}),
	}
}

func (a *app) draftDropCommand() *cobra.Command {
	return &cobra.Command{
		Use: "drop", Short: "Forget your draft", Args: want(),
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			d, err := a.draft(ctx, st)
			if err != nil {
				return err
			}
			if err := a.desk(st).Drop(ctx, d.Began); err != nil {
				return err
			}
			a.note("dropped the draft of %s", d.Ref())
			return nil
		}),
	}
}

// fromDraft takes what was not given from the operator's draft, and returns
// when that was begun.
func (f *createFlags) fromDraft(ctx context.Context, a *app, st *keystore.Store, set *pflag.FlagSet) (time.Time, error) {
	d, err := a.draft(ctx, st)
	if err != nil {
		return d.Began, err
	}
	f.user = cmp.Or(f.user, d.Owner)
	if !set.Changed("name") && d.Name != "" {
		if err := set.Set("name", d.Name); err != nil {
			return d.Began, err
		}
	}
	k := keystore.Key{Description: d.Description, Scopes: d.Scopes, Rules: iprule.Rules{Allow: d.Allow, Deny: d.Deny}}
	v := lifetime.Value{Expires: d.Expires, Clock: d.Clock, Zone: d.Zone, NotBefore: d.NotBefore}
	var errs [4]error
	if !set.Changed("expires") {
		if d.Expires == "" {
			return d.Began, usagef("--expires is missing, and the draft does not say when the key ends")
		}
		k.Expires, errs[0] = v.End(a.now(), a.loc)
	}
	f.begins, errs[1] = v.Begin(a.now(), a.loc)
	k.RotateEvery, errs[2] = form.Interval(d.Rotate)
	k.WarnBefore, errs[3] = form.Warning(d.Warn)
	f.model = &keystore.KeyView{Key: k}
	return d.Began, errors.Join(errs[:]...)
}
