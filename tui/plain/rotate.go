package plain

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/rotation"
	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/due"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/text"
)

// lookBack is how far back the uses of both secrets are summed.
const lookBack = 48 * time.Hour

// listDue lists what has to be done, the most urgent first, by the number of
// the key.
func (t *talk) listDue(string) error {
	policy, err := t.st.Policy()
	if err != nil {
		return err
	}
	keys, err := t.st.Keys(t.ctx)
	if err != nil {
		return err
	}
	now := t.st.Now()
	items := due.List(keys, policy, now, policy.WarnBefore)
	t.say("%s due.", text.Plural(len(items), "thing"))
	keys = keys[:0]
	for _, item := range items {
		keys = append(keys, item.Key)
	}
	t.offer(keys)
	t.list(len(items), func(i int) string { return items[i].Title() + ", " + t.when(items[i].At) })
	return nil
}

// rotate gives a key a new secret.
func (t *talk) rotate(ref string) error {
	v, err := t.changeable(ref)
	if err != nil {
		return err
	}
	t.say("%s was %s. It gets a new secret, which is shown once; its rules stay.", v.Ref(), lastUse(v.Uses.Last, t.st.Now()))
	var r keystore.Rotation
	if _, err = t.ask("How long the old secret works: 24h, a date, after 2h for 2h after the first use of the new one, or now to refuse it at once", "24h", func(s string) (err error) {
		if r, err = t.grace(s); err == nil {
			err = t.st.CheckRotation(v, r)
		}
		return err
	}); err != nil {
		return err
	}
	if r.Now {
		t.say("The old secret will be refused at once. Whoever uses it is cut off.")
		err = t.typeName(v)
	} else {
		err = t.agree("The old secret works " + t.graceWords(r) + ".")
	}
	if err != nil {
		return err
	}
	after, secret, err := t.st.RotateKey(t.ctx, v.ID, v.Version, r)
	if err != nil {
		return err
	}
	t.say("Gave %s a new secret. Who still uses the old one: rotation %s", after.Ref(), after.Ref())
	return t.handOver(after, secret)
}

// grace reads how long the old secret works.
func (t *talk) grace(s string) (r keystore.Rotation, err error) {
	if s == "now" {
		return keystore.Rotation{Now: true}, nil
	}
	if rest, ok := strings.CutPrefix(s, "after "); ok {
		r.After, err = expiry.ParseSpan(rest)
		return r, err
	}
	now := t.st.Now()
	if d, err := expiry.ParseSpan(s); err == nil {
		return keystore.Rotation{Until: now.Add(d)}, nil
	}
	e, err := expiry.Parse(s, now, t.zone)
	if err == nil && e.Never() {
		err = errors.New("the old secret has to end; write such as 24h, or a date")
	}
	return keystore.Rotation{Until: e.At}, err
}

func (t *talk) graceWords(r keystore.Rotation) string {
	if r.After > 0 {
		return "until " + text.Ago(r.After) + " after the first use of the new one"
	}
	return "until " + t.when(r.Until)
}

// look returns what is known of a rotation, and says it.
func (t *talk) look(ref string) (rotation.View, error) {
	k, err := t.pickKey(ref)
	if err != nil {
		return rotation.View{}, err
	}
	v, err := rotation.Look(t.ctx, t.st, k, lookBack)
	if err != nil {
		return v, err
	}
	if !v.Rotating() {
		t.say("Only one secret of %s works, %s, made %s.", k.Ref(), v.New.ID, t.when(v.New.Created))
		return v, nil
	}
	t.say("New secret: %s, made %s, %s in 48 h.", v.New.ID, t.when(v.New.Created), uses(accepted(v.NewUses)))
	ends := "until " + t.when(v.Old.Retires)
	if v.Old.Retires.IsZero() {
		ends = "until " + text.Ago(v.Old.Grace) + " after the first use of the new one"
	}
	t.say("Old secret: %s, works %s, %s in 48 h.", v.Old.ID, ends, uses(accepted(v.OldUses)))
	for _, c := range v.Verdict.Clients {
		t.say("Caller of the old one: %s, %s, %s, last %s", who(c.Caller), c.State, uses(c.Uses), ago(v.At.Sub(c.Last)))
	}
	verdict := "Not safe to retire"
	if v.Verdict.Safe {
		verdict = "Safe to retire"
	}
	t.say("%s: %s.", verdict, v.Verdict.Why)
	return v, nil
}

func accepted(hours []usage.Bucket) (n uint64) {
	for _, h := range hours {
		n += h.OK()
	}
	return n
}

func who(c keystore.Caller) string {
	if !c.IP.IsValid() {
		return "all others"
	}
	words := c.IP.String()
	if c.Agent != "" && c.Agent != usage.Several {
		words += " with " + c.Agent
	}
	return words
}

func (t *talk) showRotation(ref string) error {
	_, err := t.look(ref)
	return err
}

// retire ends the old secret of a rotation: after a yes if that is safe, else
// after the name.
func (t *talk) retire(ref string) error {
	v, err := t.rotating(ref)
	if err != nil {
		return err
	}
	t.say("Whoever still uses the old secret is refused from then on.")
	if v.Verdict.Safe {
		err = t.agree("The old secret of " + v.Key.Ref() + " will be retired.")
	} else {
		err = t.typeName(v.Key)
	}
	if err != nil {
		return err
	}
	if _, err := t.st.RetireSecret(t.ctx, v.Key.ID, v.Key.Version); err != nil {
		return err
	}
	t.say("Retired %s of %s.", v.Old.ID, v.Key.Ref())
	return nil
}

// revert calls a rotation off; once the new secret is in use, after the name.
func (t *talk) revert(ref string) error {
	v, err := t.rotating(ref)
	if err != nil {
		return err
	}
	t.say("The old secret works on. The new one is refused at once.")
	if accepted(v.NewUses) == 0 {
		err = t.agree("The rotation of " + v.Key.Ref() + " will be called off.")
	} else {
		err = t.typeName(v.Key)
	}
	if err != nil {
		return err
	}
	if _, err := t.st.RevertRotation(t.ctx, v.Key.ID, v.Key.Version); err != nil {
		return err
	}
	t.say("Called the rotation of %s off.", v.Key.Ref())
	return nil
}

// rotating returns what is known of a key whose old secret still works.
func (t *talk) rotating(ref string) (rotation.View, error) {
	v, err := t.look(ref)
	if err == nil && !v.Rotating() {
		err = fmt.Errorf("only one secret of %s works", v.Key.Ref())
	}
	return v, err
}
