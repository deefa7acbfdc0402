package trail

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// Field is one kind of term.
type Field struct {
	Name    string // before the colon
	Help    string // what the value is held against
	Example string // a whole term

	// compile reads a value; text says what is wrong with it. It is nil for times.
	compile func(value string) (m matcher, text string)
}

// Fields returns the fields in the order in which they are explained.
func Fields() []Field { return slices.Clone(fields) }

var fields = []Field{
	{"key", "id of a key, id of a secret, or a part of user/name", "key:build-bot/ci", compileKey},
	{"user", "name or id of a user, or name of the owner of a key", "user:build-bot", compileUser},
	{"operator", "a part of the name of who made the change", "operator:mira", textOf(operator, sudoUser)},
	{"event", "name of an event or a part of it", "event:key.create", compileEvent},
	{"outcome", "ok, ip_denied, expired, ..., or denied for all but ok", "outcome:ip_denied", compileOutcome},
	{"ip", "address or prefix the request came from", "ip:203.0.113.0/24", compileIP},
	{"agent", "a part of the user agent", "agent:curl", textOf(agent)},
	{"route", "a part of the route", "route:/v1/chat", textOf(route)},
	{"via", "cli, tui or serve", "via:serve", compileVia},
	{"secret", "id of the secret that was presented", "secret:4kTMd9zqW8aB", compileSecret},
	{"fingerprint", "fingerprint of the string that was presented", "fingerprint:0123456789abcdef", compileFingerprint},
	{"since", "from this time on: 30m, 12h, 7d, 4w, 2026-11-23", "since:7d", nil},
	{"until", "before this time: 30m, 12h, 7d, 4w, 2026-11-23", "until:2026-11-23", nil},
}

// bareWord is the field of a term that names none.
var bareWord = Field{Example: "a word", compile: textOf(objectName, event, operator, reason)}

func fieldNamed(name string) (Field, bool) {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}

func fieldNames() string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name + ":"
	}
	return strings.Join(names[:len(names)-1], " ") + " or " + names[len(names)-1]
}

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
	}, ""
}

func compileEvent(value string) (matcher, string) {
	lower := strings.ToLower(value)
	codes, known := map[int]answer{}, false
	for _, e := range journal.Events() {
		codes[e.Code] = no
		if isEvent(e.Name, lower) {
			codes[e.Code], known = yes, true
		}
	}
	if !known {
		return matcher{}, "there is no such event; use " + eventNames()
	}
	return matcher{
		match:  func(r *journal.Record) bool { return isEvent(r.Event, lower) },
		glance: func(g *glimpse) answer { return codes[g.Code] },
	}, ""
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
	}, ""
}
