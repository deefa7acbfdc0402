package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// lintFlags say what is judged and how it is told.
type lintFlags struct {
	format, failOn string
	rules          []string
	key, explain   string
	journal        bool
	save, newOnly  bool
	fix, dryRun    bool
}

// failNever is the value of --fail-on that lets every finding pass.
const failNever = "never"

func (a *app) lintCommand() *cobra.Command {
	var f lintFlags
	c := &cobra.Command{
		Use: "lint", Short: "Judge keys, users and the store by rules of good practice", Args: want(),
		Long: `Judge keys, users and the store by rules of good practice. Unless asked to,
nothing is changed. What was accepted with a waiver does not count. With --save
what is found becomes the baseline: later runs tell what is new and what was fixed
since, and the score becomes a point of the trend. With --fix what is safe is put
right first, each change after its diff, which says what cannot be taken back, and
with its record in the journal.

The exit code is 1 if there is a finding as grave as --fail-on, 2 if the policy
file cannot be understood, 3 if the store could not be looked at or the journal
is not intact. Thresholds are set in the table [lint] of the policy file, beside
the store.

The format csv is the credential report of AWS IAM, a key a line: access key 1 is
the current secret, access key 2 the retiring one of a rotation, and columns of
our own follow. The format csv-findings has a finding a line.`,
		Example: `  pakdeck lint --fail-on warning
  pakdeck lint --explain PAK101
  pakdeck lint --format sarif > pakdeck.sarif
  pakdeck lint --save && pakdeck lint --new-only --fail-on info`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := a.checkLint(c, &f); err != nil {
				return err
			}
			if f.explain != "" {
				return a.explainRule(f.explain)
			}
			return a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
				return a.lint(ctx, st, f)
			})(c, args)
		},
	}
	c.Flags().StringVar(&f.format, "format", "text", "text, json, sarif, junit, csv or csv-findings")
	c.Flags().StringVar(&f.failOn, "fail-on", string(lint.Error), "the mildest `SEVERITY` that fails: error, warning, info or never")
	c.Flags().StringArrayVar(&f.rules, "rule", nil, "only the rule `ID`; repeat it")
	c.Flags().StringVar(&f.key, "key", "", "only findings about a `KEY`")
	c.Flags().StringVar(&f.explain, "explain", "", "tell what there is to know of the rule `ID`, and look at no store")
	c.Flags().BoolVar(&f.journal, "journal", false, "also verify the whole journal")
	c.Flags().BoolVar(&f.save, "save", false, "make what is found the baseline of later runs")
	c.Flags().BoolVar(&f.newOnly, "new-only", false, "only what the baseline does not have")
	c.Flags().BoolVar(&f.fix, "fix", false, "put right what needs no question")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "with --fix: show what would be changed, but do not change it")
	a.completeFlag(c, "key", a.completeKey)
	a.completeWords(c, "format", lintFormats...)
	a.completeWords(c, "fail-on", failWords()...)
	a.completeWords(c, "rule", ruleIDs()...)
	a.completeWords(c, "explain", ruleIDs()...)
	c.AddCommand(a.lintWaiveCommand(), a.lintUnwaiveCommand(), a.lintWaiversCommand(), a.lintTrendCommand(), a.lintScoresCommand())
	return c
}

func failWords() []string {
	var words []string
	for _, s := range lint.Severities {
		words = append(words, string(s))
	}
	return append(words, failNever)
}

