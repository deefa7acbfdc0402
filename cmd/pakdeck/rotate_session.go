package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/due"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/text"
)

const sessionHelp = `Replace the secrets of several keys, one by one: each key gets a new secret, its
.pak file is written to --dir, or it is given to the command --exec, and before the
next key comes the new secret must have been used, unless --wait says otherwise.
A command that fails leaves the key as it was.

A session is kept in the store. Stop it with ctrl+c, or kill it, and go on with
"rotate-session resume ID": each key is wholly old or wholly new. Which session
changed a key is in the journal.`

func (a *app) rotateSessionCommand() *cobra.Command {
	c := group("rotate-session", "Rotate several keys, one by one",
		a.sessionStartCommand(), a.sessionResumeCommand(), a.sessionListCommand(), a.sessionShowCommand())
	c.Long = sessionHelp
	return c
}

// sessionFlags say which keys are rotated and how.
type sessionFlags struct {
	graceFlags
	handFlags
	filter, user, wait string
	due                bool
}

func (a *app) sessionStartCommand() *cobra.Command {
	var f sessionFlags
	c := &cobra.Command{
		Use: "start [KEY]...", Short: "Begin a session and go through it", Long: sessionHelp, Args: cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeKey,
		Example:           "  pakdeck rotate-session start --due --after-first-use 2h --dir handover --to owner --wait 10min",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.startSession(ctx, st, args, &f)
		}),
	}
	f.graceFlags.define(c.Flags())
	f.handFlags.define(c.Flags())
	c.Flags().StringVar(&f.filter, "filter", "", "the keys that the `EXPRESSION` selects")
	c.Flags().StringVar(&f.user, "user", "", "the keys of the user `NAME`")
	c.Flags().BoolVar(&f.due, "due", false, "only those whose secret is due to be rotated; see pakdeck due")
	c.Flags().StringVar(&f.wait, "wait", forever, waitHelp)
	a.completeFlag(c, "user", a.completeUser)
	return c
}

func (a *app) startSession(ctx context.Context, st *keystore.Store, refs []string, f *sessionFlags) error {
	r, err := f.rotation(a)
	if err != nil {
		return err
	}
	wait, err := parseWait(f.wait)
	if err != nil {
		return err
	}
	s := session.Session{Rotation: r}
	if !f.set.Changed("until") && r.After == 0 && !r.Now {
		s.Grace, err = expiry.ParseSpan(f.grace)
	}
	if err != nil {
		return err
	}
	hand, passphrase, err := f.hand(ctx, a, st)
	if err != nil {
		return err
	}
	s.Hand = hand
	keys, err := a.selectKeys(ctx, st, refs, f.filter, f.user, f.due)
	if err != nil {
		return err
	}
	if f.due {
		keys = dueKeys(keys, a.viewer(ctx, st))
	}
	if len(keys) == 0 {
		a.note("no key is selected; nothing was done")
		return nil
	}
	if s, err = session.Start(ctx, st, s, keys); err != nil {
		return err
	}
	a.note("session %s of %s", s.ID, text.Plural(len(keys), "key"))
	return a.goThrough(ctx, st, s, wait, passphrase)
}

// dueKeys returns the keys whose secret has been in use for too long.
func dueKeys(keys []keystore.KeyView, v viewer) []keystore.KeyView {
	var out []keystore.KeyView
	for _, i := range due.List(keys, v.policy, v.now, 0) {
		if i.What == due.Rotate {
			out = append(out, i.Key)
		}
	}
	return out
}

const forever = "forever"

// parseWait reads --wait; a negative time is for ever.
func parseWait(s string) (time.Duration, error) {
	switch s {
	case forever:
		return -1, nil
	case "0":
		return 0, nil
	}
	return expiry.ParseSpan(s)
}

