package httpauth

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// guard decides about requests. All handlers of the package ask one.
type guard struct {
	options
	verifier *verify.Verifier
	prefix   string // of key strings
	head     string // what every key string begins with
}

func newGuard(v *verify.Verifier, list []Option) *guard {
	return &guard{options: newOptions(list), verifier: v, prefix: v.Prefix(), head: v.Prefix() + "_"}
}

// verdict is the decision about a request. It is a refusal unless no is nil.
type verdict struct {
	verify.Decision // zero if there was nothing to verify
	addr            netip.Addr
	no              *Refusal
}

// check decides about the key that a request brings.
func (g *guard) check(r *http.Request, from origin, route string, demand []keystore.Scope) verdict {
	v := verdict{addr: from.addr}
	if from.err != nil {
		no := refusedAddress
		no.Err = from.err
		return g.refuse(v, no, route)
	}
	c := credentialOf(r.Header)
	switch {
	case c.several:
		return g.refuse(v, refusedSeveral, route)
	case !c.found:
		return g.refuse(v, refusedNoKey, route)
	}
	return g.verify(verify.Request{Key: c.key, Caller: keystore.Caller{
		IP: from.addr, Agent: g.redact(first(r.Header, "User-Agent")), Route: route,
	}}, demand)
}

// verify asks the verifier. A refusal without proof counts against the
// network of the caller.
func (g *guard) verify(req verify.Request, demand []keystore.Scope) verdict {
	if len(demand) > 0 {
		req.Scope, req.More = demand[0], demand[1:]
	}
	v := verdict{Decision: g.verifier.Verify(req), addr: req.Caller.IP}
	if v.OK() {
		return v
	}
	no := refusalOf(&v.Decision, demand)
	if v.Outcome != verify.Unavailable && !v.Outcome.Proven() {
		if wait := g.throttle.Fail(verify.Network(v.addr), v.Time); wait > 0 {
			no = no.throttled(wait)
		}
	}
	return g.refuse(v, no, req.Caller.Route)
}

// redact blots out key strings in what a client says of itself.
func (g *guard) redact(text string) string {
	if !strings.Contains(text, g.head) {
		return text
	}
	return token.Redact(g.prefix, text)
}

func (g *guard) refuse(v verdict, no Refusal, route string) verdict {
	no.Addr, no.Route = v.addr, route
	v.no = &no
	return v
}