func ruleIDs() []string {
	var ids []string
	for _, r := range lint.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// checkLint refuses values that do not exist before the store is opened.
func (a *app) checkLint(c *cobra.Command, f *lintFlags) error {
	if a.json && !c.Flags().Changed("format") {
		f.format = "json"
	}
	switch {
	case !slices.Contains(lintFormats, f.format):
		return usagef("--format %s: use %s", text.Quote(f.format), joined(lintFormats, "or"))
	case a.json && f.format != "json":
		return usagef("--format %s and --json contradict each other; leave one out", f.format)
	case f.dryRun && !f.fix:
		return usagef("--dry-run is for --fix")
	case f.dryRun && f.save:
		return usagef("--save would remember what a --dry-run only foretells; leave one out")
	case f.fix && f.format != "text" && f.format != "json":
		return usagef("--fix tells what it does as text or json, not as %s", f.format)
	case f.newOnly && f.format == "csv":
		return usagef("--format csv tells of keys, not of what is new of them; use --format csv-findings")
	case f.save && len(f.rules)+len(f.key) > 0:
		return usagef("--save is about all there is; leave --rule and --key out")
	case !slices.Contains(failWords(), f.failOn):
		return usagef("--fail-on %s: use %s", text.Quote(f.failOn), joined(failWords(), "or"))
	}
	for _, id := range append(slices.Clone(f.rules), f.explain) {
		if _, ok := lint.RuleNamed(id); !ok && id != "" {
			return noRule(id)
		}
	}
	return nil
}

func (a *app) explainRule(id string) error {
	rule, _ := lint.RuleNamed(id)
	if a.json {
		return a.printJSON(rule)
	}
	return a.print(strings.Split(strings.TrimRight(rule.Explain(), "\n"), "\n")...)
}

// selected returns the rules to run: the named ones, or all.
func (f *lintFlags) selected() []lint.Rule {
	if len(f.rules) == 0 {
		return lint.Rules()
	}
	return slices.DeleteFunc(lint.Rules(), func(r lint.Rule) bool {
		return !slices.ContainsFunc(f.rules, func(id string) bool { return strings.EqualFold(id, r.ID) })
	})
}

func (a *app) lint(ctx context.Context, st *keystore.Store, f lintFlags) error {
	about := ""
	if f.key != "" {
		k, err := st.Key(ctx, f.key)
		if err != nil {
			return err
		}
		about = string(k.ID)
	}
	rules := f.selected()
	named := len(f.rules) > 0 && slices.ContainsFunc(rules, lint.Rule.Slow)
	s, err := lint.Take(ctx, st, lint.Options{Journal: f.journal || named})
	if err != nil {
		return lintFault(err)
	}
	var fixes []lint.Fixed
	if f.fix {
		if s, fixes, err = a.fixLint(ctx, st, s, rules, about, f); err != nil {
			return err
		}
	}
	verdict := lint.Judge(s, rules)
	report, err := a.lintReport(ctx, st, s, verdict, rules)
	if err != nil {
		return err
	}
	report.Fixes = fixes
	if f.format == "csv" {
		if report.Uses, err = st.AllUses(ctx); err != nil {
			return err
		}
	}
	if f.failOn != failNever {
		report.FailOn = lint.Severity(f.failOn)
	}
	if about != "" {
		report.OnlyAbout(about)
	}
	if f.newOnly {
		report.OnlyNew()
	}
	if f.save {
		if err := lint.Remember(ctx, st, verdict); err != nil {
			return err
		}
	}
	if err := a.printLint(report, f.format); err != nil {
		return err
	}
	return a.lintAnswer(s, report)
}

// lintReport puts what was found beside the baseline.
func (a *app) lintReport(ctx context.Context, st *keystore.Store, s lint.Snapshot, v lint.Verdict, rules []lint.Rule) (lint.Report, error) {
	r := lint.Report{
		Findings: slices.Clone(v.Open), Waived: slices.Clone(v.Waived), Rules: rules,
		Keys: s.Keys, StoreID: s.Store.ID, Prefix: s.Store.Prefix, Store: s.Store.Path, Time: s.Now, Version: buildVersion().Version,
	}
	base, err := lint.Remembered(ctx, st)
	if err != nil {
		return r, err
	}
	r.Compare(base)
	return r, nil
}

// lintFault makes a policy file that cannot be understood a matter of usage.
func lintFault(err error) error {
	if errors.Is(err, lint.ErrConfig) {
		return &usageError{text: err.Error(), hint: "correct the policy file; nothing was judged"}
	}
	return err
}

// lintAnswer turns the report into the outcome of the command. A journal that
// is not intact is more than a finding: what was judged cannot be trusted.
func (a *app) lintAnswer(s lint.Snapshot, r lint.Report) error {
	switch {
	case s.Store.Journal != nil && !s.Store.Journal.Intact:
		return &failedError{
			text: "the journal is not intact: " + s.Store.Journal.Problem,
			hint: "keep the files as they are, and compare them with a backup",
		}
	case r.Failed():
		return errNegative
	}
	return nil
}
