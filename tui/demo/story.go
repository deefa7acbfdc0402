package demo

import "time"

const day = 24 * time.Hour

// person is a user of the story.
type person struct {
	name        string
	made        float64 // days before now
	person      bool
	admin       bool
	permissions string // separated by blanks
	contact     string
}

var people = []person{
	{"mira", 730, true, true, "", "mira@corp.example, phone 4711"},
	{"jonas", 700, true, false, "deploy:* artifact:* metrics:read", "jonas@corp.example"},
	{"build-bot", 690, false, false, "deploy:* artifact:* cache:*", "platform@corp.example"},
	{"platform@corp", 640, false, false, "deploy:* artifact:* metrics:* infra:*", "platform@corp.example, on call 24/7"},
	{"edge@corp", 610, false, false, "edge:* metrics:write", "edge@corp.example"},
	{"data-team", 520, false, false, "export:* import:* metrics:read billing:read", "data@corp.example"},
	{"partners@corp", 400, false, false, "catalog:read order:* webhook:write", "partners@corp.example"},
	{"mobile", 380, false, false, "chat:* profile:* push:write", "mobile@corp.example"},
	{"contractor-2025", 300, true, false, "artifact:read deploy:read", "left on 2026-06-30"},
}

// traffic is how a key is used.
type traffic struct {
	perDay  int           // accepted uses
	last    time.Duration // how long ago the last one was
	callers []caller
	denied  []denial
}

// caller is who uses a key, as an address, an agent and a route.
type caller struct{ ip, agent, route string }

// denial is a kind of refused use: how many in all, and how long ago the last
// one was.
type denial struct {
	outcome string
	count   uint64
	last    time.Duration
	caller
	reason string
}

// issue is a key of the story. Days count from now: made backwards, ends and
// begins forwards. An end of 0 is never.
type issue struct {
	owner, name, description string
	scopes                   string
	made                     float64
	begins, ends             float64
	allow, deny              []string // "prefix # note"
	traffic
}

// turn is something that happens to a user or a key later on.
type turn struct {
	ago  float64 // days
	what string  // disable, enable, revoke, rotate, expires, describe, allow, disable user
	key  string  // user/name, or the name of a user
	text string  // reason, description or "prefix # note"
	days float64 // of expires and rotate: from now
	by   operator
}

// operator is who makes a change.
type operator int

const (
	mira operator = iota
	jonas
	service
)

var turns = []turn{
	{ago: 200, what: "allow", key: "edge@corp/edge-gateway-eu", text: "10.0.0.0/8 # vpn", by: jonas},
	{ago: 145, what: "disable user", key: "contractor-2025", by: mira},
	{ago: 120, what: "revoke", key: "build-bot/ci-legacy", text: "moved to the new runners", by: jonas},
	{ago: 64, what: "describe", key: "platform@corp/terraform-apply", text: "plans and applies infra changes; ask platform before touching it", by: mira},
	{ago: 40, what: "disable", key: "data-team/adhoc-export", by: mira},
	{ago: 31.2, what: "expires", key: "platform@corp/grafana-ro", days: 61, by: mira},
	{ago: 24.1, what: "revoke", key: "mobile/android-debug", text: "found in a public repository", by: mira},
	{ago: 17.3, what: "disable", key: "partners@corp/partner-umbrella", by: jonas},
	{ago: 12.4, what: "enable", key: "partners@corp/partner-umbrella", by: jonas},
	{ago: 6.2, what: "disable", key: "jonas/laptop", by: jonas},
	{ago: 3.1, what: "allow", key: "edge@corp/edge-gateway-eu", text: "2001:db8:20::/48 # edge v6", by: mira},
	{ago: 1.8, what: "rotate", key: "edge@corp/edge-gateway-us", days: 6, by: jonas},
	{ago: 1.05, what: "revoke", key: "partners@corp/partner-hooli", text: "contract ended", by: mira},
}
