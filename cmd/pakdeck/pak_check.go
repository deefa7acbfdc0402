package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// pakCheck is the examination of a .pak file.
type pakCheck struct {
	OK    bool           `json:"ok"`
	State keystore.State `json:"state,omitempty"` // of the key, if the store knows it
	Key   string         `json:"key,omitempty"`   // user/name, if the store knows it
	Steps []verify.Step  `json:"steps"`
}

func (c *pakCheck) add(check string, result verify.Result, text string) {
	c.Steps = append(c.Steps, verify.Step{Check: check, Result: result, Text: text})
	c.OK = !slices.ContainsFunc(c.Steps, func(s verify.Step) bool { return s.Result == verify.Failed })
}

func (a *app) pakCheckCommand() *cobra.Command {
	var f openFlags
	c := &cobra.Command{
		Use: "check FILE", Short: "Check a .pak file and whether its key works", Args: want("FILE"),
		Long: `Check that a .pak file is private and whole, and that the store knows its key and
the key works. Addresses and scopes are not part of that. The exit code is 1 if
something is wrong. Without a store only the file is checked.`,
		RunE: func(c *cobra.Command, args []string) error {
			check, err := a.checkPak(c.Context(), args[0], f)
			if err != nil {
				return err
			}
			return a.printCheck(check)
		},
	}
	f.define(c.Flags(), ".pak")
	return c
}

func (a *app) checkPak(ctx context.Context, path string, f openFlags) (*pakCheck, error) {
	var c pakCheck
	p, err := a.openPak(ctx, path, f)
	open, isMode := errors.AsType[*pak.ModeError](err)
	wrong, isSyntax := errors.AsType[*pak.SyntaxError](err)
	switch {
	case isMode:
		c.add("private", verify.Failed, open.Error())
		c.add("format", verify.Skipped, "")
		return &c, nil
	case isSyntax:
		c.add("private", verify.Passed, "only its owner can read the file")
		c.add("format", verify.Failed, wrong.Error())
		return &c, nil
	case err != nil:
		return nil, err
	}
	c.add("private", verify.Passed, "only its owner can read the file")
	how := "plain"
	if p.encrypted {
		how = "encrypted"
	}
	c.add("format", verify.Passed, "format 1, "+how+", with a whole key string")
	st, err := a.open(ctx)
	if ofType[*noStoreError](err) {
		c.add("known", verify.Skipped, err.Error())
		return &c, nil
	}
	if err != nil {
		return nil, err
	}
	return &c, closing(st, c.ask(ctx, a, st, p.file))
}

// ask asks the store about the key of the file.
func (c *pakCheck) ask(ctx context.Context, a *app, st *keystore.Store, f pak.File) error {
	if f.Store != "" && f.Store != st.Origin() {
		c.add("known", verify.Failed, fmt.Sprintf("the file is of store %s, this one is %s", f.Store, st.Origin()))
		return nil
	}
	x, err := verify.Explain(ctx, st, verify.Request{Key: f.Key.Reveal()})
	if err != nil {
		return err
	}
	if x.Subject == nil {
		last := x.Steps[len(x.Steps)-1]
		c.add("known", verify.Failed, last.Text)
		return nil
	}
	k, err := st.Key(ctx, string(x.Subject.Key))
	if err != nil {
		return err
	}
	v := a.viewer(ctx, st)
	c.State, c.Key = v.state(k), k.Ref()
	c.add("known", verify.Passed, "it is "+k.Ref()+", and the secret is right")
	c.judge(x, k, v)
	if !k.Expires.Equal(f.Expires) {
		c.add("up to date", verify.Skipped, fmt.Sprintf("the file says it expires %s, the store %s: the store counts",
			instant(f.Expires).Or("never"), instant(k.Expires).Or("never")))
	}
	return nil
}

// judge says whether the key works, from some address and for some scope.
func (c *pakCheck) judge(x verify.Explanation, k keystore.KeyView, v viewer) {
	i := slices.IndexFunc(x.Steps, func(s verify.Step) bool { return s.Result == verify.Failed })
	if i >= 0 && x.Outcome != keystore.IPDenied && x.Outcome != keystore.ScopeDenied {
		c.add("works", verify.Failed, x.Steps[i].Text)
		return
	}
	c.add("works", verify.Passed, fmt.Sprintf("%s, expires %s", v.state(k), expiryText(k.Expires, v.now)))
}

func (a *app) printCheck(c *pakCheck) error {
	var err error
	if a.json {
		err = a.printJSON(c)
	} else {
		err = a.printSteps(c.Steps)
	}
	if err == nil && !c.OK {
		return errNegative
	}
	return err
}
