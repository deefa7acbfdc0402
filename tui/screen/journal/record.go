package journal

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
)

// record is everything that a record says.
func record(env *screen.Env, e trail.Entry) []facts.Fact {
	at := e.Time
	if env.Zone != nil {
		at = at.In(env.Zone)
	}
	out := []facts.Fact{
		facts.Head(fmt.Sprintf("record %d", e.Seq)),
		{},
		facts.Of("time", at.Format("2006-01-02 15:04:05.000 MST")),
		facts.Of("event", fmt.Sprintf("%s (%d)", e.Event, e.Code)),
		{Label: "outcome", Text: e.Outcome, Tone: outcomeTone(e.Outcome)},
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

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// value writes a JSON value of the journal for people: texts without quotes,
// lists with commas.
func value(v any) string {
	raw, ok := v.(json.RawMessage)
	if !ok {
		return ""
	}
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return strings.Join(list, ", ")
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	if string(raw) == "null" {
		return ""
	}
	return string(raw)
}

// outcomeTone is the meaning of an outcome. The word says it too.
func outcomeTone(outcome string) theme.Tone {
	switch keystore.Outcome(outcome) {
	case keystore.OK:
		return theme.Plain
	case keystore.Malformed, keystore.Unknown, keystore.WrongSecret, keystore.Revoked:
		return theme.Bad
	}
	return theme.Warn
}

// detail is what the list says of a record behind its object.
func detail(e trail.Entry) string {
	if e.Reason != "" {
		return e.Reason
	}
	if e.Code >= journal.EventUse.Code && e.Code < journal.EventServeStart.Code {
		return strings.TrimSpace(e.Source.Route + "  " + e.Source.Agent)
	}
	var fields []string
	for _, c := range e.Diff {
		fields = append(fields, c.Field)
	}
	if len(fields) == 1 {
		return fields[0] + ": " + orNone(value(e.Diff[0].After))
	}
	return strings.Join(fields, ", ")
}

// who is who caused a record: the operator of a change, the address of a use.
func who(e trail.Entry) string {
	switch {
	case e.Source.IP != "":
		return e.Source.IP
	case e.Actor.Claims.SudoUser != "":
		return e.Actor.Claims.SudoUser
	case e.Actor.User != "":
		return e.Actor.User
	}
	return e.Actor.Via
}

// clock is the time of a record in the list; in a narrow one without the year.
func clock(env *screen.Env, at time.Time, wide bool) string {
	if env.Zone != nil {
		at = at.In(env.Zone)
	}
	if wide {
		return at.Format(time.DateTime)
	}
	return at.Format("01-02 15:04:05")
}

// hour is the time of day.
func hour(env *screen.Env, at time.Time) string {
	if env.Zone != nil {
		at = at.In(env.Zone)
	}
	return at.Format(time.TimeOnly)
}

// object is what a record is about.
func object(e trail.Entry) string {
	if e.Object.Name != "" {
		return e.Object.Name
	}
	return text.TruncateMiddle(strings.TrimSpace(e.Object.Kind+" "+e.Object.ID), 40)
}
