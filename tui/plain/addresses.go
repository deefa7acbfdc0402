package plain

import (
	"fmt"
	"net/netip"

	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// restrict changes from which addresses a key works.
func (t *talk) restrict(ref string) error {
	v, err := t.changeable(ref)
	if err != nil {
		return err
	}
	t.rules(v.Rules)
	seen, err := whatif.Load(t.ctx, t.st, v.Key, t.st.Now())
	if err != nil {
		return err
	}
	r, err := t.editRules(v.Rules, seen, v.Uses.Last.IP)
	if err != nil {
		return err
	}
	return t.apply(v, keystore.KeyEdit{Rules: &r})
}

// Answers to what is done with address rules.
const (
	merge = "merge"
	fit   = "fit"
	anew  = "again"
)

// editRules asks for address rules until they can be saved and the operator goes
// on. Before, it tells what they would have meant for the uses that were seen, of
// which last is the newest.
func (t *talk) editRules(now iprule.Rules, seen whatif.Evidence, last netip.Addr) (iprule.Rules, error) {
	r, err := t.askRules(now)
	for err == nil {
		if r.IsZero() && now.IsZero() {
			return r, nil // there is nothing to try
		}
		t.problems(r)
		t.dryRun(now, r, seen)
		if last.IsValid() {
			t.say("The last caller, %s: %s", last, r.Decide(last))
		}
		var what string
		if what, err = t.askTest(r, seen); err != nil || what == "" {
			return r, err
		}
		switch what {
		case merge:
			r = r.Simplify()
		case fit:
			r.Allow, err = seen.Fit(r)
		case anew:
			r, err = t.askRules(r)
			continue
		}
		t.rules(r)
	}
	return r, err
}

// askTest tests addresses against rules until something else is wanted.
func (t *talk) askTest(r iprule.Rules, seen whatif.Evidence) (what string, err error) {
	for {
		what, err = t.ask("Test an address, or empty to go on", "", func(s string) error {
			switch s {
			case "":
				return r.Validate()
			case merge, anew:
				return nil
			case fit:
				_, err := seen.Fit(r)
				return err
			}
			return addressError(s)
		}, "An address: what the rules say of it, step by step. Nothing is saved by that.",
			"merge: entries that belong together become one, those that decide nothing go.",
			"fit: the tightest allow list for the callers that were seen.",
			"again: type the lists again.")
		if a, bad := netip.ParseAddr(what); err == nil && bad == nil {
			t.say("%s: %s", a, r.Decide(a))
			continue
		}
		return what, err
	}
}

func addressError(s string) error {
	if _, err := netip.ParseAddr(s); err != nil {
		return fmt.Errorf("%s is no address; write one such as 203.0.113.70", quoted(s))
	}
	return nil
}

// dryRun tells what rules would have meant for the uses that were seen.
func (t *talk) dryRun(before, after iprule.Rules, seen whatif.Evidence) {
	if seen.To.IsZero() {
		return
	}
	e := whatif.Rules(before, after, seen)
	t.say("Dry run: %s.", e)
	changed := e.Changed()
	_ = t.pages(len(changed), func(i int) {
		v := changed[i]
		t.say("%s, %s: %s", v.IP, uses(v.OK+v.Denied), v.Why)
	})
}

// test tells what the rules of a key say of addresses. It changes nothing.
func (t *talk) test(ref string) error {
	v, err := t.pickKey(ref)
	if err != nil {
		return err
	}
	t.rules(v.Rules)
	for {
		s, err := t.ask("Address, or empty to go back", "", func(s string) error {
			if s == "" {
				return nil
			}
			return addressError(s)
		}, "Whether the key may be used from there, and which entry decides. What state the key is in does not count here.")
		if err != nil || s == "" {
			return notBack(err)
		}
		a, err := netip.ParseAddr(s)
		if err != nil {
			return err
		}
		t.say("%s: %s", a, v.Rules.Decide(a))
	}
}
