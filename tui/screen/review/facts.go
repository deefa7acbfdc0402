package review

import (
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/words"
)

// show puts the key under the cursor into the pane.
func (m *Model) show() {
	k, ok := m.current()
	if !ok {
		m.pane.SetFacts(nil)
		return
	}
	m.pane.SetFacts(m.facts(k))
}

// facts is what helps to decide about a key.
func (m Model) facts(k keystore.KeyView) []facts.Fact {
	out := []facts.Fact{facts.Head(k.Ref())}
	if k.Description != "" {
		out = append(out, facts.Of("", k.Description))
	}
	out = append(out, facts.Fact{})
	out = append(out, m.decisionFacts(k)...)
	out = append(out, m.recordFacts(k)...)
	out = append(out, m.useFacts(k)...)
	return append(out, m.findingFacts(k)...)
}

// decisionFacts is what was said of the key, now and in the review before, and
// whether the operator is a second person.
func (m Model) decisionFacts(k keystore.KeyView) (out []facts.Fact) {
	add := func(label string, d review.Decision) {
		said := string(d.Verdict)
		if d.Comment != "" {
			said += ": " + d.Comment
		}
		out = append(out, facts.Fact{Label: label, Text: said, Tone: tones[d.Verdict]},
			facts.Fact{Text: "by " + d.By + " on " + d.At.Format(time.DateOnly), Tone: theme.Muted})
	}
	if d, ok := m.s.Decisions[k.ID]; ok {
		add("verdict", d)
	}
	if m.s.Before != nil {
		if d, ok := m.s.Before.Decisions[k.ID]; ok {
			add("last time", d)
		}
	}
	if m.known.key == k.ID && m.known.stake != review.NoStake {
		out = append(out, facts.Fact{Label: "attention", Text: "the report will say: " + m.known.stake.Words(m.env.Store.Actor().User), Tone: theme.Warn})
	}
	if len(out) > 0 {
		out = append(out, facts.Fact{})
	}
	return out
}

func (m Model) recordFacts(k keystore.KeyView) []facts.Fact {
	now := m.env.Board.Now
	state, life := k.StateAt(now, m.env.Board.Policy.WarnBefore), theme.Plain
	said := string(state)
	switch {
	case k.Expires.IsZero():
		said, life = said+", never expires", theme.Warn
	case state == keystore.StateExpiring || state == keystore.StateExpired:
		said, life = said+" "+expiry.In(k.Expires, now), theme.Warn
	default:
		said += ", expires " + expiry.In(k.Expires, now)
	}
	made := k.Created.Format(time.DateOnly)
	if m.known.key == k.ID && m.known.by.User != "" {
		made += " by " + m.known.by.User
	}
	if secret := k.Current().Created; !secret.Equal(k.Created) {
		made += ", new secret " + text.Ago(now.Sub(secret)) + " ago"
	}
	owner := k.Owner.Name + ", " + string(k.Owner.Kind)
	if k.Owner.Admin {
		owner += ", admin"
	}
	if k.Owner.Disabled {
		owner += ", disabled"
	}
	if k.Owner.Contact != "" {
		owner += ", " + k.Owner.Contact
	}
	return []facts.Fact{
		{Label: "state", Text: said, Tone: life},
		facts.Of("owner", owner),
		facts.Of("created", made),
		words.Scopes(k), network(k.Rules),
	}
}

// shownPrefixes are listed; of more, only their number is told.
const shownPrefixes = 4

func network(r iprule.Rules) facts.Fact {
	if len(r.Allow) == 0 {
		said := "any address"
		if n := len(r.Deny); n > 0 {
			said += fmt.Sprintf(" but %d denied", n)
		}
		return facts.Fact{Label: "network", Text: said, Tone: theme.Warn}
	}
	var words []string
	for _, e := range r.Allow[:min(shownPrefixes, len(r.Allow))] {
		words = append(words, e.Prefix.String())
	}
	if more := len(r.Allow) - shownPrefixes; more > 0 {
		words = append(words, fmt.Sprintf("and %d more", more))
	}
	if n := len(r.Deny); n > 0 {
		words = append(words, fmt.Sprintf("(%d denied)", n))
	}
	return facts.Of("network", strings.Join(words, " "))
}

func (m Model) useFacts(k keystore.KeyView) []facts.Fact {
	last := k.Uses.Last
	if last.Time.IsZero() {
		return []facts.Fact{{Label: "seen", Text: "never", Tone: theme.Warn}}
	}
	out := []facts.Fact{facts.Of("seen", words.Seen(last, m.env.Board.Now))}
	switch {
	case m.known.key != k.ID:
	case m.known.err != nil:
		out = append(out, facts.Fact{Label: "14 days", Text: "cannot be read: " + m.known.err.Error(), Tone: theme.Warn})
	default:
		out = append(out, m.known.uses.Facts(m.env.Theme, max(1, m.split.Detail.W-14))...)
	}
	return out
}

func (m Model) findingFacts(k keystore.KeyView) []facts.Fact {
	found := m.env.Verdict.About(string(k.ID))
	if len(found) == 0 {
		return []facts.Fact{{}, {Text: "no findings", Tone: theme.Good}}
	}
	out := []facts.Fact{{}, facts.Head(text.Plural(len(found), "finding"))}
	for _, f := range found {
		out = append(out, words.Finding(f))
	}
	return out
}
