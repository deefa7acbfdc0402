package wizard

import (
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
)

// hints tells under the fields what they mean now.
func (m *Model) hints() {
	if x, ok := m.forms[ends].Item(form.Expiry).(form.Expires); ok {
		m.forms[ends] = m.forms[ends].Set(form.Expiry, x.WithHint(m.expiryWords(x.Value())))
	}
	m.forms[ends] = m.forms[ends].Hint(form.NotBefore, m.beginWords(m.forms[ends].Value(form.NotBefore)))
	m.words.SetFacts(m.reviewFacts())
}

// forms of an expiry that are understood.
const examples = "90d, 6w, 2027-02-21, eom, next fri, never"

func (m Model) expiryWords(typed string) string {
	now, zone := m.env.Board.Now, m.env.Zone
	e, err := expiry.Parse(typed, now, zone)
	if err != nil {
		return "such as " + examples
	}
	words := form.When(e.At, now, zone)
	if e.Never() {
		words = "it works until somebody revokes it"
	}
	if e.Note != "" {
		words += "; " + e.Note
	}
	if n := m.sameDay(e.At); n > 0 {
		words += fmt.Sprintf("; %s that day, too", otherKeys(n))
	}
	if day := e.At.Weekday(); !e.Never() && (day == time.Saturday || day == time.Sunday) {
		words += "; that is a weekend"
	}
	if why := m.refuseExpiry(e.At); why != "" {
		words += "; not allowed, " + why
	}
	return words
}

func otherKeys(n int) string {
	if n == 1 {
		return "1 other key ends"
	}
	return text.Count(int64(n)) + " other keys end"
}

// sameDay counts the keys that end on the day of an instant.
func (m Model) sameDay(at time.Time) int {
	if at.IsZero() {
		return 0
	}
	n, day := 0, expiry.DateOf(at, m.env.Zone)
	for i := range m.env.Board.Keys {
		k := &m.env.Board.Keys[i]
		if k.Revoked.IsZero() && !k.Expires.IsZero() && expiry.DateOf(k.Expires, m.env.Zone) == day {
			n++
		}
	}
	return n
}

func (m Model) beginWords(typed string) string {
	at, note, err := form.Instant(typed, m.env.Board.Now, m.env.Zone)
	switch {
	case err != nil:
		return "such as tomorrow, mon 08:00, 2027-01-04; empty means at once"
	case at.IsZero():
		return "empty: it works at once"
	case note != "":
		return form.When(at, m.env.Board.Now, m.env.Zone) + "; " + note
	}
	return form.When(at, m.env.Board.Now, m.env.Zone)
}

// scopeWords says what the key may do.
func (m Model) scopeWords() string {
	u, own := m.user(), m.chosen()
	effective := keystore.Effective(own, u.Allowed())
	switch {
	case u.ID == "":
		return "choose an owner first"
	case len(own) == 0 && len(effective) == 0:
		return "nothing: " + u.Name + " has no permissions, and the key gets no more than its owner"
	case len(own) == 0:
		return "all that " + u.Name + " may do: " + form.ScopeWords(effective)
	case len(effective) == 0:
		return "nothing: " + u.Name + " may not do any of this"
	}
	return form.ScopeWords(effective)
}

// reviewFacts is the key in words.
func (m Model) reviewFacts() []facts.Fact {
	d, u, now := m.draft(), m.user(), m.env.Board.Now
	owner := u.Name + ", " + string(u.Kind)
	if u.Disabled {
		owner += ", disabled: the key does not work until its owner does"
	}
	begins := "at once"
	if !d.NotBefore.IsZero() {
		begins = form.When(d.NotBefore, now, m.env.Zone)
	}
	until := "never: it works until somebody revokes it"
	if !d.Expires.IsZero() {
		until = form.When(d.Expires, now, m.env.Zone)
	}
	out := []facts.Fact{
		facts.Of("Owner", owner),
		facts.Of("Name", d.Name),
		facts.Of("Description", orNone(d.Description)),
		facts.Of("May do", m.scopeWords()),
		facts.Of("Works from", begins),
		facts.Of("Until", until),
	}
	out = append(out, addressFacts(d.Rules)...)
	return append(out, facts.Fact{}, m.verdictFact(),
		facts.Fact{Label: "Writes", Text: "one key with one secret and their journal record, in one transaction. The key string is shown once, right after.", Tone: theme.Muted})
}

// addressFacts tells from where the key works.
func addressFacts(r iprule.Rules) []facts.Fact {
	if r.IsZero() {
		return []facts.Fact{{Label: "From", Text: "any address", Tone: theme.Warn}}
	}
	allow := facts.Of("From", entryWords(r.Allow))
	if len(r.Allow) == 0 {
		allow = facts.Fact{Label: "From", Text: "any address that is not denied", Tone: theme.Warn}
	}
	if len(r.Deny) == 0 {
		return []facts.Fact{allow}
	}
	return []facts.Fact{allow, facts.Of("But not from", entryWords(r.Deny))}
}

func entryWords(list []iprule.Entry) string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.Prefix.String()
		if e.Note != "" {
			out[i] += " (" + e.Note + ")"
		}
	}
	return strings.Join(out, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// verdictFact is what the store says of the draft.
func (m Model) verdictFact() facts.Fact {
	switch {
	case m.busy:
		return facts.Fact{Label: "Check", Text: "issuing" + text.Ellipsis}
	case !m.checked.done || m.checked.err == nil && m.deaf:
		return facts.Fact{Label: "Check", Text: "asking the store" + text.Ellipsis, Tone: theme.Muted}
	case m.checked.err != nil:
		return facts.Fact{Label: "Check", Text: m.checked.err.Error(), Tone: theme.Bad}
	}
	return facts.Fact{Label: "Check", Text: "nothing stands against it; enter issues the key", Tone: theme.Good}
}
