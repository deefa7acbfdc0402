package main

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/past"
	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/text"
)

// atFlags are what the keys are asked for.
type atFlags struct {
	scope, ip string
	any       bool // no scope is asked for
}

func (a *app) auditAtCommand() *cobra.Command {
	var f atFlags
	c := &cobra.Command{
		Use: "at TIME", Short: "Tell which keys could do what at a time, and what changed since", Args: want("a time"),
		Long: `Tell from the journal alone which keys worked at a time, could use a scope then,
from an address, whether they still could now, and what changed them since. Keys
that can now and could not then are listed too.

TIME is an age (12h, 7d), a date (its beginning in UTC) or RFC 3339. The exit code
is 1 if no key could. The answer is as good as the journal: verify that first.`,
		Example: "  pakdeck audit at 2026-11-20T03:00:00Z --scope deploy:write --ip 203.0.113.70",
		RunE: func(c *cobra.Command, args []string) error {
			f.any = !c.Flags().Changed("scope")
			return a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
				return a.at(ctx, st, args[0], f)
			})(c, args)
		},
	}
	c.Flags().StringVar(&f.scope, "scope", "", "only keys that could use a `SCOPE`")
	c.Flags().StringVar(&f.ip, "ip", "", "only keys that could be used from an `ADDRESS`")
	return c
}

func (f atFlags) question() (q past.Question, err error) {
	if !f.any {
		if q.Scope, err = keystore.ParseScope(f.scope); err != nil {
			return q, err
		}
	}
	if f.ip != "" {
		if q.IP, err = netip.ParseAddr(f.ip); err != nil {
			return q, usagef("--ip %s is no address; write one such as 203.0.113.70 or 2001:db8::7", text.Quote(f.ip))
		}
	}
	return q, nil
}

func (a *app) at(ctx context.Context, st *keystore.Store, when string, f atFlags) error {
	now := st.Now()
	at, err := trail.ParseTime(when, now)
	if err != nil {
		return &usageError{text: err.Error()}
	}
	if at.After(now) {
		return usagef("%s is in the future: the journal tells of the past", text.Quote(when))
	}
	q, err := f.question()
	if err != nil {
		return err
	}
	answer, err := past.Ask(ctx, st, at, now)
	if err != nil {
		return err
	}
	verdicts := answer.Verdicts(q)
	if err := a.printPast(answer, q, verdicts); err != nil {
		return err
	}
	if len(verdicts) == 0 || verdicts[0].Then != "" {
		return errNegative
	}
	return nil
}

// pastJSON is the answer of "audit at".
type pastJSON struct {
	At      instant       `json:"at"`
	Records int64         `json:"records"` // so many tell of it
	Scope   string        `json:"scope"`
	IP      string        `json:"ip"`
	Keys    []pastKeyJSON `json:"keys"`
}

type pastKeyJSON struct {
	ID      keystore.KeyID   `json:"id"`
	User    string           `json:"user"`
	Name    string           `json:"name"`
	Scopes  []keystore.Scope `json:"scopes"` // effective ones, then
	Expires instant          `json:"expires"`
	Then    string           `json:"then"`
	Now     string           `json:"now"`
	Since   []sinceJSON      `json:"since"`
}

type sinceJSON struct {
	Record  int64   `json:"record"`
	Time    instant `json:"time"`
	Event   string  `json:"event"`
	By      string  `json:"by"`
	Changes string  `json:"changes"`
}

// outcomeWord is "ok", or why not. A key that was not there yet is "absent".
func outcomeWord(o keystore.Outcome) string {
	switch o {
	case "":
		return string(keystore.OK)
	case keystore.Unknown:
		return "absent"
	}
	return string(o)
}

func (a *app) printPast(answer past.Answer, q past.Question, verdicts []past.Verdict) error {
	if a.json {
		return a.printJSON(pastOf(answer, q, verdicts))
	}
	could := 0
	for _, v := range verdicts {
		if v.Then == "" {
			could++
		}
	}
	a.note("%s could at %s, as %s of the journal tell", text.Plural(could, "key"), instant(answer.Then.At), text.Plural(answer.Then.Size, "record"))
	if len(verdicts) == 0 {
		return nil
	}
	rows := [][]string{}
	var changes []journal.Record
	for _, v := range verdicts {
		rows = append(rows, []string{
			v.Key.Ref(), instant(v.Key.Expires).Or("never"), outcomeWord(v.Then), outcomeWord(v.Now), strconv.Itoa(len(v.Since)),
		})
		changes = append(changes, v.Since...)
	}
	if err := a.printTable([]string{"KEY", "EXPIRES", "THEN", "NOW", "CHANGES"}, rows); err != nil || len(changes) == 0 {
		return err
	}
	rows = [][]string{}
	for _, r := range sorted(changes) {
		rows = append(rows, auditRow(r))
	}
	if err := a.print(""); err != nil {
		return err
	}
	return a.printTable(auditHeading, rows)
}

func pastOf(answer past.Answer, q past.Question, verdicts []past.Verdict) pastJSON {
	out := pastJSON{At: instant(answer.Then.At), Records: answer.Then.Size, Scope: string(q.Scope), Keys: []pastKeyJSON{}}
	if q.IP.IsValid() {
		out.IP = q.IP.String()
	}
	for _, v := range verdicts {
		j := pastKeyJSON{
			ID: v.Key.ID, User: v.Key.Owner.Name, Name: v.Key.Name, Scopes: list(v.Key.EffectiveScopes()), Expires: instant(v.Key.Expires),
			Then: outcomeWord(v.Then), Now: outcomeWord(v.Now), Since: []sinceJSON{},
		}
		for _, r := range v.Since {
			j.Since = append(j.Since, sinceJSON{r.Seq, instant(r.Time), r.Event, who(r), detail(r)})
		}
		out.Keys = append(out.Keys, j)
	}
	return out
}

// sorted returns records in their order, each once.
func sorted(records []journal.Record) []journal.Record {
	out := slices.Clone(records)
	slices.SortFunc(out, func(a, b journal.Record) int { return cmp.Compare(a.Seq, b.Seq) })
	return slices.CompactFunc(out, func(a, b journal.Record) bool { return a.Seq == b.Seq })
}
