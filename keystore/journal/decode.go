package journal

import (
	"encoding/json"
	"time"
)

// Decode reads the stored bytes of a record. It accepts only what
// [Record.Encode] writes: encoding the result gives the same bytes. So two
// different lines never mean the same record, and nothing can hide in a line.
func Decode(line []byte) (Record, error) {
	p := parser{s: string(line)}
	if len(line) > MaxRecord {
		p.fail("a shorter line")
	}
	var r Record
	p.head(&r)
	p.optional("reason", &r.Reason)
	p.actor(&r.Actor)
	object, source := r.Object.fields(), r.Source.fields()
	p.object("object", object[:])
	p.object("source", source[:])
	r.Diff = p.diff()
	p.expect("}")
	if p.at != len(p.s) {
		p.fail("the end of the line")
	}
	if p.err != nil {
		return Record{}, p.err
	}
	return r, nil
}

func (p *parser) head(r *Record) {
	p.expect(`{"seq":`)
	r.Seq = p.count()
	p.expect(`,"prev":"`)
	r.Prev = p.hash()
	p.expect(`","time":"`)
	r.Time = p.time()
	p.expect(`","code":`)
	if r.Code = p.small(); r.Code < 0 {
		p.fail("a code from 0")
	}
	p.expect(`,"event":`)
	if r.Event = p.text(); r.Event == "" {
		p.fail("an event")
	}
	p.expect(`,"outcome":`)
	r.Outcome = p.text()
}

func (p *parser) actor(a *Actor) {
	p.expect(`,"actor":{"uid":`)
	a.UID = p.small()
	for _, f := range a.fields() {
		p.optional(f.name, f.value)
	}
	claims := a.Claims.fields()
	p.object("claims", claims[:])
	p.expect("}")
}

// object reads an object of optional texts that is there only if one of them is.
func (p *parser) object(name string, fields []field) {
	if !p.member(name) {
		return
	}
	p.expect("{")
	empty := p.at
	for _, f := range fields {
		p.optional(f.name, f.value)
	}
	if p.at == empty {
		p.fail("a member")
	}
	p.expect("}")
}

func (p *parser) diff() []Change {
	if !p.member("diff") {
		return nil
	}
	p.expect("[")
	diff := []Change{p.change()}
	for p.err == nil && p.skip(",") {
		diff = append(diff, p.change())
	}
	p.expect("]")
	return diff
}

func (p *parser) change() (c Change) {
	p.expect(`{"field":`)
	c.Field = p.text()
	p.expect(`,"before":`)
	c.Before = p.raw()
	p.expect(`,"after":`)
	c.After = p.raw()
	p.expect("}")
	return c
}

func (p *parser) raw() json.RawMessage {
	start := p.at
	p.value(0)
	return json.RawMessage(p.s[start:p.at])
}

func (p *parser) hash() Hash {
	h, ok := parseHash(p.take(2 * len(Hash{})))
	if !ok {
		p.fail("a hash")
	}
	return h
}

func (p *parser) time() time.Time {
	s := p.take(len(timeFormat))
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || s[len(s)-5] != '.' || t.IsZero() {
		p.fail("a time like " + timeFormat)
	}
	return t
}
