package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/rotation"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/tui/text"
)

// retireFlags are the flags of key retire.
type retireFlags struct{ dryRun, force bool }

const retireHelp = `End the old secret of a rotation now, before its grace has passed. Who used it is
told, and whether it is safe to go: when every caller of it has been quiet for longer
than usual while a verifier was counting. If it is not, nothing is done without
--force, and the exit code is 1. With --dry-run the verdict is all there is.

A retired secret stays known: who still tries it is seen in "key show".`

func (a *app) keyRetireCommand() *cobra.Command {
	var f retireFlags
	c := &cobra.Command{
		Use: "retire KEY", Short: "End the old secret of a rotation now", Long: retireHelp,
		Args: want("KEY"), ValidArgsFunction: a.completeKey,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.retireSecret(ctx, st, args[0], f)
		}),
	}
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "tell who uses the old secret, but do not end it")
	c.Flags().BoolVar(&f.force, "force", false, "end it although it is not safe")
	return c
}

// verdictOnJSON is who uses the old secret, and whether it can go.
type verdictOnJSON struct {
	DryRun  bool           `json:"dry_run,omitempty"`
	ID      keystore.KeyID `json:"id"`
	Old     string         `json:"old"`
	New     string         `json:"new"`
	Safe    bool           `json:"safe"`
	Why     string         `json:"why"`
	SafeAt  instant        `json:"safe_at"`
	Trend   rotation.Trend `json:"trend"`
	Callers []clientJSON   `json:"callers"`
}

type clientJSON struct {
	IP       string         `json:"ip"`
	Agent    string         `json:"agent"`
	Route    string         `json:"route"`
	State    rotation.State `json:"state"`
	Uses     uint64         `json:"uses"`
	Last     instant        `json:"last"`
	Gap      float64        `json:"usual_gap_hours"`
	Switched instant        `json:"last_on_new"`
}

func verdictOf(v rotation.View) verdictOnJSON {
	j := verdictOnJSON{
		ID: v.Key.ID, Old: v.Old.ID.String(), New: v.New.ID.String(), Safe: v.Verdict.Safe, Why: v.Verdict.Why,
		SafeAt: instant(v.Verdict.SafeAt), Trend: v.Verdict.Trend, Callers: []clientJSON{},
	}
	for _, c := range v.Verdict.Clients {
		x := clientJSON{Agent: c.Agent, Route: c.Route, State: c.State, Uses: c.Uses, Last: instant(c.Last), Gap: c.Usual.Hours(), Switched: instant(c.New)}
		if c.IP.IsValid() {
			x.IP = c.IP.String()
		}
		j.Callers = append(j.Callers, x)
	}
	return j
}

func (a *app) retireSecret(ctx context.Context, st *keystore.Store, ref string, f retireFlags) error {
	k, err := st.Key(ctx, ref)
	if err != nil {
		return err
	}
	v, err := rotation.Look(ctx, st, k, 24*time.Hour)
	if err != nil {
		return err
	}
	if v.Rotating() {
		a.noteVerdict(v)
		if f.dryRun || !v.Verdict.Safe && !f.force {
			return a.onlyVerdict(v, f)
		}
	}
	after, err := st.RetireSecret(ctx, k.ID, k.Version)
	if err != nil {
		return err
	}
	a.refused(ctx, st)
	a.note("retired the old secret of %s: %s works alone, %s is refused from now on", after.Ref(), v.New.ID, v.Old.ID)
	return a.printKey(ctx, st, after)
}

// onlyVerdict ends without retiring; the answer is whether it would be safe.
func (a *app) onlyVerdict(v rotation.View, f retireFlags) error {
	if !f.dryRun {
		a.note("nothing was done; --force ends it all the same")
	}
	if a.json {
		j := verdictOf(v)
		j.DryRun = f.dryRun
		if err := a.printJSON(j); err != nil {
			return err
		}
	}
	if v.Verdict.Safe {
		return nil
	}
	return errNegative
}

// noteVerdict tells who uses the old secret.
func (a *app) noteVerdict(v rotation.View) {
	for _, c := range v.Verdict.Clients {
		who := "others"
		if c.IP.IsValid() {
			who = c.IP.String()
		}
		a.note("  %s %s %s: %s, %s, last %s ago", who, c.Agent, c.Route, c.State, text.Plural(c.Uses, "use"), ago(c.Last, v.At))
	}
	word := "not safe"
	if v.Verdict.Safe {
		word = "safe"
	}
	a.note("%s to retire: %s", word, v.Verdict.Why)
}

// followed waits until every verifier on this machine decides by a change that
// was just made, and warns of one that does not.
func (a *app) followed(ctx context.Context, st *keystore.Store) {
	a.warnOf(follow.Await(ctx, st))
}

// refused is followed for what nobody is in a hurry about: where no verifier is
// known, it does not wait.
func (a *app) refused(ctx context.Context, st *keystore.Store) { a.warnOf(follow.Known(ctx, st)) }

func (a *app) warnOf(r follow.Report) {
	if r.Late > 0 {
		a.warn(r.String() + ": there it is as if nothing had changed")
	}
}
