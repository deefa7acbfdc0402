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

func (a *app) lintWaiveCommand() *cobra.Command {
	reason, until := "", ""
	c := &cobra.Command{
		Use: "waive RULE [OBJECT] --reason TEXT --until DATE", Short: "Accept what a rule finds, for a reason, until a day",
		Long: `Accept what a rule finds of an object, for a reason, until a day. OBJECT is a
KEY for rules about keys, the name of a user for rules about users, and left out
for rules about the store. Waivers are journalled; one that has ended, or that
nothing needs, is itself a finding.`,
		Example: "  pakdeck lint waive PAK101 plant/sensor-7 --until 90d --reason 'sealed device, OPS-114'",
		Args:    ruleAndObject, ValidArgsFunction: completeRule,
	}
	c.Flags().StringVar(&reason, "reason", "", "`TEXT` that says why")
	c.Flags().StringVar(&until, "until", "", "the `DATE` from which on it counts again: 90d, 2027-02-21")
	c.RunE = func(c *cobra.Command, args []string) error {
		for _, flag := range []string{"reason", "until"} {
			if !c.Flags().Changed(flag) {
				return usagef("--%s is missing; a waiver needs a reason and an end", flag)
			}
		}
		e, err := a.parseExpiry(until)
		if err != nil {
			return err
		}
		if e.IsZero() {
			return usagef("--until %s: a waiver must end; give a date", text.Quote(until))
		}
		return a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			rule, o, err := lintTarget(ctx, st, args)
			if err != nil {
				return err
			}
			w, err := lint.Waive(ctx, st, rule.ID, o, reason, e)
			if err != nil {
				return err
			}
			return a.printWaiver(w, "waived %s of %s until "+instant(w.Until).String())
		})(c, args)
	}
	return c
}

func (a *app) lintUnwaiveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "unwaive RULE [OBJECT]", Short: "Take a waiver back: what the rule finds counts again",
		Args: ruleAndObject, ValidArgsFunction: completeRule,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			rule, o, err := lintTarget(ctx, st, args)
			if err != nil {
				return err
			}
			w, err := lint.Unwaive(ctx, st, rule.ID, o.ID)
			if errors.Is(err, keystore.ErrNotFound) {
				return &usageError{text: rule.ID + " of " + text.Quote(o.Name) + " is not waived", hint: "pakdeck lint waivers lists what is"}
			}
			if err != nil {
				return err
			}
			return a.printWaiver(w, "%s of %s counts again")
		}),
	}
}

func (a *app) lintWaiversCommand() *cobra.Command {
	return &cobra.Command{
		Use: "waivers", Short: "List what is waived", Args: want(),
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			waivers, err := lint.Waivers(ctx, st)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(list(waivers))
			}
			if len(waivers) == 0 {
				a.note("nothing is waived")
				return nil
			}
			var rows [][]string
			for _, w := range waivers {
				end := instant(w.Until).String()
				if !w.Holds(st.Now()) {
					end += " (ended)"
				}
				rows = append(rows, []string{w.Rule, w.Object.Name, end, w.Author, w.Reason})
			}
			return a.printTable([]string{"RULE", "OBJECT", "UNTIL", "AUTHOR", "REASON"}, rows)
		}),
	}
}

// printWaiver writes a waiver and a sentence with its rule and its object.
func (a *app) printWaiver(w lint.Waiver, sentence string) error {
	a.note(sentence, w.Rule, w.Object.Name)
	if a.json {
		return a.printJSON(w)
	}
	return nil
}

// ruleAndObject checks that a rule is named, and an object if it is about one.
func ruleAndObject(c *cobra.Command, args []string) error {
	hint := "usage: " + c.UseLine()
	if len(args) == 0 {
		return &usageError{text: "RULE is missing", hint: hint}
	}
	rule, ok := lint.RuleNamed(args[0])
	switch {
	case !ok:
		return noRule(args[0])
	case rule.Group == lint.Linter:
		return usagef("%s judges waivers, and cannot be waived itself", rule.ID)
	case len(args) > 2:
		return &usageError{text: "one argument too many: " + text.Quote(args[2]), hint: hint}
	case rule.About() == lint.KindStore && len(args) > 1:
		return &usageError{text: rule.ID + " is about the store: leave " + text.Quote(args[1]) + " out", hint: hint}
	case rule.About() != lint.KindStore && len(args) < 2:
		return &usageError{text: rule.ID + " is about a " + rule.About() + ": name it", hint: hint}
	}
	return nil
}

func noRule(id string) error {
	return usagef("there is no rule %s; there are %s", text.Quote(id), strings.Join(ruleIDs(), " "))
}

// lintTarget returns the rule and the object that the arguments name. The
// object of a waiver may be gone; then its id will do.
func lintTarget(ctx context.Context, st *keystore.Store, args []string) (rule lint.Rule, o lint.Object, err error) {
	rule, _ = lint.RuleNamed(args[0])
	o.Kind = rule.About()
	switch o.Kind {
	case lint.KindStore:
		o.ID, o.Name = st.Origin(), st.Path()
		return rule, o, nil
	case lint.KindUser:
		var u keystore.User
		u, err = st.User(ctx, args[1])
		o.ID, o.Name = string(u.ID), u.Name
	default:
		var k keystore.KeyView
		k, err = st.Key(ctx, args[1])
		o.ID, o.Name = string(k.ID), k.Ref()
	}
	if errors.Is(err, keystore.ErrNotFound) {
		if w, ok := waiverOf(ctx, st, rule.ID, args[1]); ok {
			return rule, w.Object, nil
		}
	}
	return rule, o, err
}

func waiverOf(ctx context.Context, st *keystore.Store, rule, object string) (lint.Waiver, bool) {
	list, err := lint.Waivers(ctx, st)
	i := slices.IndexFunc(list, func(w lint.Waiver) bool { return w.Rule == rule && w.Object.ID == object })
	if err != nil || i < 0 {
		return lint.Waiver{}, false
	}
	return list[i], true
}

func completeRule(_ *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, noFiles
	}
	return slices.DeleteFunc(ruleIDs(), func(id string) bool { return !strings.HasPrefix(id, strings.ToUpper(begun)) }), noFiles
}
