package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
)

func (a *app) reviewEndCommand() *cobra.Command {
	out := ""
	c := &cobra.Command{
		Use: "end", Short: "End the review and print its signed report", Args: want(),
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			if err := checkFree(out); err != nil {
				return err
			}
			s, err := review.End(ctx, st)
			if err != nil {
				return noReview(err)
			}
			a.note("review %d has ended", s.Number)
			return a.reviewReport(ctx, st, s.Number, out)
		}),
	}
	reportFile(c, &out)
	return c
}

func reportFile(c *cobra.Command, out *string) {
	c.Flags().StringVarP(out, "output", "o", "", "a new `FILE` for the signed report, and one of JSON beside it")
}

// checkFree refuses a file that cannot be saved, before the review is over.
func checkFree(path string) error {
	if path == "" {
		return nil
	}
	_, err := os.Lstat(path)
	switch {
	case err == nil:
		err = &fs.PathError{Err: fs.ErrExist}
	case errors.Is(err, fs.ErrNotExist):
		_, err = os.Stat(filepath.Dir(path))
	}
	if err != nil {
		return fileError("--output", path, err)
	}
	return nil
}

// reviewReport prints a report, or saves it.
func (a *app) reviewReport(ctx context.Context, st *keystore.Store, number int, path string) error {
	if path == "" {
		return a.printReviewReport(ctx, st, number)
	}
	if err := checkFree(path); err != nil {
		return err
	}
	beside, err := review.Save(ctx, st, number, path)
	if err != nil {
		return noReview(err)
	}
	a.note("saved %s and %s", path, beside)
	return nil
}

func (a *app) reviewReportCommand() *cobra.Command {
	number, out := 0, ""
	c := &cobra.Command{
		Use: "report", Short: "Print the signed report of a review", Args: want(),
		Long: `Print the report of the newest review, or of review --number: coverage, what was
decided, and what is different from the review before. It is Markdown in a note
that is signed with the journal's key, and names the newest checkpoint and the
SHA-256 of the report as JSON. With --json both are printed, with --output both
are saved.`,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			if number < 0 {
				return usagef("--number %d: reviews are numbered from 1", number)
			}
			return a.reviewReport(ctx, st, number, out)
		}),
	}
	reportFile(c, &out)
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
				e := &failedError{text: err.Error()}
				if json.Valid(b) {
					e.hint = "the Markdown beside it is what is signed; it names the SHA-256 of the JSON"
				}
				return e
			}
			a.note("signed by %s, and not changed since", st.Origin())
			if a.json {
				return a.printJSON(map[string]bool{"valid": true})
			}
			return nil
		}),
	}
}
