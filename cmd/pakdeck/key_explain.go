package main

import (
	"cmp"
	"context"
	"net/netip"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/verify"
	"github.com/pakdeck/pakdeck/tui/text"
)

// explainFlags are where a request would come from and what it would want.
type explainFlags struct{ ip, scope string }

func (a *app) keyExplainCommand() *cobra.Command {
	var f explainFlags
	c := &cobra.Command{
		Use: "explain - [--ip ADDRESS] [--scope SCOPE]", Short: "Tell whether a key string would be accepted, step by step",
		Long: `Tell whether a key string would be accepted from an address and for a scope, step
by step. The key string is read from standard input, or asked for without echo
if that is a terminal. Nothing is counted or recorded.

The exit code is 0 if it would be accepted and 1 if not. Without --ip a key with
an allow list is refused, because there is no address to test.`,
		Example: "  pakdeck key explain - --ip 203.0.113.70 --scope deploy:write < key.txt",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			return a.explain(ctx, st, f)
		}),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] != "-" {
				return &usageError{text: "give - and write the key string to standard input", hint: "usage: " + c.UseLine()}
			}
			return nil
		},
	}
	c.Flags().StringVar(&f.ip, "ip", "", "the `ADDRESS` of the caller")
	c.Flags().StringVar(&f.scope, "scope", "", "the `SCOPE` that is demanded")
	return c
}

// explainJSON is an explanation; key is null unless the secret was proven.
type explainJSON struct {
	Outcome keystore.Outcome `json:"outcome"`
	Pass    bool             `json:"pass"`
	Secret  string           `json:"secret"`
	Key     *subjectJSON     `json:"key"`
	Steps   []verify.Step    `json:"steps"`
}

type subjectJSON struct {
	ID     keystore.KeyID   `json:"id"`
	User   string           `json:"user"`
	Name   string           `json:"name"`
	Scopes []keystore.Scope `json:"scopes"`
}

// request turns the flags into a request without its key string.
func (f explainFlags) request() (req verify.Request, err error) {
	if f.scope != "" {
		if req.Scope, err = keystore.ParseScope(f.scope); err != nil {
			return req, err
		}
	}
	if f.ip != "" {
		if req.Caller.IP, err = netip.ParseAddr(f.ip); err != nil {
			return req, usagef("--ip %s is no address; write one such as 203.0.113.70 or 2001:db8::7", text.Quote(f.ip))
		}
	}
	return req, nil
}

func (a *app) explain(ctx context.Context, st *keystore.Store, f explainFlags) error {
	req, err := f.request()
	if err != nil {
		return err
	}
	if req.Key, err = a.readKeyString(ctx); err != nil {
		return err
	}
	x, err := verify.Explain(ctx, st, req)
	if err != nil {
		return err
	}
	if err := a.printExplanation(x); err != nil {
		return err
	}
	if x.Outcome != keystore.OK {
		return errNegative
	}
	return nil
}

func (a *app) printExplanation(x verify.Explanation) error {
	if a.json {
		j := explainJSON{Outcome: x.Outcome, Pass: x.Outcome == keystore.OK, Secret: x.Secret.String(), Steps: x.Steps}
		if s := x.Subject; s != nil {
			j.Key = &subjectJSON{ID: s.Key, User: s.UserName, Name: s.Name, Scopes: list(s.Scopes)}
		}
		return a.printJSON(j)
	}
	if err := a.printSteps(x.Steps); err != nil {
		return err
	}
	verdict := "accepted"
	if x.Outcome != keystore.OK {
		verdict = "refused: " + string(x.Outcome)
	}
	return a.print(verdict)
}

// printSteps writes the steps of a decision with a mark before each.
func (a *app) printSteps(steps []verify.Step) error {
	rows := make([][]string, len(steps))
	for i, s := range steps {
		rows[i] = []string{a.mark(s.Result), s.Check, cmp.Or(s.Text, string(s.Result))}
	}
	return a.printRows(rows)
}

// mark stands for the result of a step.
func (a *app) mark(r verify.Result) string {
	marks := map[verify.Result][2]string{verify.Passed: {"✓", "ok"}, verify.Failed: {"✗", "NO"}, verify.Skipped: {"–", "-"}}[r]
	if a.utf8() {
		return marks[0]
	}
	return marks[1]
}
