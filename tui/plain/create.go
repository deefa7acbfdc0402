package plain

import (
	"errors"
	"net/netip"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/screen/form/draft"
	"github.com/pakdeck/pakdeck/tui/screen/form/lifetime"
)

// newKey issues a key, or goes on with the operator's draft of one.
func (t *talk) newKey(string) error {
	d, err := t.askDraft()
	if err != nil {
		return err
	}
	return t.create(d)
}

// keyOf issues a key for a user.
func (t *talk) keyOf(name string) error {
	u, err := t.namedUser(name)
	if err != nil {
		return err
	}
	return t.create(draft.Draft{Owner: u.Name})
}

// cloneKey issues a key that begins with the values of another.
func (t *talk) cloneKey(ref string) error {
	v, err := t.pickKey(ref)
	if err != nil {
		return err
	}
	return t.create(draft.Draft{Owner: v.Owner.Name, Description: v.Description, Scopes: v.Scopes, Allow: v.Rules.Allow, Deny: v.Rules.Deny})
}

// create asks for everything, shows it, and issues the key after a yes. What is
// filled in when the operator goes back is kept as a draft.
func (t *talk) create(d draft.Draft) error {
	if d.Began.IsZero() {
		d.Began = t.st.Now()
	}
	began := d
	in, err := t.fill(&d)
	if err == nil {
		err = t.st.CheckNewKey(t.ctx, in)
	}
	if err == nil {
		err = t.summary(d, in)
	}
	if err != nil {
		if errors.Is(err, errBack) {
			t.keep(began, d)
		}
		return err
	}
	v, secret, err := t.st.CreateKey(t.ctx, in)
	if err != nil {
		return err
	}
	t.say("Issued %s.", v.Ref())
	return errors.Join(t.handOver(v, secret), t.dropDraft(d))
}

// summary tells what will be issued and wants a yes.
func (t *talk) summary(d draft.Draft, in keystore.NewKey) error {
	t.say("Owner: %s. Name: %s. May do: %s. Expires: %s.", d.Owner, in.Name, scopeWords(in.Scopes, "all that its owner may"), t.when(in.Expires))
	if !in.NotBefore.IsZero() {
		t.say("Begins: %s.", t.when(in.NotBefore))
	}
	if in.RotateEvery > 0 || in.WarnBefore > 0 {
		t.say("Rotate every: %s. Warn before: %s.", spanWords(in.RotateEvery), spanWords(in.WarnBefore))
	}
	t.rules(in.Rules)
	return t.agree("This is the key that will be issued.")
}

// fill asks for what a key is, beginning with what is in the draft, and writes
// each answer there.
func (t *talk) fill(d *draft.Draft) (in keystore.NewKey, err error) {
	owner, err := t.pickUser(d.Owner)
	if err != nil {
		return in, err
	}
	d.Owner, in.User = owner.Name, owner.ID
	if d.Name, err = t.keeping(d.Name, "Name", keystore.CheckKeyName); err != nil {
		return in, err
	}
	if d.Description, err = t.keeping(d.Description, "Description, may be empty", keystore.CheckDescription); err != nil {
		return in, err
	}
	scopes, err := t.scopes("Scopes, such as deploy:write; empty is all that "+owner.Name+" may", d.Scopes)
	if err != nil {
		return in, err
	}
	d.Scopes = scopes
	in.Name, in.Description, in.Scopes = d.Name, d.Description, d.Scopes
	if err := t.askLife(d, &in); err != nil {
		return in, err
	}
	in.Rules, err = t.editRules(iprule.Rules{Allow: d.Allow, Deny: d.Deny}, whatif.Evidence{}, netip.Addr{})
	if err == nil || len(in.Rules.Allow) > 0 {
		d.Allow = in.Rules.Allow
	}
	if err == nil || len(in.Rules.Deny) > 0 {
		d.Deny = in.Rules.Deny
	}
	return in, err
}

// keeping asks for a line; if there is none, what there was stays.
func (t *talk) keeping(now, what string, check func(string) error) (string, error) {
	s, err := t.ask(what, now, check)
	if err != nil {
		return now, err
	}
	return s, nil
}

