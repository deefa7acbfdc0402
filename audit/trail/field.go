package trail

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// field is one kind of term.
type field = filter.Field[matcher]

// Fields returns the fields in the order in which they are explained.
func Fields() []field { return slices.Clone(table.Fields) }

// table has no Compile for the times, which are not held against each record.
var table = filter.Table[matcher]{Bare: field{Example: "a word", Compile: textOf(objectName, event, operator, reason)}, Fields: []field{
	{Name: "key", Help: "id of a key, id of a secret, or a part of user/name", Example: "key:build-bot/ci", Compile: compileKey},
	{Name: "user", Help: "name or id of a user, or name of the owner of a key", Example: "user:build-bot", Compile: compileUser},
	{Name: "operator", Help: "a part of the name of who made the change", Example: "operator:mira", Compile: textOf(operator, sudoUser)},
	{Name: "event", Help: "name of an event or a part of it", Example: "event:key.create", Compile: compileEvent},
	{Name: "outcome", Help: "ok, ip_denied, expired, ..., or denied for all but ok", Example: "outcome:ip_denied", Compile: compileOutcome},
	{Name: "ip", Help: "address or prefix the request came from", Example: "ip:203.0.113.0/24", Compile: compileIP},
	{Name: "agent", Help: "a part of the user agent", Example: "agent:curl", Compile: textOf(agent)},
	{Name: "route", Help: "a part of the route", Example: "route:/v1/chat", Compile: textOf(route)},
	{Name: "via", Help: "cli, tui or serve", Example: "via:serve", Compile: compileVia},
	{Name: "secret", Help: "id of the secret that was presented", Example: "secret:4kTMd9zqW8aB", Compile: compileSecret},
	{Name: "fingerprint", Help: "fingerprint of the string that was presented", Example: "fingerprint:0123456789abcdef", Compile: compileFingerprint},
	{Name: "since", Help: "from this time on: 30m, 12h, 7d, 4w, 2026-11-23", Example: "since:7d"},
	{Name: "until", Help: "before this time: 30m, 12h, 7d, 4w, 2026-11-23", Example: "until:2026-11-23"},
}}

func objectName(r *journal.Record) string { return r.Object.Name }
func event(r *journal.Record) string      { return r.Event }
func operator(r *journal.Record) string   { return r.Actor.User }
func sudoUser(r *journal.Record) string   { return r.Actor.Claims.SudoUser }
func reason(r *journal.Record) string     { return r.Reason }
func agent(r *journal.Record) string      { return r.Source.Agent }
func route(r *journal.Record) string      { return r.Source.Route }

// textOf returns the compiler of a text that is looked for in any of some parts of
// a record.
func textOf(parts ...func(*journal.Record) string) func(string) (matcher, string) {
	return func(value string) (matcher, string) {
		lower := strings.ToLower(value)
		return matcher{
			match: func(r *journal.Record) bool {
				return slices.ContainsFunc(parts, func(part func(*journal.Record) string) bool { return has(part(r), lower) })
			},
			glance: holds(lower),
		}, ""
	}
}

// has reports whether s holds part, which is in lower case.
func has(s, part string) bool { return strings.Contains(strings.ToLower(s), part) }

// compileKey takes what has the form of a key's id for one, and looks for nothing
// else then: ids are what screens ask for, and they are found quickly.
func compileKey(value string) (matcher, string) {
	lower := strings.ToLower(value)
	if isKeyID(value) {
		return matcher{
			match:  func(r *journal.Record) bool { return r.Object.Kind == "key" && r.Object.ID == value },
			glance: quotes(value),
			found:  new(journal.AboutKey(value)),
		}, ""
	}
	return matcher{
		match: func(r *journal.Record) bool {
			return r.Source.Secret == value ||
				r.Object.Kind == "key" && (r.Object.ID == lower || has(r.Object.Name, lower))
		},
		glance: holds(lower),
	}, ""
}

