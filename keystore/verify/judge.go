package verify

import (
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// check is one question asked of a proven secret. Decisions and explanations
// walk the same table, so an explanation cannot tell another story.
type check int

const (
	checkRevoked check = iota
	checkDisabled
	checkOwner
	checkNotBefore
	checkExpired
	checkAddress
	checkScope
	checks
)

// asked tells of each check the outcome if the answer is no, and its name.
var asked = [checks]struct {
	outcome keystore.Outcome
	title   string
}{
	{keystore.Revoked, "not revoked"},
	{keystore.Disabled, "key enabled"},
	{keystore.OwnerOff, "owner enabled"},
	{keystore.NotYetValid, "already valid"},
	{keystore.Expired, "not expired"},
	{keystore.IPDenied, "address allowed"},
	{keystore.ScopeDenied, "scope allowed"},
}

// judge decides on a proven secret at an instant in Unix ms.
func judge(e *entry, req *Request, now int64) keystore.Outcome {
	for c := range checks {
		if !c.passes(e, req, now) {
			return asked[c].outcome
		}
	}
	return keystore.OK
}

func (c check) passes(e *entry, req *Request, now int64) bool {
	switch c {
	case checkRevoked:
		return e.faults&faultRevoked == 0 && (e.retires == 0 || now < e.retires)
	case checkDisabled:
		return e.faults&faultDisabled == 0
	case checkOwner:
		return e.faults&faultOwner == 0
	case checkNotBefore:
		return now >= e.notBefore
	case checkExpired:
		return e.expires == 0 || now < e.expires
	case checkAddress:
		return e.rules.Allowed(req.Caller.IP)
	case checkScope:
		return uncovered(e.scopes.list, req) == ""
	}
	return false
}

// uncovered returns the first demanded scope that the key lacks, or "".
func uncovered(held []keystore.Scope, req *Request) keystore.Scope {
	if req.Scope != "" && !keystore.CoversAny(held, req.Scope) {
		return req.Scope
	}
	for _, demand := range req.More {
		if !keystore.CoversAny(held, demand) {
			return demand
		}
	}
	return ""
}

// say tells the answer to a check in a sentence.
func (c check) say(e *entry, req *Request, ok bool) string {
	switch c {
	case checkRevoked:
		return sayRevoked(e, ok)
	case checkDisabled:
		return sayDisabled(e.subject, ok)
	case checkOwner:
		return sayOwner(e.subject, ok)
	case checkNotBefore:
		return sayNotBefore(e.subject, ok)
	case checkExpired:
		return sayExpired(e.subject, ok)
	case checkAddress:
		return e.subject.entries.Decide(req.Caller.IP).String()
	case checkScope:
		return sayScope(e.subject, req, ok)
	}
	return ""
}

func sayRevoked(e *entry, ok bool) string {
	switch {
	case ok && e.faults&retiring != 0 && e.retires != 0:
		return "this secret is being retired and works until " + stamp(time.UnixMilli(e.retires))
	case ok && e.faults&retiring != 0:
		return "this secret is being retired; how long it works counts from the first use of the new one"
	case ok:
		return "the key was not revoked"
	case !e.subject.revoked.IsZero():
		return fmt.Sprintf("the key was revoked at %s: %s", stamp(e.subject.revoked), e.subject.reason)
	}
	if e.retires == 0 {
		return "this secret was retired; the key has a newer one"
	}
	return "this secret was retired at " + stamp(time.UnixMilli(e.retires)) + "; the key has a newer one"
}

func sayDisabled(s *Subject, ok bool) string {
	if ok {
		return "the key is enabled"
	}
	return "the key was disabled at " + stamp(s.disabled)
}

func sayOwner(s *Subject, ok bool) string {
	if ok {
		return "the owner " + s.UserName + " is enabled"
	}
	return "the owner " + s.UserName + " is disabled, and with it all its keys"
}

func sayNotBefore(s *Subject, ok bool) string {
	switch {
	case s.notBefore.IsZero():
		return "the key is valid from the start"
	case ok:
		return "the key is valid since " + stamp(s.notBefore)
	}
	return "the key is not valid before " + stamp(s.notBefore)
}

func sayExpired(s *Subject, ok bool) string {
	switch {
	case s.Expires.IsZero():
		return "the key never expires"
	case ok:
		return "the key expires at " + stamp(s.Expires)
	}
	return "the key expired at " + stamp(s.Expires)
}

func sayScope(s *Subject, req *Request, ok bool) string {
	held := s.ScopeText
	if held == "" {
		held = "none"
	}
	switch {
	case !ok:
		return string(uncovered(s.Scopes, req)) + " is not among the key's scopes: " + held
	case len(req.More) > 0:
		return "what was demanded is among the key's scopes: " + held
	case req.Scope == "":
		return "no scope was demanded; the key has: " + held
	}
	return string(req.Scope) + " is among the key's scopes: " + held
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
