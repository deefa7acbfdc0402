package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/audit/records"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// graceFlags say how long the old secret works beside the new one.
type graceFlags struct {
	grace, until, after string
	now                 bool
	set                 *pflag.FlagSet
}

const defaultGrace = "24h"

func (f *graceFlags) define(set *pflag.FlagSet) {
	f.set = set
	set.StringVar(&f.grace, "grace", defaultGrace, "the old secret works for this `TIME`: 24h, 7d")
	set.StringVar(&f.until, "until", "", "the old secret works until this `DATE`")
	set.StringVar(&f.after, "after-first-use", "", "the old secret works for this `TIME` after the first use of the new one")
	set.BoolVar(&f.now, "now", false, "the old secret is refused at once: somebody else may have it")
}

// rotation turns the flags into a rotation.
func (f *graceFlags) rotation(a *app) (r keystore.Rotation, err error) {
	given := 0
	for _, name := range []string{"grace", "until", "after-first-use", "now"} {
		if f.set.Changed(name) {
			given++
		}
	}
	switch {
	case given > 1:
		return r, usagef("--grace, --until, --after-first-use and --now exclude each other")
	case f.set.Changed("now"):
		if !f.now {
			return r, usagef("--now=false says nothing; give --grace, --until or --after-first-use")
		}
		return keystore.Rotation{Now: true}, nil
	case f.set.Changed("after-first-use"):
		r.After, err = expiry.ParseSpan(f.after)
		return r, err
	case f.set.Changed("until"):
		return a.until(f.until)
	}
	span, err := expiry.ParseSpan(f.grace)
	return keystore.Rotation{Until: a.now().Add(span)}, err
}

func (a *app) until(date string) (r keystore.Rotation, err error) {
	if r.Until, err = a.parseExpiry(date); err == nil && r.Until.IsZero() {
		return r, usagef("--until never: two secrets that work for ever are one too many; give a date")
	}
	return r, err
}

// rotateFlags are the flags of key rotate.
type rotateFlags struct {
	graceFlags
	handover handoverFlags
	cancel   bool
	dryRun   bool
	version  uint64
	wait     time.Duration
}

const rotateHelp = `Give a key a new secret. Its id, name and rules stay. The old secret goes on
working for a while (24 hours, if nothing else is said), so that clients can
switch without an outage; with --now it is refused at once.

The command returns when every verifier on this machine follows.

The new key string is written once, as by "key create": on standard output, one
line with nothing else, or to a file with --pak. With --pak FILE --to owner it is
encrypted to the recipient that the owner has (user edit --recipient): then
nobody but the owner sees it.

With --wait the command stays until the new secret was used once, as "key create"
does.

--cancel calls a rotation off while the old secret still works: the old secret
is the current one again, and the new one is refused at once.`

func (a *app) keyRotateCommand() *cobra.Command {
	var f rotateFlags
	c := &cobra.Command{
		Use: "rotate KEY", Short: "Give a key a new secret", Long: rotateHelp, Args: want("KEY"), ValidArgsFunction: a.completeKey,
		Example: `  pakdeck key rotate build-bot/ci-deploy --after-first-use 2h --pak ci-deploy.pak --to owner
  pakdeck key rotate build-bot/ci-deploy --now      # somebody else has it`,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			if f.cancel {
				return a.revertRotation(ctx, st, args[0], &f)
			}
			return a.rotateKey(ctx, st, args[0], &f)
		}),
	}
	f.define(c.Flags())
	f.handover.define(c.Flags())
	c.Flags().BoolVar(&f.cancel, "cancel", false, "call the rotation off instead")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "check everything, but change nothing")
	c.Flags().Uint64Var(&f.version, "version", 0, versionHelp)
	c.Flags().DurationVar(&f.wait, "wait", 0, "wait for the first use of the new secret, at most for `TIME`")
	c.Flags().Lookup("wait").NoOptDefVal = "10m"
	return c
}

