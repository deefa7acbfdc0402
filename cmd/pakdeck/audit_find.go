package main

import (
	"context"
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/verify"
	"github.com/pakdeck/pakdeck/tui/text"
)

func (a *app) auditFindCommand() *cobra.Command {
	var token string
	limit := 0
	c := &cobra.Command{
		Use: "find --token -", Short: "Tell whether a string was ever tried as a key", Args: want(),
		Long: `Tell whether a string, such as a leaked one, was ever presented as a key. It is
read from standard input, or asked for without echo if that is a terminal, and
never written anywhere: the journal holds keyed fingerprints of refused strings,
and the uses of a string that is the secret of a key are found by its id.

The exit code is 0 if it was tried and 1 if nothing is known of it. That is no
proof that it was not: of refused attempts with the same outcome by one network
(/24, /64) the journal records one an hour.`,
		Example: "  pakdeck audit find --token - < leaked.txt",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			if token != "-" {
				return &usageError{text: "give --token - and write the string to standard input; what was given instead is not shown", hint: "a key string is never an argument"}
			}
			return a.find(ctx, st, limit)
		}),
	}
	c.Flags().StringVar(&token, "token", "", "`-`: read the string from standard input")
	c.Flags().IntVar(&limit, "limit", 20, "show at most `N` records; 0 for all")
	return c
}

// findJSON is what is known of a string.
type findJSON struct {
	Found       bool              `json:"found"`
	Fingerprint string            `json:"fingerprint"`
	Key         *subjectJSON      `json:"key"` // whose secret it is
	Secret      string            `json:"secret"`
	Uses        uint64            `json:"uses"`
	Denied      uint64            `json:"denied"`
	Records     []json.RawMessage `json:"records"`
}

func (a *app) find(ctx context.Context, st *keystore.Store, limit int) error {
	if limit < 0 {
		return usagef("--limit %d: give a number of records, or 0 for all", limit)
	}
	presented, err := a.readKeyString(ctx)
	if err != nil {
		return err
	}
	out := findJSON{Fingerprint: st.Fingerprint(presented), Records: []json.RawMessage{}}
	terms := []string{"fingerprint:" + out.Fingerprint}
	x, err := verify.Explain(ctx, st, verify.Request{Key: presented})
	if err != nil {
		return err
	}
	if s := x.Subject; s != nil {
		out.Key, out.Secret = &subjectJSON{ID: s.Key, User: s.UserName, Name: s.Name, Scopes: list(s.Scopes)}, x.Secret.String()
		terms = append(terms, "event:use secret:"+out.Secret)
		all, err := st.AllUses(ctx)
		if err != nil {
			return err
		}
		out.Uses, out.Denied = all[x.Secret].OK, all[x.Secret].DeniedTotal()
	}
	entries, err := a.findRecords(ctx, st, terms, limit)
	if err != nil {
		return err
	}
	for _, e := range entries {
		out.Records = append(out.Records, e.Raw)
	}
	out.Found = len(entries) > 0 || out.Uses+out.Denied > 0
	if err := a.printFound(out, entries); err != nil || out.Found {
		return err
	}
	return errNegative
}

// findRecords returns the newest records of each term.
func (a *app) findRecords(ctx context.Context, st *keystore.Store, terms []string, limit int) ([]trail.Entry, error) {
	var entries []trail.Entry
	for _, term := range terms {
		f, err := trail.Parse(term, st.Now())
		if err != nil {
			return nil, err
		}
		err = backwards(ctx, st, f, limit, func(page []trail.Entry) error {
			entries = append(entries, page...)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return entries, nil
}

func (a *app) printFound(f findJSON, entries []trail.Entry) error {
	if a.json {
		return a.printJSON(f)
	}
	if f.Key != nil {
		a.note("it is the secret %s of key %s/%s: accepted %d times, refused %d times", f.Secret, f.Key.User, f.Key.Name, f.Uses, f.Denied)
	}
	switch {
	case len(entries) > 0:
		a.note("it was tried; the journal has %s of it", text.Plural(len(entries), "record"))
		return a.printEntries(true, entries)
	case f.Found:
		return nil
	}
	a.note("nothing is known of it, fingerprint %s", f.Fingerprint)
	return nil
}
