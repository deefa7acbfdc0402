package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/text"
)

// trailFlags select journal records. Each but the last is a term of the filter
// language with a name of its own.
type trailFlags struct {
	since, until, key, user, operator, event, outcome, ip, expr string

	limit int
}

const trailHelp = `A filter is terms separated by blanks, all of which must hold: field:value, or a
word. A "!" before a term negates it, commas separate alternatives, and a value
with blanks stands in double quotes. The fields:

`

// trailHelpText explains the filter language.
func trailHelpText() string {
	rows := [][]string{}
	for _, f := range trail.Fields() {
		rows = append(rows, []string{"  " + f.Name + ":", f.Help})
	}
	return trailHelp + strings.Join(columns(rows), "\n")
}

func (f *trailFlags) define(a *app, c *cobra.Command, set *pflag.FlagSet) {
	c.Long += "\n\n" + trailHelpText()
	set.StringVar(&f.since, "since", "", "only from this `TIME` on: 7d, 12h, 2026-11-23")
	set.StringVar(&f.until, "until", "", "only before this `TIME`")
	set.StringVar(&f.key, "key", "", "only about a `KEY` and its uses")
	set.StringVar(&f.user, "user", "", "only about the user `NAME` and its keys")
	set.StringVar(&f.operator, "operator", "", "only changes by an operator with `TEXT` in the name")
	set.StringVar(&f.event, "event", "", "only an `EVENT`, or one half of its name: key.create, key, use")
	set.StringVar(&f.outcome, "outcome", "", "only an `OUTCOME`: ok, ip_denied, …, or denied for all but ok")
	set.StringVar(&f.ip, "ip", "", "only requests from an address or `PREFIX`")
	set.StringVar(&f.expr, "filter", "", "only what the `EXPRESSION` selects, such as 'ip:203.0.113.0/24 !via:cli'")
	a.completeFlag(c, "key", a.completeKey)
	a.completeFlag(c, "user", a.completeUser)
	a.completeWords(c, "event", eventNames()...)
	a.completeWords(c, "outcome", append(outcomeNames(), trail.Denied)...)
}

func eventNames() []string {
	events := journal.Events()
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = e.Name
	}
	return names
}

func outcomeNames() []string {
	names := make([]string, len(keystore.Outcomes))
	for i, o := range keystore.Outcomes {
		names[i] = string(o)
	}
	return names
}

// filter turns the flags into a filter of the journal.
func (f trailFlags) filter(ctx context.Context, st *keystore.Store) (trail.Filter, error) {
	if f.key != "" {
		k, err := st.Key(ctx, f.key)
		if err != nil {
			return trail.Filter{}, err
		}
		f.key = string(k.ID)
	}
	if f.user != "" {
		u, err := st.User(ctx, f.user)
		if err != nil {
			return trail.Filter{}, err
		}
		f.user = u.Name
	}
	words := []string{f.expr}
	for _, w := range [...]struct{ name, value string }{
		{"key", f.key},
		{"user", f.user},
		{"operator", f.operator},
		{"event", f.event},
		{"outcome", f.outcome},
		{"ip", f.ip},
		{"since", f.since},
		{"until", f.until},
	} {
		if w.value == "" {
			continue
		}
		word := filter.Word{HasField: true, Field: w.name, Values: []string{w.value}}.String()
		if _, err := trail.Parse(word, st.Now()); err != nil {
			return trail.Filter{}, flagError(w.name, w.value, err)
		}
		words = append(words, word)
	}
	parsed, err := trail.Parse(strings.Join(words, " "), st.Now())
	if err != nil {
		return parsed, &usageError{text: err.Error(), hint: "pakdeck audit list --help explains the filter"}
	}
	return parsed, nil
}

// flagError says what is wrong with the value of a flag that became a term of a
// filter.
func flagError(name, value string, err error) error {
	if e, ok := errors.AsType[*filter.SyntaxError](err); ok {
		return usagef("--%s %s: %s", name, text.Quote(value), e.Text)
	}
	return err
}
