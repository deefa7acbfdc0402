package main

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/text"
)

func (a *app) sessionListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the sessions", Args: want(),
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			all, err := session.List(ctx, st)
			if err != nil {
				return err
			}
			if a.json {
				out := make([]sessionJSON, len(all))
				for i, s := range all {
					out[i] = sessionOf(s)
				}
				return a.printJSON(out)
			}
			if len(all) == 0 {
				a.note("there was no session yet")
				return nil
			}
			var rows [][]string
			for _, s := range all {
				over, used := s.Done()
				rows = append(rows, []string{s.ID, instant(s.Started).String(), text.Plural(len(s.Steps), "key"), fmt.Sprint(over), fmt.Sprint(used), s.Dir})
			}
			return a.printTable([]string{"SESSION", "STARTED", "KEYS", "DONE", "IN USE", "FOLDER"}, rows)
		}),
	}
}

func (a *app) sessionShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show a session, and which new secrets are in use", Args: want("ID"), ValidArgsFunction: noArgs,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			s, err := session.Load(ctx, st, args[0])
			if err != nil {
				return err
			}
			if !st.ReadOnly() {
				for n := range s.Steps {
					if _, err := s.Look(ctx, st, n); err != nil {
						return err
					}
				}
			}
			return a.printSession(s)
		}),
	}
}

// sessionJSON is a session.
type sessionJSON struct {
	ID      string     `json:"id"`
	Started instant    `json:"started"`
	Dir     string     `json:"dir"`
	Keys    []stepJSON `json:"keys"`
}

type stepJSON struct {
	ID    keystore.KeyID `json:"id"`
	Key   string         `json:"key"`
	State session.State  `json:"state"`
	Way   session.Way    `json:"way"`
	Old   string         `json:"old"`
	New   string         `json:"new"`
	File  string         `json:"file"`
	Note  string         `json:"note,omitempty"`
	At    instant        `json:"at"`
}

func sessionOf(s session.Session) sessionJSON {
	j := sessionJSON{ID: s.ID, Started: instant(s.Started), Dir: s.Dir, Keys: []stepJSON{}}
	for _, x := range s.Steps {
		j.Keys = append(j.Keys, stepJSON{x.Key, x.Ref, x.State, cmp.Or(x.Way, session.ToFile), x.Old.String(), x.New.String(), x.File, x.Note, instant(x.At)})
	}
	return j
}

// printSession is the summary of a session.
func (a *app) printSession(s session.Session) error {
	if a.json {
		return a.printJSON(sessionOf(s))
	}
	rows := make([][]string, len(s.Steps))
	for i, x := range s.Steps {
		rows[i] = []string{x.Ref, x.String(), x.File}
	}
	over, used := s.Done()
	a.note("session %s: %d of %s done, %d in use", s.ID, over, text.Plural(len(s.Steps), "key"), used)
	return a.printTable([]string{"KEY", "STATE", "FILE"}, rows)
}
