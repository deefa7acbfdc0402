package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// dryRunHelp is what --dry-run does to a key.
const dryRunHelp = "show whom it would have refused, but do not change it"

// effectJSON is whom a change would have refused.
type effectJSON struct {
	From      instant       `json:"from"`
	To        instant       `json:"to"`
	Uses      uint64        `json:"uses"`
	Refused   uint64        `json:"refused"`
	Admitted  uint64        `json:"admitted"`
	Uncertain uint64        `json:"uncertain"`
	Closes    instant       `json:"closes"`
	Opens     instant       `json:"opens"`
	Changed   []verdictJSON `json:"changed"`
}

type verdictJSON struct {
	IP     string  `json:"ip"`
	Before bool    `json:"allowed_before"`
	After  bool    `json:"allowed_after"`
	Uses   uint64  `json:"uses"`
	Denied uint64  `json:"denied"`
	Last   instant `json:"last"`
	Why    string  `json:"why"`
}

func effectOf(e whatif.Effect) effectJSON {
	j := effectJSON{
		From: instant(e.From), To: instant(e.To), Uses: e.Uses, Refused: e.Refused, Admitted: e.Admitted,
		Uncertain: e.Uncertain, Closes: instant(e.Closes), Opens: instant(e.Opens), Changed: []verdictJSON{},
	}
	for _, v := range e.Changed() {
		j.Changed = append(j.Changed, verdictJSON{v.IP.String(), v.Before, v.After, v.OK, v.Denied, instant(v.Last), v.Why})
	}
	return j
}

// noteEffect tells whom a change of a key would have refused, and the worst hit
// of them.
func (a *app) noteEffect(ctx context.Context, st *keystore.Store, before, after keystore.KeyView) (whatif.Effect, error) {
	seen, err := whatif.Load(ctx, st, before.Key, st.Now())
	if err != nil {
		return whatif.Effect{}, err
	}
	e := whatif.Of(before, after, st.Now(), seen)
	a.note("%s", e)
	const shown = 5
	changed := e.Changed()
	for _, v := range changed[:min(shown, len(changed))] {
		verb, n := "refuses", v.OK
		if v.After {
			verb, n = "accepts", v.Denied
		}
		a.note("  %s %s: %s uses, last %s; %s", verb, v.IP, whatif.Grouped(n), instant(v.Last), v.Why)
	}
	if more := len(changed) - shown; more > 0 {
		a.note("  and %s more", text.Plural(more, "address"))
	}
	return e, nil
}

// tried is what a change without fields would do.
type triedJSON struct {
	DryRun bool           `json:"dry_run"`
	ID     keystore.KeyID `json:"id"`
	Effect effectJSON     `json:"effect"`
}

// trySwitch tells what a change of a key's state would do.
func (a *app) trySwitch(ctx context.Context, st *keystore.Store, ref string, change func(*keystore.KeyView, time.Time)) error {
	before, err := st.Key(ctx, ref)
	if err != nil {
		return err
	}
	after := before
	change(&after, st.Now())
	e, err := a.noteEffect(ctx, st, before, after)
	if err != nil {
		return err
	}
	a.note("dry run: nothing was changed")
	if !a.json {
		return nil
	}
	return a.printJSON(triedJSON{true, before.ID, effectOf(e)})
}

func disabled(k *keystore.KeyView, now time.Time) { k.DisabledAt = now }
func revoked(k *keystore.KeyView, now time.Time)  { k.Revoked = now }

// withDryRun gives a command that closes a key the flag --dry-run.
func (a *app) withDryRun(c *cobra.Command, change func(*keystore.KeyView, time.Time)) *cobra.Command {
	dry, run := false, c.RunE
	c.Flags().BoolVar(&dry, "dry-run", false, dryRunHelp)
	c.RunE = func(c *cobra.Command, args []string) error {
		if !dry {
			return run(c, args)
		}
		return a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.trySwitch(ctx, st, args[0], change)
		})(c, args)
	}
	return c
}