// askLife asks when the key ends. When it begins, and how its secret ages, is as
// the draft says: at once, and as the policy says.
func (t *talk) askLife(d *draft.Draft, in *keystore.NewKey) (err error) {
	v := lifetime.Value{Expires: d.Expires, Clock: d.Clock, Zone: d.Zone, NotBefore: d.NotBefore}
	now := t.st.Now()
	if in.NotBefore, err = v.Begin(now, t.zone); err != nil {
		return err
	}
	if in.RotateEvery, err = form.Interval(d.Rotate); err != nil {
		return err
	}
	if in.WarnBefore, err = form.Warning(d.Warn); err != nil {
		return err
	}
	standard := d.Expires
	if standard == "" {
		standard = "90d"
	}
	answer, err := t.ask("Expires, such as 90d, 2027-02-21, eom or never", standard, func(s string) error {
		if s == d.Expires && d.Expires != "" {
			in.Expires, err = v.End(now, t.zone)
			return err
		}
		e, err := expiry.Parse(s, now, t.zone)
		in.Expires = e.At
		return err
	}, "A time from now: 12h, 90d, 6w, 1y. A date: 2027-02-21, fri, eom for the end of the month, eoq, eoy. A time of day may follow: tomorrow 18:00.")
	if err == nil && answer != d.Expires {
		d.Expires, d.Clock, d.Zone = answer, "", "local"
	}
	return err
}

// pickUser asks for an owner; "?" lists them.
func (t *talk) pickUser(standard string) (u keystore.User, err error) {
	_, err = t.put(question{
		what: `Owner, "?" lists the users`, standard: standard, list: func() error { return t.listUsers("") },
		check: func(name string) (err error) {
			u, err = t.st.User(t.ctx, name)
			return err
		},
	})
	return u, err
}

// scopes asks for a list of scopes; "-" is the empty one.
func (t *talk) scopes(what string, standard []keystore.Scope) ([]keystore.Scope, error) {
	var out []keystore.Scope
	_, err := t.ask(what, scopeWords(standard, ""), func(s string) error {
		out = nil
		if s == "" || s == "-" {
			return nil
		}
		var err error
		out, err = keystore.ParseScopes(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,;\t", r) }))
		return err
	}, "A scope is resource:action; * stands for all of either half. Separate several with blanks. A single - is none.")
	return out, err
}

// askRules asks for both lists of addresses.
func (t *talk) askRules(now iprule.Rules) (r iprule.Rules, err error) {
	if r.Allow, err = t.entries("Allow only these addresses, prefixes or ranges, separated by blanks; - is any", now.Allow); err != nil {
		return r, err
	}
	r.Deny, err = t.entries("Deny these; - is none", now.Deny)
	return r, err
}

func (t *talk) entries(what string, now []iprule.Entry) ([]iprule.Entry, error) {
	standard := entryWords(now)
	out := now
	_, err := t.ask(what, standard, func(s string) error {
		switch s {
		case "-", "":
			out = nil
			return nil
		case standard:
			out = now // with their notes
			return nil
		}
		entries, wrong := iprule.ParseList(s)
		out = t.noted(entries, now)
		var errs []error
		for _, e := range wrong {
			errs = append(errs, e.Err)
		}
		return errors.Join(errs...)
	}, "The whole list: what stands in brackets and is not typed again goes.", "An address 203.0.113.70, a prefix 10.4.7.0/24, a range 192.0.2.10-192.0.2.40. Deny wins over allow.",
		"A # begins a note to the last one, up to the end of the line.")
	return out, err
}

// noted gives entries that stay their notes, unless they have new ones.
func (t *talk) noted(entries, now []iprule.Entry) []iprule.Entry {
	for i, e := range entries {
		at := slices.IndexFunc(now, func(x iprule.Entry) bool { return x.Prefix == e.Prefix })
		if at >= 0 && e.Note == "" {
			entries[i].Note = now[at].Note
		}
	}
	return entries
}

// problems tells what is odd about rules.
func (t *talk) problems(r iprule.Rules) {
	for _, p := range r.Problems() {
		t.say("Note: %s", p.Text)
	}
}
