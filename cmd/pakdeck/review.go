package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

const reviewHelp = `Look at every key of the store, one by one, and say what shall become of it:
keep, ask (the owner), restrict, rotate, disable or revoke. A review can be left
and taken up again. It changes no key: it says what is to be done, and ends with
a report that is signed with the journal's key.`

func (a *app) reviewCommand() *cobra.Command {
	c := group("review", "Look at every key and say what shall become of it",
		a.reviewStartCommand(), a.reviewNextCommand(), a.reviewDecideCommand(), a.reviewStatusCommand(),
		a.reviewEndCommand(), a.reviewReportCommand(), a.reviewCheckCommand())
	c.Long = reviewHelp
	c.Example = `  pakdeck review start
  pakdeck review next
  pakdeck review decide build-bot/ci-deploy keep
  pakdeck review decide mira/tmp-migration revoke --comment 'migrated in May'
  pakdeck review end > review.md`
	return c
}

// reviewState is how a review stands.
type reviewState struct {
	Review  int     `json:"review"`
	Began   instant `json:"began"`
	By      string  `json:"by"`
	Ended   instant `json:"ended"`
	Decided int     `json:"decided"`
	Left    int     `json:"left"`
}

func (a *app) reviewStartCommand() *cobra.Command {
	return &cobra.Command{
		Use: "start", Short: "Begin a review", Args: want(),
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			s, err := review.Begin(ctx, st)
			if errors.Is(err, review.ErrOpen) {
				return &failedError{text: err.Error(), hint: "go on with pakdeck review next, or end it with pakdeck review end"}
			}
			if err != nil {
				return err
			}
			a.note("review %d has begun; go on with pakdeck review next", s.Number)
			return a.printReviewState(ctx, st)
		}),
	}
}

func (a *app) reviewStatusCommand() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Tell how far the newest review is", Args: want(),
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			return a.printReviewState(ctx, st)
		}),
	}
}

// printReviewState tells how the newest review stands.
func (a *app) printReviewState(ctx context.Context, st *keystore.Store) error {
	s, left, err := loadReview(ctx, st)
	if err != nil {
		return err
	}
	state := reviewState{s.Number, instant(s.Began), s.By, instant(s.Ended), len(s.Decisions), len(left)}
	if a.json {
		return a.printJSON(state)
	}
	how := "open"
	if !s.Ended.IsZero() {
		how = "ended " + state.Ended.String()
	}
	return a.print(fmt.Sprintf("review %d  %s  begun %s by %s", s.Number, how, state.Began, s.By),
		fmt.Sprintf("decided %d of %s, %d left", state.Decided, text.Plural(state.Decided+state.Left, "key"), state.Left))
}

// loadReview returns the newest review and the keys that are left.
func loadReview(ctx context.Context, st *keystore.Store) (review.State, []keystore.KeyView, error) {
	s, err := review.Load(ctx, st, 0)
	if err != nil {
		return s, nil, noReview(err)
	}
	keys, err := st.Keys(ctx)
	return s, s.Left(keys), err
}

func noReview(err error) error {
	if errors.Is(err, review.ErrNone) {
		return &failedError{text: err.Error(), hint: "begin one with pakdeck review start"}
	}
	return err
}

func (a *app) reviewNextCommand() *cobra.Command {
	return &cobra.Command{
		Use: "next", Short: "Show the next key that is to be decided about", Args: want(),
		Long: "Show the next key that is to be decided about, with what the linter finds of it.\nThe exit code is 1 if there is none left.",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			s, left, err := loadReview(ctx, st)
			switch {
			case err != nil:
				return err
			case !s.Ended.IsZero():
				return noReview(review.ErrNone)
			case len(left) == 0:
				a.note("nothing is left; end the review with pakdeck review end")
				return errNegative
			}
			a.note("%d of %d; say: pakdeck review decide %s VERDICT --comment TEXT",
				len(s.Decisions)+1, len(s.Decisions)+len(left), left[0].ID)
			return a.printForReview(ctx, st, s, left[0])
		}),
	}
}

// printForReview shows a key with what helps to decide.
func (a *app) printForReview(ctx context.Context, st *keystore.Store, s review.State, k keystore.KeyView) error {
	snapshot, err := lint.Take(ctx, st, lint.Options{})
	if err != nil {
		return lintFault(err)
	}
	var lines []string
	for _, f := range lint.Run(snapshot) {
		if f.Object.ID == string(k.ID) {
			lines = append(lines, string(f.Severity)+" "+f.Rule+" "+f.Text)
		}
	}
	stake, err := review.StakeOf(ctx, st, k)
	if err != nil {
		return err
	}
	before := ""
	if s.Before != nil {
		before = strings.TrimSpace(string(s.Before.Decisions[k.ID].Verdict) + " " + s.Before.Decisions[k.ID].Comment)
	}
	v := a.viewer(ctx, st)
	if a.json {
		j, err := v.key(k)
		if err != nil {
			return err
		}
		return a.printJSON(struct {
			Key      keyJSON  `json:"key"`
			Findings []string `json:"findings"`
			Before   string   `json:"last_review"`
			Self     string   `json:"self_review"`
		}{j, list(lines), before, string(stake)})
	}
	rows, err := keyRows(k, v)
	if err != nil {
		return err
	}
	rows = append(rows, listRows("findings", "none", lines)...)
	if stake != review.NoStake {
		rows = append(rows, []string{"attention", stake.Words(st.Actor().User)})
	}
	if before != "" {
		rows = append(rows, []string{"last review", before})
	}
	return a.printRows(rows)
}

func (a *app) reviewDecideCommand() *cobra.Command {
	comment := ""
	c := &cobra.Command{
		Use: "decide KEY VERDICT", Short: "Say what shall become of a key",
		Long: "Say what shall become of a key: keep, ask, restrict, rotate, disable or revoke.\nEverything but keep wants a --comment. A decision of the same review is replaced.\nIf you own the key or created it, the report says so; the policy file can refuse\nthat you keep it ([review] four_eyes = true).",
		Args: want("KEY", "VERDICT"), ValidArgsFunction: a.completeKey,
	}
	c.Flags().StringVar(&comment, "comment", "", "`TEXT` that says why")
	c.RunE = a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
		verdict, err := review.ParseVerdict(args[1])
		if err != nil {
			return err
		}
		if verdict != review.Keep && !c.Flags().Changed("comment") {
			return usagef("--comment is missing; say why it is to be: %s", verdict)
		}
		k, err := st.Key(ctx, args[0])
		if err != nil {
			return err
		}
		d, err := review.Decide(ctx, st, k, verdict, comment)
		if err != nil {
			return noReview(err)
		}
		a.note("%s: %s", d.Ref, d.Verdict)
		if d.Self != review.NoStake {
			a.note("the report will say that no second person looked at it: %s", d.Self.Words(d.By))
		}
		if what, ok := reviewDeeds[verdict]; ok {
			a.note("nothing was changed; do it with: pakdeck key %s %s", what, k.ID)
		}
		if a.json {
			return a.printReviewState(ctx, st)
		}
		return nil
	})
	return c
}

// reviewDeeds are the commands that do what was decided.
var reviewDeeds = map[review.Verdict]string{
	review.Restrict: "edit", review.Rotate: "rotate", review.Disable: "disable", review.Revoke: "revoke",
}
