package main

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
)

type pointJSON struct {
	Day   string `json:"day"`
	Score int    `json:"score"`
	lint.Counts
}

func (a *app) lintTrendCommand() *cobra.Command {
	return &cobra.Command{
		Use: "trend", Short: "Show how the store's score went, a day a line", Args: want(),
		Long: "Show how the store's score went, a day a line, the oldest first: what lint --save\nremembered. The score is 100 less 25 for each error, 8 for each warning and 1\nfor each piece of information, but at least 0.",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			points, err := lint.Trend(ctx, st)
			if err != nil {
				return err
			}
			out, rows := []pointJSON{}, [][]string{}
			for _, p := range points {
				c := p.Counts
				out = append(out, pointJSON{p.Day.Format(time.DateOnly), c.Score(), c})
				rows = append(rows, []string{
					p.Day.Format(time.DateOnly), strconv.Itoa(c.Score()), strconv.Itoa(c.Error), strconv.Itoa(c.Warning), strconv.Itoa(c.Info),
				})
			}
			if a.json {
				return a.printJSON(out)
			}
			if len(rows) == 0 {
				a.note("nothing is remembered yet; see pakdeck lint --save")
				return nil
			}
			return a.printTable([]string{"DAY", "SCORE", "ERRORS", "WARNINGS", "INFO"}, rows)
		}),
	}
}
