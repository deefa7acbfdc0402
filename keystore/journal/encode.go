package journal

import (
	"encoding/hex"
	"fmt"
	"strconv"
)

// Encode returns the record as one line of JSON without a newline, in the one
// form that [Decode] accepts. The fields and their order are
//
//	seq, prev, time, code, event, outcome, reason,
//	actor{uid, user, via, claims{ssh_connection, sudo_user}},
//	object{kind, id, name}, source{ip, agent, route, fingerprint},
//	diff[{field, before, after}]
//
// seq, prev, time, code, event, outcome, actor.uid and the three members of a
// diff entry are always there. Every other text is left out when it is empty,
// and so are objects and a diff with nothing in them. There is no white space
// between tokens and no HTML escaping; control, bidirectional and invisible
// characters are escaped, bytes that are not UTF-8 become U+FFFD, and texts
// outside of diff are cut to [MaxText].
//
// It fails if Event or Time is missing, a number is negative, a diff value has
// no JSON form, or the line is longer than MaxRecord ([ErrTooLarge]).
func (r Record) Encode() ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	b := r.appendHead(make([]byte, 0, 512))
	b = appendText(b, "reason", r.Reason)
	b = r.Actor.append(b)
	object, source := r.Object.fields(), r.Source.fields()
	b = appendObject(b, "object", object[:])
	b = appendObject(b, "source", source[:])
	b, err := appendDiff(b, r.Diff)
	if err != nil {
		return nil, err
	}
	b = append(b, '}')
	if len(b) > MaxRecord {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(b), MaxRecord)
	}
	return b, nil
}

func (r *Record) appendHead(b []byte) []byte {
	b = append(b, `{"seq":`...)
	b = strconv.AppendInt(b, r.Seq, 10)
	b = append(b, `,"prev":"`...)
	b = hex.AppendEncode(b, r.Prev[:])
	b = append(b, `","time":"`...)
	b = r.Time.UTC().AppendFormat(b, timeFormat)
	b = append(b, `","code":`...)
	b = strconv.AppendInt(b, int64(r.Code), 10)
	b = append(b, `,"event":`...)
	b = appendString(b, bounded(r.Event))
	b = append(b, `,"outcome":`...)
	return appendString(b, bounded(r.Outcome))
}

func (a *Actor) append(b []byte) []byte {
	b = append(b, `,"actor":{"uid":`...)
	b = strconv.AppendInt(b, int64(a.UID), 10)
	for _, f := range a.fields() {
		b = appendText(b, f.name, *f.value)
	}
	claims := a.Claims.fields()
	b = appendObject(b, "claims", claims[:])
	return append(b, '}')
}

// appendName begins a member of an object, with a comma unless it is the first.
func appendName(b []byte, name string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, name...)
	return append(b, `":`...)
}

func appendText(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	return appendString(appendName(b, name), bounded(text))
}

func appendObject(b []byte, name string, fields []field) []byte {
	before := len(b)
	b = append(appendName(b, name), '{')
	empty := len(b)
	for _, f := range fields {
		b = appendText(b, f.name, *f.value)
	}
	if len(b) == empty {
		return b[:before]
	}
	return append(b, '}')
}

func appendDiff(b []byte, diff []Change) ([]byte, error) {
	if len(diff) == 0 {
		return b, nil
	}
	b = append(appendName(b, "diff"), '[')
	var err error
	for i, c := range diff {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = c.append(b); err != nil {
			return nil, fmt.Errorf("change of %q: %w", bounded(c.Field), err)
		}
	}
	return append(b, ']'), nil
}

func (c *Change) append(b []byte) ([]byte, error) {
	b = append(b, `{"field":`...)
	b = appendString(b, bounded(c.Field))
	b = append(b, `,"before":`...)
	b, err := appendValue(b, c.Before)
	if err != nil {
		return nil, err
	}
	b = append(b, `,"after":`...)
	if b, err = appendValue(b, c.After); err != nil {
		return nil, err
	}
	return append(b, '}'), nil
}
