package httpauth

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/netip"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

// question is the body of POST /v1/verify.
type question struct {
	key, ip, scope, agent, route string

	addr   netip.Addr       // of ip
	demand []keystore.Scope // of scope
}

// field returns the field of a name, or nil.
func (q *question) field(name string) *string {
	switch name {
	case "key":
		return &q.key
	case "ip":
		return &q.ip
	case "scope":
		return &q.scope
	case "agent":
		return &q.agent
	case "route":
		return &q.route
	}
	return nil
}

// parseQuestion reads a JSON object of strings. It refuses what encoding/json
// lets pass: unknown fields, fields given twice or in another case, and
// anything after the object. No error holds a value.
func parseQuestion(body []byte) (question, error) {
	var q question
	dec := json.NewDecoder(bytes.NewReader(body))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return q, bad("the body must be a JSON object")
	}
	seen := map[string]bool{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return q, errJSON
		}
		if err := q.set(name.(string), dec, seen); err != nil {
			return q, err
		}
	}
	if _, err := dec.Token(); err != nil {
		return q, errJSON
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return q, bad("there is more in the body than one JSON object")
	}
	return q, q.check()
}

var errJSON = bad("the body is not well-formed JSON")

func (q *question) set(name string, dec *json.Decoder, seen map[string]bool) error {
	to := q.field(name)
	if to == nil {
		return bad("unknown field %s; key, ip, scope, agent and route are known", quote.Input(name))
	}
	if seen[name] {
		return bad("field %q is given twice", name)
	}
	seen[name] = true
	value, err := dec.Token()
	if err != nil {
		return errJSON
	}
	text, ok := value.(string)
	if !ok {
		return bad("field %q must be a string", name)
	}
	*to = text
	return nil
}

func (q *question) check() error {
	if q.key == "" {
		return bad(`field "key" is missing`)
	}
	if q.scope != "" {
		demand, err := appendScopes(nil, q.scope)
		if err != nil {
			return bad("%v", err)
		}
		q.demand = demand
	}
	return q.setAddr(q.ip)
}

// setAddr reads the address of the client; "" leaves it unknown.
func (q *question) setAddr(text string) error {
	if text == "" {
		return nil
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return bad("ip %s is not an address; leave it out if it is not known", quote.Input(text))
	}
	q.addr = a.Unmap()
	return nil
}
