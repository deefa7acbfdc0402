package journal

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
)

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
