package main

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// objectScore is how a key, a user or the store stands.
type objectScore struct {
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	Name   string `json:"name"`
	Score  int    `json:"score"`
	Before *int   `json:"score_before"` // in the baseline; null without one
	lint.Counts
}

func (a *app) lintScoresCommand() *cobra.Command {
	return &cobra.Command{
		Use: "scores", Short: "Show how each key, each user and the store stand", Args: want(),
		Long: "Show how each key, each user and the store stand, the worst first, and how they\nstood in the baseline (see --save). A user answers for its keys. What has no\nfinding has a score of 100 and is left out.",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			s, err := lint.Take(ctx, st, lint.Options{})
			if err != nil {
				return lintFault(err)
			}
			r, err := a.lintReport(ctx, st, s, lint.Judge(s, lint.Rules()), lint.Rules())
			if err != nil {
				return err
			}
			out, rows := []objectScore{}, [][]string{}
			for _, x := range r.Scores {
				o := objectScore{Kind: x.Object.Kind, ID: x.Object.ID, Name: x.Object.Name, Score: x.Counts.Score(), Counts: x.Counts}
				before := "-"
				if x.Before != nil {
					n := x.Before.Score()
					o.Before, before = &n, strconv.Itoa(n)
				}
				out = append(out, o)
				rows = append(rows, []string{
					strconv.Itoa(o.Score), before, o.Kind, text.TruncateMiddle(o.Name, maxObject), counted(x.Counts),
				})
			}
			if a.json {
				return a.printJSON(out)
			}
			if len(rows) == 0 {
				a.note("nothing is wrong with any key, any user or the store")
				return nil
			}
			return a.printTable([]string{"SCORE", "BEFORE", "KIND", "OBJECT", "FINDINGS"}, rows)
		}),
	}
}
