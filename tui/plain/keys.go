package plain

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/filter"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/order"
	"github.com/pakdeck/pakdeck/tui/text"
)

// page is how many lines of a list come at once.
const page = 20

// listKeys lists the keys that a filter selects, without revoked ones unless
// it asks for them; " by expires" behind it puts them in order.
func (t *talk) listKeys(typed string) error {
	expr, by := typed, ""
	if i := strings.LastIndex(" "+typed, " by "); i >= 0 {
		expr, by = strings.TrimSpace(typed[:max(0, i-1)]), strings.TrimSpace(typed[i+len("by "):])
	}
	found, warn, err := t.selected(expr)
	if err != nil {
		return err
	}
	now := t.st.Now()
	if by != "" {
		if err := order.Sort(found, by, order.View{Now: now, Warn: warn}); err != nil {
			return fmt.Errorf("by %s: %w", quoted(by), err)
		}
	}
	t.say("%s.", text.Plural(len(found), "key"))
	t.number(found, now, warn)
	return nil
}

// selected returns the keys that a filter selects, and how early the policy
// warns.
func (t *talk) selected(expr string) (found []keystore.KeyView, warn time.Duration, err error) {
	f, err := filter.Parse(expr)
	if err != nil {
		return nil, 0, err
	}
	policy, err := t.st.Policy()
	if err != nil {
		policy = keystore.DefaultPolicy()
	}
	all, err := t.st.Keys(t.ctx)
	matches := f.Among(all, filter.NewIndex(all), t.st.Now(), policy.WarnBefore)
	for i := range all {
		if (all[i].Revoked.IsZero() || f.AsksFor(keystore.StateRevoked)) && matches(i) {
			found = append(found, all[i])
		}
	}
	return found, policy.WarnBefore, err
}

// number tells a list of keys, each with a number by which it can be named.
func (t *talk) number(keys []keystore.KeyView, now time.Time, warn time.Duration) {
	t.offer(keys)
	t.list(len(keys), func(i int) string {
		v := keys[i]
		return fmt.Sprintf("%s, %s, %s, %s", v.Ref(), v.StateAt(now, warn), endWords(v, now), lastUse(v.Uses.Last, now))
	})
}

// endWords says when a key ends.
func endWords(v keystore.KeyView, now time.Time) string {
	switch {
	case v.Expires.IsZero():
		return "never expires"
	case v.Expires.Before(now):
		return "expired " + ago(now.Sub(v.Expires))
	}
	return "expires in " + expiry.Short(v.Expires, now)
}

// offer lets keys be named by their numbers in a list.
func (t *talk) offer(keys []keystore.KeyView) {
	t.listed, t.opens = nil, "key"
	for _, v := range keys {
		t.listed = append(t.listed, v.ID)
	}
}

// page asks at the end of a page whether a list goes on; i of n were told.
func (t *talk) page(i, n int) error {
	if i == 0 || i%page != 0 {
		return nil
	}
	_, err := t.ask(fmt.Sprintf("%d more. Enter goes on, a dot stops", n-i), "", nil, "The list is told in pages of "+strconv.Itoa(page)+" lines.")
	return err
}

func lastUse(s keystore.Sighting, now time.Time) string {
	if s.Time.IsZero() {
		return "never used"
	}
	words := "used " + ago(now.Sub(s.Time))
	if s.IP.IsValid() {
		words += " from " + s.IP.String()
	}
	return words
}

// ago says how long ago something was.
func ago(d time.Duration) string {
	if d < time.Second {
		return "just now"
	}
	return text.Ago(d) + " ago"
}

// pickKey returns the key that was named, or asks for one.
func (t *talk) pickKey(ref string) (keystore.KeyView, error) {
	if ref == "" {
		var err error
		if ref, err = t.ask("Which key", "", nil); err != nil || ref == "" {
			return keystore.KeyView{}, errBack
		}
	}
	if n, err := strconv.Atoi(ref); err == nil && n >= 1 && n <= len(t.listed) {
		ref = string(t.listed[n-1])
	}
	return t.st.Key(t.ctx, ref)
}

// showKey says everything about a key.
func (t *talk) showKey(ref string) error {
	v, err := t.pickKey(ref)
	if err != nil {
		return err
	}
	t.describe(v)
	s, err := lint.Take(t.ctx, t.st, lint.Options{})
	if err != nil {
		return err
	}
	for _, f := range lint.Run(s) {
		if f.Object.ID == string(v.ID) {
			t.say("Finding: %s, %s, %s", f.Severity, f.Rule, f.Text)
		}
	}
	return nil
}

func (t *talk) describe(v keystore.KeyView) {
	now := t.st.Now()
	policy, err := t.st.Policy()
	if err != nil {
		policy = keystore.DefaultPolicy()
	}
	t.say("Key: %s", v.Ref())
	t.say("Id: %s", v.ID)
	if v.Description != "" {
		t.say("Description: %s", v.Description)
	}
	t.say("State: %s", v.StateAt(now, policy.WarnBefore))
	t.say("Created: %s", t.when(v.Created))
	t.say("Expires: %s", t.when(v.Expires))
	if !v.Revoked.IsZero() {
		t.say("Revoked: %s, %s", t.when(v.Revoked), v.RevokeReason)
	}
	t.say("May do: %s", scopeWords(v.EffectiveScopes(), "nothing"))
	t.rules(v.Rules)
	for _, s := range v.Secrets {
		t.say("Secret: %s, %s since %s", s.ID, s.StateAt(now), t.when(s.Created))
	}
	t.say("Uses: %d accepted, %d refused, %s", v.Uses.OK, v.Uses.DeniedTotal(), lastUse(v.Uses.Last, now))
}

// rules says from where a key works.
func (t *talk) rules(r iprule.Rules) {
	if len(r.Allow) == 0 {
		t.say("Allow: any address that is not denied")
	}
	for _, list := range []iprule.List{iprule.Allow, iprule.Deny} {
		for _, e := range r.Entries(list) {
			t.say("%s: %s", strings.ToUpper(string(list[:1]))+string(list[1:]), e)
		}
	}
}

func scopeWords(list []keystore.Scope, none string) string {
	if len(list) == 0 {
		return none
	}
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = string(s)
	}
	return strings.Join(words, " ")
}

// theirs says how the store has what was changed meanwhile.
func (t *talk) theirs(e *keystore.ConflictError) {
	t.say("Somebody else changed it after it was shown here. Nothing was changed by you. It is now:")
	switch v := e.Theirs.(type) {
	case keystore.KeyView:
		t.describe(v)
	case keystore.User:
		t.describeUser(v)
	}
}