// goThrough takes each key of a session in turn.
func (a *app) goThrough(ctx context.Context, st *keystore.Store, s session.Session, wait time.Duration, passphrase string) error {
	for n, x := range s.Steps {
		if x.State == session.Contact || x.State == session.Skipped {
			continue
		}
		x, err := s.Do(ctx, st, n, passphrase)
		if err == nil && x.State == session.Handed {
			a.refused(ctx, st) // the session has waited; who hangs is told
			a.note("%s: the new secret %s %s", x.Ref, x.New, whither(x))
			x, err = a.awaitContact(ctx, st, s, n, wait)
		}
		if err != nil {
			a.note("stopped; go on with: pakdeck rotate-session resume %s", s.ID)
			return err
		}
		a.note("%s: %s", x.Ref, x)
	}
	if err := s.End(context.WithoutCancel(ctx), st); err != nil {
		return err
	}
	if err := a.printSession(s); err != nil {
		return err
	}
	for _, x := range s.Steps {
		if x.State == session.Failed {
			return errNegative
		}
	}
	return nil
}

// awaitContact waits until the new secret of a key is used.
func (a *app) awaitContact(ctx context.Context, st *keystore.Store, s session.Session, n int, wait time.Duration) (session.Step, error) {
	x, err := s.Look(ctx, st, n)
	if err != nil || x.State != session.Handed || wait == 0 {
		return x, err
	}
	a.note("%s: waiting for its first use; ctrl+c stops the session", x.Ref)
	patient, done := context.WithCancel(ctx)
	defer done()
	if wait > 0 {
		patient, done = context.WithTimeout(ctx, wait)
		defer done()
	}
	changes, err := st.Watch(patient)
	if err != nil {
		return x, err
	}
	for x.State == session.Handed {
		select {
		case <-patient.Done():
			return x, ctx.Err()
		case <-changes:
		}
		if x, err = s.Look(ctx, st, n); err != nil && !errors.Is(err, context.Canceled) {
			return x, err
		}
	}
	return x, nil
}

// whither says where a new secret is.
func whither(x session.Step) string {
	if x.Way == session.ToCommand {
		return "was given to the command"
	}
	return "is in " + x.File
}

func (a *app) sessionResumeCommand() *cobra.Command {
	wait, skip, passphraseFile := forever, []string{}, ""
	c := &cobra.Command{
		Use: "resume ID", Short: "Go on with a session", Args: want("ID"), ValidArgsFunction: noArgs,
		Long: "Go on with a session where it ended. Keys that failed are tried again; --skip leaves\nkeys out.",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			s, err := session.Load(ctx, st, args[0])
			if err != nil {
				return err
			}
			d, err := parseWait(wait)
			if err != nil {
				return err
			}
			if err := a.skipSteps(ctx, st, s, skip); err != nil {
				return err
			}
			passphrase := ""
			if s.Sealed {
				if passphrase, err = a.newPassphrase(ctx, passphraseFile); err != nil {
					return err
				}
			}
			return a.goThrough(ctx, st, s, d, passphrase)
		}),
	}
	c.Flags().StringVar(&wait, "wait", forever, waitHelp)
	c.Flags().StringArrayVar(&skip, "skip", nil, "leave a `KEY` out; repeat it")
	c.Flags().StringVar(&passphraseFile, "passphrase-file", "", passphraseFileHelp)
	return c
}

// skipSteps leaves keys of a session out.
func (a *app) skipSteps(ctx context.Context, st *keystore.Store, s session.Session, refs []string) error {
	keys, err := namedKeys(ctx, st, refs)
	if err != nil {
		return err
	}
	for _, k := range keys {
		found := false
		for n, x := range s.Steps {
			if x.Key != k.ID {
				continue
			}
			found = true
			if _, err := s.Skip(ctx, st, n); err != nil {
				return err
			}
		}
		if !found {
			return usagef("--skip %s: it is not in the session", text.Quote(k.Ref()))
		}
	}
	return nil
}

func noArgs(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, noFiles
}
