package main

import (
	"context"
	"errors"
	"strings"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// fixLint makes the changes that need no question, each after its diff, and
// returns the snapshot that is left. With --dry-run it only tells.
func (a *app) fixLint(ctx context.Context, st *keystore.Store, s lint.Snapshot, rules []lint.Rule, about string, f lintFlags) (lint.Snapshot, []lint.Fixed, error) {
	steps, left := lint.Plan(s, rules, func(x lint.Finding) bool {
		return x.Auto() && (about == "" || x.Object.ID == about)
	})
	if f.format == "text" {
		if err := a.printPlan(s, steps); err != nil {
			return s, nil, err
		}
	}
	fixed := make([]lint.Fixed, len(steps))
	for i, x := range steps {
		fixed[i] = lint.Fixed{Step: x, At: s.Now}
	}
	if f.dryRun {
		a.note("dry run: nothing was changed")
		return left, fixed, nil
	}
	done := 0
	for i, x := range steps {
		if _, fixed[i].Err = x.Apply(ctx, st); fixed[i].Err == nil {
			done++
		} else {
			a.warn(x.Finding.Rule + " of " + x.Finding.Object.Name + " was not fixed: " + fixed[i].Err.Error())
		}
	}
	a.note("fixed %d of %s that need no question", done, text.Plural(len(steps), "finding"))
	left, err := lint.Take(ctx, st, lint.Options{Journal: s.Store.Journal != nil})
	return left, fixed, errors.Join(err, firstFailure(fixed))
}

// firstFailure returns an error that is not the matter of one finding alone.
func firstFailure(fixed []lint.Fixed) error {
	for _, x := range fixed {
		if errors.Is(x.Err, keystore.ErrReadOnly) || errors.Is(x.Err, context.Canceled) {
			return x.Err
		}
	}
	return nil
}

// printPlan writes what each step changes, a line a value.
func (a *app) printPlan(s lint.Snapshot, steps []lint.Step) error {
	for _, x := range steps {
		lines := []string{"fix " + x.Finding.Rule + " " + x.Finding.Object.Name + ": " + x.Finding.Fix.Text}
		for _, l := range x.Preview(s.Now) {
			for _, gone := range l.Gone {
				lines = append(lines, "  - "+l.Field+" "+gone)
			}
			for _, comes := range l.Comes {
				lines = append(lines, "  + "+l.Field+" "+comes)
			}
		}
		if why := x.Final(); why != "" {
			lines = append(lines, "  cannot be taken back: "+why)
		}
		for i, line := range lines {
			lines[i] = strings.TrimRight(line, " ")
		}
		if err := a.print(lines...); err != nil {
			return err
		}
	}
	return nil
}
