package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	forms "github.com/pakdeck/pakdeck/keystore/handover"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// createFlags are the flags of key create.
type createFlags struct {
	keyFlags
	handover handoverFlags
	user     string
	like     string
	dryRun   bool
	draft    bool
	wait     time.Duration
}

const createHelp = `Issue a key. The key string is written once, on standard output, one line with
nothing else; it is kept nowhere. With --pak it goes to a new file instead,
which only its owner can read, and is written out only with --print.

The command writes it when every verifier on this machine follows.

With --json the output is the object of "key show" with a field "key", the key
string, in front, and "pak", the path of the saved file. A key string that is
not written out leaves "key" out.

With --wait the command stays until the key was used once, tells of refused uses
on the way, and ends with exit code 1 if there was none in that time. Uses are
seen while a verifier is running.

With --like KEY the new key is like another one; only its name has to be given.

With --format the file, or what is written out, has another form: a dotenv line,
JSON, a Kubernetes Secret, a systemd credential or a configuration file of curl.

If the .pak file cannot be saved after the key was made, the key string is
written to standard output all the same, and the exit code is 3.`

func (a *app) keyCreateCommand() *cobra.Command {
	var f createFlags
	c := &cobra.Command{
		Use: "create --user NAME --name TEXT --expires DATE", Short: "Issue a key", Long: createHelp, Args: want(),
		Example: `  pakdeck key create --user build-bot --name ci-deploy --expires 90d --scope deploy:write \
      --allow "203.0.113.0/24 # build farm" --pak ci-deploy.pak --to age1...`,
	}
	f.define(c.Flags())
	f.handover.define(c.Flags())
	c.Flags().StringVar(&f.user, "user", "", "`NAME` of the owner")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "check everything and show the key, but do not issue it")
	c.Flags().DurationVar(&f.wait, "wait", 0, "wait for the first use, at most for `TIME`")
	c.Flags().Lookup("wait").NoOptDefVal = "10m"
	c.Flags().StringVar(&f.like, "like", "", "take owner, description, scopes, addresses and expiry from this `KEY`, unless they are given")
	c.Flags().BoolVar(&f.draft, "draft", false, "issue your draft, but for what is given here; it is dropped then")
	a.completeFlag(c, "user", a.completeUser)
	a.completeFlag(c, "like", a.completeKey)
	c.RunE = a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
		return a.createKey(ctx, st, c, &f)
	})
	return c
}

func (a *app) createKey(ctx context.Context, st *keystore.Store, c *cobra.Command, f *createFlags) error {
	if f.like != "" && f.draft {
		return usagef("--like and --draft both say what the key begins with; give one of them")
	}
	if f.like != "" {
		v, err := st.Key(ctx, f.like)
		if err != nil {
			return err
		}
		f.model = &v
		f.user = cmp.Or(f.user, v.Owner.Name)
	}
	var began time.Time
	if f.draft {
		var err error
		if began, err = f.fromDraft(ctx, a, st, c.Flags()); err != nil {
			return err
		}
	}
	switch {
	case f.user == "":
		return usagef("--user is missing; say who owns the key")
	case f.wait < 0 || f.wait == 0 && c.Flags().Changed("wait"):
		return usagef("--wait %v: give a time such as 10m", f.wait)
	}
	owner, err := st.User(ctx, f.user)
	if err != nil {
		return err
	}
	in, err := f.newKey(a, c.Flags(), owner.ID)
	if err != nil {
		return err
	}
	if err := st.CheckNewKey(ctx, in); err != nil {
		return err
	}
	f.handover.owner = owner
	to, err := f.handover.prepare(ctx, a, st, f.dryRun)
	if err != nil {
		return err
	}
	if f.dryRun {
		return a.printDraft(ctx, st, in, owner)
	}
	view, secret, err := st.CreateKey(ctx, in)
	if err != nil {
		return err
	}
	if f.draft {
		// The key is made: a draft that stays must not keep its string back.
		_ = a.desk(st).Drop(context.WithoutCancel(ctx), began)
	}
	// From here on nothing may stop before the key string is handed over, not
	// even a signal: it only ends the wait.
	a.followed(ctx, st)
	to.said = func() { a.noteCreated(st, view) }
	to.lost = "if it was lost, revoke the key and issue another"
	if err := a.handOver(context.WithoutCancel(ctx), st, view, secret, to); err != nil || f.wait == 0 {
		return err
	}
	return a.awaitUse(ctx, st, view.Current().ID, f.wait)
}

// printDraft shows the key that would be issued.
func (a *app) printDraft(ctx context.Context, st *keystore.Store, in keystore.NewKey, owner keystore.User) error {
	draft := keystore.KeyView{Owner: owner, Key: keystore.Key{
		User: in.User, Name: in.Name, Description: in.Description, Scopes: in.Scopes, Rules: in.Rules,
		NotBefore: in.NotBefore, Expires: in.Expires, Created: st.Now(),
		RotateEvery: in.RotateEvery, WarnBefore: in.WarnBefore,
	}}
	v := a.viewer(ctx, st)
	a.noteProblems(in.Rules)
	if a.json {
		j, err := v.key(draft)
		if err != nil {
			return err
		}
		return a.printJSON(draftJSON{
			DryRun: true, User: j.User, Name: j.Name, Description: j.Description, State: j.State,
			Scopes: j.Scopes, EffectiveScopes: j.EffectiveScopes,
			NotBefore: j.NotBefore, Expires: j.Expires, Allow: j.Allow, Deny: j.Deny,
			RotateEvery: intervalText(in.RotateEvery), WarnBefore: j.WarnBefore,
		})
	}
	err := a.printRows(draftRows(draft, v))
	a.note("dry run: nothing was issued")
	return err
}

// noteCreated says what was issued.
func (a *app) noteCreated(st *keystore.Store, k keystore.KeyView) {
	a.note("created %s (%s), expires %s", k.Ref(), k.ID, expiryText(k.Expires, st.Now()))
	if isTerminal(a.out) {
		a.note("nobody can look the key string up later")
	}
	a.noteProblems(k.Rules)
	if len(k.EffectiveScopes()) == 0 {
		a.warn(fmt.Sprintf("%s has no permissions, so the key may do nothing", k.Owner.Name))
	}
}

// createdKey is a new key and what is shown of it.
type createdKey struct {
	view   keystore.KeyView
	secret token.Key   // zero: not written out
	form   *forms.Form // in which it is; nil: alone
	pak    string      // where it was saved, if it was
}

// createdJSON is a new key with its key string.
type createdJSON struct {
	Key string `json:"key,omitempty"`
	Pak string `json:"pak,omitempty"`
	keyJSON
}

// printCreated writes the key string, and with --json the key.
func (a *app) printCreated(ctx context.Context, st *keystore.Store, c createdKey) error {
	switch {
	case a.json:
		j, err := a.viewer(ctx, st).key(c.view)
		if err != nil {
			return err
		}
		return a.printJSON(createdJSON{Key: c.secret.Reveal(), Pak: c.pak, keyJSON: j})
	case c.secret.IsZero():
		return nil
	}
	if c.form == nil {
		return a.write([]byte(c.secret.Reveal() + "\n"))
	}
	b, err := c.form.Encode(forms.Of(st, c.view, c.secret))
	if err != nil {
		return err
	}
	return a.write(b)
}
