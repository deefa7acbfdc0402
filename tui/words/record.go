package words

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
)

// Record is everything that a record of the journal says, its time in a zone; nil
// is UTC.
func Record(e trail.Entry, zone *time.Location) []facts.Fact {
	at := e.Time
	if zone != nil {
		at = at.In(zone)
	}
	out := []facts.Fact{
		facts.Head(fmt.Sprintf("record %d", e.Seq)),
		{},
		facts.Of("time", at.Format("2006-01-02 15:04:05.000 MST")),
		facts.Of("event", fmt.Sprintf("%s (%d)", e.Event, e.Code)),
		{Label: "outcome", Text: e.Outcome, Tone: OutcomeTone(e.Outcome)},
	}
	out = appendKnown(
		out,
		facts.Of("reason", e.Reason),
		facts.Of("by", actor(e.Actor)),
		facts.Of("ssh", e.Actor.Claims.SSHConnection),
		facts.Of("sudo", e.Actor.Claims.SudoUser),
		facts.Of(e.Object.Kind, e.Object.Name),
		facts.Of("id", e.Object.ID),
		facts.Of("address", e.Source.IP),
		facts.Of("agent", e.Source.Agent),
		facts.Of("route", e.Source.Route),
		facts.Of("secret", e.Source.Secret),
		facts.Of("fingerprint", e.Source.Fingerprint),
	)
	if len(e.Diff) > 0 {
		out = append(out, facts.Fact{}, facts.Head("Changes"))
	}
	for _, c := range e.Diff {
		out = append(out, change(c)...)
	}
	return append(
		out,
		facts.Fact{}, facts.Head("Hashes"),
		facts.Of("leaf", e.Leaf().String()),
		facts.Of("after", e.Prev.String()),
	)
}

// appendKnown appends the facts that say something.
func appendKnown(out []facts.Fact, more ...facts.Fact) []facts.Fact {
	for _, f := range more {
		if f.Text != "" {
			out = append(out, f)
		}
	}
	return out
}

func actor(a journal.Actor) string {
	var words []string
	if a.User != "" {
		words = append(words, a.User)
	}
	if a.UID >= 0 {
		words = append(words, fmt.Sprintf("uid %d", a.UID))
	}
	if a.Via != "" {
		words = append(words, "via "+a.Via)
	}
	return strings.Join(words, ", ")
}

// change is a field before and after: what went, and what came. Of a list only
// what differs is told.
func change(c journal.Change) []facts.Fact {
	d, label := trail.DeltaOf(c), c.Field
	var out []facts.Fact
	for _, s := range d.Removed {
		out = append(out, facts.Fact{Label: label, Text: "- " + s, Tone: theme.Muted})
		label = ""
	}
	for _, s := range d.Added {
		mark := "+ "
		if len(d.Removed)+d.Kept+len(d.Added) == 1 && isNew(c) {
			mark = ""
		}
		out = append(out, facts.Of(label, mark+s))
		label = ""
	}
	if len(out) == 0 {
		out = append(out, facts.Of(label, "none"))
	}
	return out
}

// isNew reports whether there was nothing before.
func isNew(c journal.Change) bool {
	raw, ok := c.Before.(json.RawMessage)
	return ok && string(raw) == "null"
}

// OutcomeTone is the meaning of an outcome. The word says it too.
func OutcomeTone(outcome string) theme.Tone {
	switch keystore.Outcome(outcome) {
	case keystore.OK:
		return theme.Plain
	case keystore.Malformed, keystore.Unknown, keystore.WrongSecret, keystore.Revoked:
		return theme.Bad
	}
	return theme.Warn
}

// Proof is the proof of a record for people; err says why it is none.
func Proof(p journal.Proof, err error) []facts.Fact {
	out := []facts.Fact{{}, facts.Head("Proof")}
	if err != nil {
		return append(out, facts.Fact{Label: "broken", Text: err.Error(), Tone: theme.Bad})
	}
	c := p.Checkpoint
	out = append(
		out,
		facts.Fact{Label: "holds", Text: fmt.Sprintf("%s from the leaf to the signed root", text.Plural(len(p.Path), "step")), Tone: theme.Good},
		facts.Of("under", c.Short()+", signed "+c.Time.Format("2006-01-02 15:04:05 UTC")),
	)
	label := "path"
	for _, h := range p.Path {
		out = append(out, facts.Of(label, journal.Hash(h).String()))
		label = ""
	}
	return append(out, facts.Of("root", c.Root.String()))
}
