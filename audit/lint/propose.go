package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

func one(h hit) []hit { return []hit{h} }

// fact returns a line of evidence.
func fact(name, format string, args ...any) string {
	const column = "            "
	b := append(make([]byte, 0, 80), name...)
	b = append(b, column[min(len(name), len(column)):]...)
	return string(fmt.Appendf(b, format, args...))
}

func instant(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.RFC3339)
}

// days returns a duration as "94 days", or in hours if it is less than two
// days.
func days(d time.Duration) string {
	n, unit := int64(d/day), "day"
	if d < 2*day {
		n, unit = int64(d/time.Hour), "hour"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

func advice(text string) *Proposal { return &Proposal{Text: text} }

// expireAt proposes an end, or the latest one before it that the policy lets
// the key have.
func (x *subject) expireAt(s *scene, at time.Time, text string) *Proposal {
	if most := s.Policy.MaxLifetime; most > 0 && at.After(x.Created.Add(most)) {
		at = x.Created.Add(most)
	}
	if at = at.UTC().Truncate(time.Second); !at.After(s.Now) {
		return advice("it has lived as long as the policy lets it: make a successor, and revoke it")
	}
	return &Proposal{
		Text:    text + " " + instant(at),
		Command: "pakdeck key edit " + x.ref + " --expires " + instant(at),
		Change:  x.edit(keystore.KeyEdit{Expires: &at}),
	}
}

func (x *subject) disable(text string) *Proposal {
	return &Proposal{
		Text: text, Command: "pakdeck key disable " + x.ref, Change: &Change{Do: DisableKey, Key: x.KeyView},
	}
}

// retire proposes to end the old secret of a rotation.
func (x *subject) retire(text string) *Proposal {
	return &Proposal{
		Text: text, Command: "pakdeck key retire " + x.ref, Change: &Change{Do: RetireOld, Key: x.KeyView},
	}
}

func (x *subject) revoke(text, reason string) *Proposal {
	return &Proposal{
		Text: text, Command: "pakdeck key revoke " + x.ref + " --reason " + quote.Shell(reason),
		Change: &Change{Do: RevokeKey, Key: x.KeyView, Reason: reason},
	}
}

func (x *subject) edit(e keystore.KeyEdit) *Change {
	return &Change{Do: EditKey, Key: x.KeyView, Edit: e}
}

// safely marks a proposal as one that needs no question.
func (p *Proposal) safely() *Proposal {
	p.Auto = p.Change != nil
	return p
}

// simplify proposes the shortest list that decides the same, if that is
// different from the present one and can be written in a command.
func (x *subject) simplify(l iprule.List) *Proposal {
	rules := x.Rules
	entries := rules.Simplify().Entries(l)
	p := &Proposal{Text: fmt.Sprintf("write the %s list as %s, which decide the same", l, plural(len(entries), "entry", "entries"))}
	if len(entries) == 0 || slices.Equal(entries, rules.Entries(l)) {
		return p
	}
	if rules.Allow = entries; l == iprule.Deny {
		rules.Allow, rules.Deny = x.Rules.Allow, entries
	}
	p.Change = x.edit(keystore.KeyEdit{Rules: &rules})
	p.safely()
	var b strings.Builder
	b.WriteString("pakdeck key edit " + x.ref)
	for _, e := range entries {
		if strings.ContainsAny(e.Note, ",#@\n") || !e.Prefix.IsValid() || redact(x.prefix, e.Note) != e.Note {
			return p
		}
		b.WriteString(" --" + string(l) + " " + quote.Shell(e.String()))
	}
	p.Command = b.String()
	return p
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// byAdmin returns grave for a key of an admin, else the rule's own severity.
func (x *subject) byAdmin(grave Severity) Severity {
	if x.Owner.Admin {
		return grave
	}
	return ""
}

func (x *subject) lastUse() string {
	u := x.Uses.Last
	if u.Time.IsZero() {
		return fact("last used", "never")
	}
	if !u.IP.IsValid() {
		return fact("last used", "%s", instant(u.Time))
	}
	return fact("last used", "%s from %s", instant(u.Time), u.IP)
}
