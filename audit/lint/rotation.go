package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

func rotationOverdue(s *scene, x *subject) []hit {
	made := x.Current().Created
	old := s.Now.Sub(made)
	every := cmp.Or(x.RotateEvery, s.Policy.RotateEvery, s.Config.Rotate)
	if !x.usable || made.IsZero() || old <= every {
		return nil
	}
	h := hit{
		text:     "secret not replaced for " + days(old),
		evidence: []string{fact("secret", "%s, made %s", x.Current().ID, instant(made)), fact("rotate", "every %s", days(every)), x.lastUse()},
		fix:      advice("issue a new secret, hand it over, and end the old one once the client has moved"),
	}
	if old > 2*every {
		h.severity = Error
	}
	return one(h)
}

func handedOver(_ *scene, x *subject) []hit {
	at, made := x.Owner.HandedOver, x.Current().Created
	if !x.usable || made.IsZero() || !at.After(made) {
		return nil
	}
	return one(hit{
		text:     "its owner has had another contact since " + at.Format(time.DateOnly) + ", and the secret is older",
		evidence: []string{fact("secret", "%s, made %s", x.Current().ID, instant(made)), fact("contact", "%s, since %s", redact(x.prefix, x.Owner.Contact), instant(at)), x.lastUse()},
		fix:      advice("issue a new secret, so that who left does not know it any more"),
	})
}

// rotation is a key with two secrets that work.
type rotation struct {
	old, current keystore.Secret
	was, is      *Activity // of the old and of the current one; nil: nothing is known
}

func (s *scene) rotation(x *subject) (r rotation, ok bool) {
	if !x.usable {
		return r, false
	}
	if r.old, ok = x.RetiringAt(s.Now); !ok {
		return r, false
	}
	r.current = x.Current()
	if s.Activity != nil {
		r.was, r.is = s.activityOfSecret(r.old.ID), s.activityOfSecret(r.current.ID)
	}
	return r, true
}

func (r rotation) facts() []string {
	return []string{
		fact("old", "%s, made %s, ends %s", r.old.ID, instant(r.old.Created), whenSet(r.old.Retires, "after the first use of the new one")),
		fact("new", "%s, made %s", r.current.ID, instant(r.current.Created)),
	}
}

func graceOpen(s *scene, x *subject) []hit {
	r, ok := s.rotation(x)
	if !ok {
		return nil
	}
	h := hit{evidence: r.facts(), fix: x.retire("end the old secret as soon as nobody uses it")}
	switch left, waited := r.old.Retires.Sub(s.Now), s.Now.Sub(r.current.Created); {
	case !r.old.Retires.IsZero() && left > s.Config.LongestGrace:
		h.text = fmt.Sprintf("the old secret works for another %s; at most %s", days(left), days(s.Config.LongestGrace))
	case r.old.Retires.IsZero() && waited > s.Config.LongestGrace:
		h.text = fmt.Sprintf("the new secret has waited %s for its first use, and the old one works on", days(waited))
	default:
		return nil
	}
	return one(h)
}

func oldStillUsed(s *scene, x *subject) []hit {
	r, ok := s.rotation(x)
	if !ok || r.is == nil || len(r.is.since(s.Now.Add(-window))) == 0 {
		return nil
	}
	late := r.was.since(s.Now.Add(-s.Config.QuietGrace))
	if len(late) == 0 {
		return nil
	}
	return one(hit{
		text:     "the new secret is in use, but the old one was still used by " + hosts(late, 3),
		evidence: append(r.facts(), fact("still old", "%s", hosts(late, 8))),
		fix:      advice("give these clients the new secret before the old one ends"),
	})
}

func oldIdle(s *scene, x *subject) []hit {
	r, ok := s.rotation(x)
	if !ok || r.is == nil {
		return nil
	}
	quiet := s.Now.Add(-s.Config.QuietGrace)
	moved := slices.ContainsFunc(r.is.since(s.Now.Add(-window)), func(c Seen) bool { return !c.First.After(quiet) })
	last := time.Time{}
	for _, c := range r.was.Seen {
		last = latest(last, c.Last)
	}
	if !moved || last.After(quiet) {
		return nil
	}
	return one(hit{
		text:     "rotated, and the old secret is idle",
		evidence: append(r.facts(), fact("old used", "%s", instant(last))),
		fix:      x.retire("end the old secret").safely(),
	})
}

// hosts names the addresses of callers.
func hosts(list []Seen, most int) string {
	all := distinct(list, func(c Seen) string { return c.IP.String() })
	if more := len(all) - most; more > 0 {
		return strings.Join(all[:most], " ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(all, " ")
}
