package wizard

import (
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
)

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
		facts.Of("Rotate", form.IntervalWords(d.RotateEvery, m.env.Board.Policy)),
	}
	if !d.Expires.IsZero() {
		out = append(out, facts.Of("Warn", form.WarningWords(d.WarnBefore, m.env.Board.Policy)))
	}
	out = append(out, addressFacts(d.Rules)...)
	out = append(out, facts.Fact{}, m.verdictFact())
	out = append(out, m.findingFacts()...)
	return append(out,
		facts.Fact{Label: "Writes", Text: "one key with one secret and their journal record, in one transaction. The key string is shown once, right after.", Tone: theme.Muted})
}

// findingFacts is what the linter says of the draft.
func (m Model) findingFacts() []facts.Fact {
	var out []facts.Fact
	for _, f := range m.judge.grouped() {
		word, tone := severity(f.Severity)
		out = append(out, facts.Fact{Label: "Lint " + word, Text: f.Rule + " " + f.Text + m.inStep(m.judge.stepOf(f.Rule)), Tone: tone})
	}
	return out
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
		return facts.Fact{Label: "Check", Text: "asking the store" + text.Ellipsis + " enter issues nothing until it has answered", Tone: theme.Muted}
	case m.checked.err != nil:
		return facts.Fact{Label: "Check", Text: m.checked.err.Error(), Tone: theme.Bad}
	}
	return facts.Fact{Label: "Check", Text: "nothing stands against it; enter issues the key", Tone: theme.Good}
}