// isKeyID reports whether a value has the form of a [keystore.KeyID]: 16 of
// Crockford's base32 in lower case.
func isKeyID(value string) bool {
	return len(value) == 16 && strings.Trim(value, "0123456789abcdefghjkmnpqrstvwxyz") == ""
}

func compileUser(value string) (matcher, string) {
	lower := strings.ToLower(value)
	return matcher{
		match: func(r *journal.Record) bool {
			switch r.Object.Kind {
			case "user":
				return strings.ToLower(r.Object.Name) == lower || r.Object.ID == lower
			case "key":
				owner, _, _ := strings.Cut(r.Object.Name, "/")
				return strings.ToLower(owner) == lower
			}
			return false
		},
		glance: holds(lower),
		found:  new(journal.AboutUser(value)),
	}, ""
}

func compileEvent(value string) (matcher, string) {
	lower := strings.ToLower(value)
	codes, known, uses := map[int]answer{}, false, false
	for _, e := range journal.Events() {
		codes[e.Code] = no
		if isEvent(e.Name, lower) {
			codes[e.Code], known = yes, true
			uses = uses || e.OfUse()
		}
	}
	if !known {
		return matcher{}, "there is no such event; use " + eventNames()
	}
	m := matcher{
		match:  func(r *journal.Record) bool { return isEvent(r.Event, lower) },
		glance: func(g *glimpse) answer { return codes[g.Code] },
	}
	if !uses {
		m.found = new(journal.Changes())
	}
	return m, ""
}

// isEvent reports whether part is the name of an event or one half of it.
func isEvent(name, part string) bool {
	return name == part || strings.HasPrefix(name, part+".") || strings.HasSuffix(name, "."+part)
}

func eventNames() string {
	var names []string
	for _, e := range journal.Events() {
		names = append(names, e.Name)
	}
	return strings.Join(names, ", ")
}

// Denied is the outcome that stands for all but ok.
const Denied = "denied"

func compileOutcome(value string) (matcher, string) {
	lower := strings.ToLower(value)
	if lower == Denied {
		return outcomeMatcher(func(outcome string) bool { return outcome != string(keystore.OK) }), ""
	}
	if !slices.Contains(keystore.Outcomes[:], keystore.Outcome(lower)) {
		return matcher{}, "there is no such outcome; use " + outcomeNames()
	}
	return outcomeMatcher(func(outcome string) bool { return outcome == lower }), ""
}

func outcomeMatcher(is func(string) bool) matcher {
	return matcher{
		match:  func(r *journal.Record) bool { return is(r.Outcome) },
		glance: behind(`,"outcome":"`, func(outcome []byte) answer { return sure(is(string(outcome))) }),
	}
}

func outcomeNames() string {
	var names []string
	for _, o := range keystore.Outcomes {
		names = append(names, string(o))
	}
	return strings.Join(names, ", ") + " or " + Denied
}

func compileIP(value string) (matcher, string) {
	prefix, err := parsePrefix(value)
	if err != nil {
		return matcher{}, "write an address or a prefix, such as ip:203.0.113.0/24"
	}
	in := func(ip string) bool {
		a, err := netip.ParseAddr(ip)
		return err == nil && prefix.Contains(a.Unmap())
	}
	return matcher{
		match:  func(r *journal.Record) bool { return in(r.Source.IP) },
		glance: behind(`"source":{"ip":"`, func(ip []byte) answer { return unless(!in(string(ip))) }),
	}, ""
}

func parsePrefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}

func compileVia(value string) (matcher, string) {
	lower := strings.ToLower(value)
	return matcher{
		match:  func(r *journal.Record) bool { return r.Actor.Via == lower },
		glance: quotes(lower),
	}, ""
}

func compileSecret(value string) (matcher, string) {
	return matcher{
		match:  func(r *journal.Record) bool { return r.Source.Secret == value },
		glance: quotes(value),
	}, ""
}

func compileFingerprint(value string) (matcher, string) {
	lower := strings.ToLower(value)
	return matcher{
		match:  func(r *journal.Record) bool { return r.Source.Fingerprint == lower },
		glance: quotes(lower),
		found:  new(journal.OfString(lower)),
	}, ""
}