func (a *app) rotateKey(ctx context.Context, st *keystore.Store, ref string, f *rotateFlags) error {
	if f.wait < 0 || f.wait == 0 && f.set.Changed("wait") {
		return usagef("--wait %v: give a time such as 10m", f.wait)
	}
	r, err := f.rotation(a)
	if err != nil {
		return err
	}
	before, err := st.Key(ctx, ref)
	if err != nil {
		return err
	}
	if err := st.CheckRotation(before, r); err != nil {
		return err
	}
	f.handover.owner = before.Owner
	to, err := f.handover.prepare(ctx, a, st, f.dryRun)
	if err != nil {
		return err
	}
	if f.dryRun {
		a.note("dry run: %s would get a new secret, and the old one %s", before.Ref(), graceText(r))
		return nil
	}
	after, secret, err := a.newSecret(ctx, st, before, f, r)
	if err != nil {
		return err
	}
	a.followed(ctx, st)
	to.said = func() { a.noteRotated(after, before) }
	to.lost = "if it was lost, rotate the key again" + afterCancel(r)
	if err := a.handOver(context.WithoutCancel(ctx), st, after, secret, to); err != nil || f.wait == 0 {
		return err
	}
	return a.awaitUse(ctx, st, after.Current().ID, f.wait)
}

// afterCancel names the command without which a key is not rotated again.
func afterCancel(r keystore.Rotation) string {
	if r.Now {
		return ""
	}
	return ", after: pakdeck key rotate --cancel"
}

// newSecret rotates a key as it is now. What came between is taken as it is,
// but not another rotation.
func (a *app) newSecret(ctx context.Context, st *keystore.Store, k keystore.KeyView, f *rotateFlags, r keystore.Rotation) (keystore.KeyView, token.Key, error) {
	var secret token.Key
	was := k.Current().ID
	after, err := attempt(!f.set.Changed("version"), func() (v keystore.KeyView, err error) {
		if v, err = st.Key(ctx, string(k.ID)); err != nil {
			return v, err
		}
		if v.Current().ID != was {
			return v, &failedError{text: "somebody else has just rotated " + k.Ref() + "; nothing was done"}
		}
		v, secret, err = st.RotateKey(ctx, v.ID, given(f.set, "version", f.version, v.Version), r)
		return v, err
	})
	return after, secret, err
}

// noteRotated says what became of the old secret.
func (a *app) noteRotated(after, before keystore.KeyView) {
	old := before.Current()
	for _, s := range after.Secrets {
		if s.ID == old.ID {
			old = s
		}
	}
	a.note("rotated %s: the new secret is %s, the old one %s %s", after.Ref(), after.Current().ID, old.ID, endText(old))
	if isTerminal(a.out) {
		a.note("nobody can look the key string up later")
	}
}

// endText says when a secret ends.
func endText(s keystore.Secret) string {
	switch {
	case s.State == keystore.Retired:
		return "is refused from now on"
	case s.Retires.IsZero() && s.Grace > 0:
		return graceText(keystore.Rotation{After: s.Grace})
	}
	return graceText(keystore.Rotation{Until: s.Retires})
}

func graceText(r keystore.Rotation) string {
	switch {
	case r.Now:
		return "is refused at once"
	case r.After > 0:
		return "works for " + records.Span(r.After) + " after the first use of the new one"
	}
	return "works until " + instant(r.Until).String()
}

func (a *app) revertRotation(ctx context.Context, st *keystore.Store, ref string, f *rotateFlags) error {
	for _, name := range []string{"grace", "until", "after-first-use", "now", "pak", "format", "to", "print", "wait"} {
		if f.set.Changed(name) {
			return usagef("--cancel gives no new secret, so --%s makes no sense beside it", name)
		}
	}
	k, err := st.Key(ctx, ref)
	if err != nil {
		return err
	}
	if old, rotating := k.RetiringAt(st.Now()); rotating {
		if err := a.noteUser(ctx, st, k.Current()); err != nil {
			return err
		}
		if f.dryRun {
			a.note("dry run: %s would work again, and %s be refused; nothing was changed", old.ID, k.Current().ID)
			return nil
		}
	}
	after, err := st.RevertRotation(ctx, k.ID, given(f.set, "version", f.version, k.Version))
	if err != nil {
		return err
	}
	a.refused(ctx, st)
	a.note("called the rotation of %s off: %s works again as before, %s is refused from now on", after.Ref(), after.Current().ID, k.Current().ID)
	return a.printKey(ctx, st, after)
}

// noteUser tells who used a secret last.
func (a *app) noteUser(ctx context.Context, st *keystore.Store, s keystore.Secret) error {
	u, err := st.Uses(ctx, keystore.Key{Secrets: []keystore.Secret{s}})
	if err != nil {
		return err
	}
	if u.Last.Time.IsZero() {
		a.note("%s was never used", s.ID)
		return nil
	}
	a.note("%s was last used %s", s.ID, sightingText(u.Last, a.viewer(ctx, st)))
	return nil
}
