package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/due"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/text"
)

// dueFlags say what is listed.
type dueFlags struct{ within, ics, filter string }

const dueHelp = `List what has to be done about keys: those that expire, secrets that are to be
rotated (by rotate_every in the policy, or by the key's own --rotate-every), old
secrets whose grace ends. The exit code is 1 if there is something to do, so that
cron and mail have a reason.

--ics writes the list as a calendar feed; the file is replaced as a whole.`

func (a *app) dueCommand() *cobra.Command {
	var f dueFlags
	c := &cobra.Command{
		Use: "due", Short: "List what has to be done about keys, and by when", Long: dueHelp, Args: want(),
		Example: `  pakdeck due --within 30d
  pakdeck due --json --filter 'user:build-bot'
  pakdeck due --within 90d --ics /srv/www/keys.ics`,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			return a.due(ctx, st, f)
		}),
	}
	c.Flags().StringVar(&f.within, "within", "14d", "what is due within this `TIME`")
	c.Flags().StringVar(&f.ics, "ics", "", "write a calendar `FILE` instead; it is replaced")
	c.Flags().StringVar(&f.filter, "filter", "", "only keys that the `EXPRESSION` selects")
	return c
}

// dueJSON is one thing to be done.
type dueJSON struct {
	What    due.What       `json:"what"`
	At      instant        `json:"at"`
	Overdue bool           `json:"overdue"`
	ID      keystore.KeyID `json:"id"`
	User    string         `json:"user"`
	Name    string         `json:"name"`
	Contact string         `json:"contact"`
	State   keystore.State `json:"state"`
}

func (a *app) due(ctx context.Context, st *keystore.Store, f dueFlags) error {
	within, err := expiry.ParseSpan(f.within)
	if err != nil {
		return err
	}
	v := a.viewer(ctx, st)
	keys, err := a.selectKeys(ctx, st, nil, f.filter, "", true)
	if err != nil {
		return err
	}
	items := due.List(keys, v.policy, v.now, within)
	if f.ics != "" {
		if err := replaceFile(f.ics, due.Calendar(items, st.Origin())); err != nil {
			return fileError("--ics", f.ics, err)
		}
		a.note("wrote %s to %s", text.Plural(len(items), "item"), f.ics)
		return nil
	}
	if err := a.printDue(items, v); err != nil || len(items) == 0 {
		return err
	}
	return errNegative
}

func (a *app) printDue(items []due.Item, v viewer) error {
	if a.json {
		out := make([]dueJSON, len(items))
		for n, i := range items {
			out[n] = dueJSON{i.What, instant(i.At), i.Overdue(v.now), i.Key.ID, i.Key.Owner.Name, i.Key.Name, i.Key.Owner.Contact, v.state(i.Key)}
		}
		return a.printJSON(out)
	}
	if len(items) == 0 {
		a.note("nothing is due")
		return nil
	}
	rows := make([][]string, len(items))
	for n, i := range items {
		rows[n] = []string{instant(i.At).String(), expiry.In(i.At, v.now), i.Title(), i.Key.Owner.Contact}
	}
	return a.printTable([]string{"AT", "WHEN", "WHAT", "CONTACT"}, rows)
}

// replaceFile writes a file that others read while it is written: they see the
// old one or the new one. Who may read it stays as it was.
func replaceFile(path string, b []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".pakdeck-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if info, err := os.Stat(path); err == nil {
		if err := f.Chmod(info.Mode().Perm()); err != nil {
			return err
		}
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// selectKeys returns the keys that are named, or else those that a filter and
// an owner select. Revoked ones are selected only if the filter asks for them.
func (a *app) selectKeys(ctx context.Context, st *keystore.Store, refs []string, expr, user string, all bool) ([]keystore.KeyView, error) {
	if len(refs) > 0 {
		if expr != "" || user != "" {
			return nil, usagef("%s is named, and %s selects keys; give one or the other", text.Quote(refs[0]), text.Quote(cmp.Or(expr, user)))
		}
		return namedKeys(ctx, st, refs)
	}
	if expr == "" && user == "" && !all {
		return nil, usagef("say which keys: name them, or select them by --filter EXPRESSION or --user NAME")
	}
	keys, _, err := listFlags{filter: expr, user: user}.selected(ctx, st, a.viewer(ctx, st))
	return keys, err
}

// namedKeys returns the keys of the references, each once.
func namedKeys(ctx context.Context, st *keystore.Store, refs []string) ([]keystore.KeyView, error) {
	var out []keystore.KeyView
	var errs []error
	seen := map[keystore.KeyID]bool{}
	for _, ref := range refs {
		k, err := st.Key(ctx, ref)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if !seen[k.ID] {
			seen[k.ID] = true
			out = append(out, k)
		}
	}
	return out, errors.Join(errs...)
}
