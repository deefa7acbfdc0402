package main

import (
	"context"
	"encoding/json"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
)

func (a *app) reviewEndCommand() *cobra.Command {
	return &cobra.Command{
		Use: "end", Short: "End the review and print its signed report", Args: want(),
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			s, err := review.End(ctx, st)
			if err != nil {
				return noReview(err)
			}
			a.note("review %d has ended", s.Number)
			return a.printReviewReport(ctx, st, s.Number)
		}),
	}
}

func (a *app) reviewReportCommand() *cobra.Command {
	number := 0
	c := &cobra.Command{
		Use: "report", Short: "Print the signed report of a review", Args: want(),
		Long: `Print the report of the newest review, or of review --number: coverage, what was
decided, and what is different from the review before. It is Markdown in a note
that is signed with the journal's key, and names the newest checkpoint and the
SHA-256 of the report as JSON. With --json both are printed.`,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			if number < 0 {
				return usagef("--number %d: reviews are numbered from 1", number)
			}
			return a.printReviewReport(ctx, st, number)
		}),
	}
	c.Flags().IntVar(&number, "number", 0, "the review `N`")
	return c
}

// signedReport is a report beside the note that vouches for it: the SHA-256 in
// the note is that of the report, indented by two blanks, with a line end.
type signedReport struct {
	Report json.RawMessage `json:"report"`
	Note   string          `json:"note"`
}

func (a *app) printReviewReport(ctx context.Context, st *keystore.Store, number int) error {
	s, err := review.Load(ctx, st, number)
	if err != nil {
		return noReview(err)
	}
	r, err := review.Make(ctx, st, s)
	if err != nil {
		return err
	}
	note, err := review.Sign(st, r)
	if err != nil {
		return err
	}
	if !a.json {
		return a.write(note)
	}
	b, err := r.JSON()
	if err != nil {
		return err
	}
	return a.printJSON(signedReport{b, string(note)})
}

func (a *app) reviewCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check FILE", Short: "Check that this store has signed a report", Args: want("FILE"),
		RunE: a.withStore(func(_ context.Context, st *keystore.Store, args []string) error {
			in := a.in
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return fileError("the report", args[0], err)
				}
				defer func() { _ = f.Close() }()
				in = f
			}
			const most = 4 << 20
			b, err := io.ReadAll(io.LimitReader(in, most))
			if err != nil {
				return fileError("the report", args[0], err)
			}
			if _, err := st.OpenReport(b); err != nil {
				return &failedError{text: err.Error()}
			}
			a.note("signed by %s, and not changed since", st.Origin())
			if a.json {
				return a.printJSON(map[string]bool{"valid": true})
			}
			return nil
		}),
	}
}
