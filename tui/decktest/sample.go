package decktest

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
)

const day = 24 * time.Hour

// users of the sample, in the order in which they were added.
var users = []keystore.NewUser{
	{Name: "mira", Kind: keystore.Person, Admin: true, Contact: "mira@corp"},
	{Name: "build-bot", Permissions: []keystore.Scope{"deploy:*", "artifact:*", "metrics:write"}, Contact: "platform@corp"},
	{Name: "partners", Permissions: []keystore.Scope{"chat:*", "files:read"}, Contact: "partners@corp"},
	{Name: "edge", Permissions: []keystore.Scope{"*:*"}, Contact: "edge@corp"},
	{Name: "legacy", Permissions: []keystore.Scope{"sync:read"}},
	{Name: "contractor", Kind: keystore.Person, Permissions: []keystore.Scope{"files:read"}, Contact: "hr@corp"},
}

// sampleKey is a key of the sample; times are counted back from or, for
// expires, ahead of [Now].
type sampleKey struct {
	user, name, description string
	scopes                  []keystore.Scope
	created, expires        time.Duration // expires 0: never
	allow, deny             []string
	seen                    time.Duration // 0: never
	ip, agent               string
	ok, denied              uint64
	outcome                 keystore.Outcome
	disabled                bool
	revoked                 string // the reason
}

// keys of the sample, oldest first.
var keys = []sampleKey{
	{user: "legacy", name: "legacy-sync", created: 900 * day, seen: 94 * day, ip: "10.9.9.9", agent: "python-requests/2.19", ok: 41208},
	{user: "legacy", name: "old-mobile-app", scopes: []keystore.Scope{"sync:read"}, created: 400 * day, expires: -14 * day, seen: 15 * day, ip: "192.0.2.77", agent: "OldApp/1.2", ok: 88},
	{user: "partners", name: "partner-initech", created: 300 * day, expires: 65 * day, revoked: "contract ended", seen: 31 * day, ip: "203.0.113.99", agent: "curl/8.5", ok: 512},
	{user: "partners", name: "partner-acme", scopes: []keystore.Scope{"chat:write"}, created: 292 * day, expires: 73 * day, seen: 6 * time.Minute, ip: "203.0.113.5", agent: "acme/2", ok: 9001},
	{user: "build-bot", name: "terraform-apply", scopes: []keystore.Scope{"deploy:*"}, created: 245 * day, expires: 120 * day, seen: 8 * day, ip: "10.4.7.2", agent: "terraform/1.9", ok: 44},
	{user: "partners", name: "partner-globex", scopes: []keystore.Scope{"chat:write", "files:read"}, created: 212 * day, expires: 88 * day, seen: 2 * day, ip: "198.51.100.200", agent: "globex-sdk/0.3", ok: 777},
	{user: "build-bot", name: "metrics-pusher", scopes: []keystore.Scope{"metrics:write"}, created: 84 * day, expires: 6 * day, seen: time.Hour, ip: "10.4.7.9", agent: "prometheus/2.53", ok: 120000},
	{
		user: "build-bot", name: "ci-deploy-staging", description: "Deploys to staging from the build farm.",
		scopes: []keystore.Scope{"deploy:write", "artifact:read"}, created: 90 * day, expires: 2*day + 4*time.Hour,
		allow: []string{"198.51.100.0/24 # eu office nat", "10.4.7.0/26 # build farm"}, deny: []string{"198.51.100.64/26 # scanner, INC-482"},
		seen: 3 * time.Minute, ip: "198.51.100.7", agent: "curl/8.5", ok: 1204, denied: 5, outcome: keystore.IPDenied,
	},
	{user: "mira", name: "backup-agent", created: 60 * day, expires: 11 * day, seen: 9 * time.Hour, ip: "10.1.2.3", agent: "restic/0.17", ok: 61},
	{user: "contractor", name: "contractor-2025", created: 50 * day, expires: 18 * day, seen: 40 * day, ip: "192.0.2.4", agent: "Mozilla/5.0", ok: 9, disabled: true},
	{user: "edge", name: "edge-gateway-eu", created: 46 * day, expires: 44 * day, allow: []string{"203.0.113.0/24"}, seen: 2 * time.Second, ip: "203.0.113.5", agent: "envoy", ok: 52914, denied: 917, outcome: keystore.IPDenied},
	{user: "edge", name: "edge-gateway-us", created: 45 * day, expires: 45 * day, seen: time.Second, ip: "203.0.113.9", agent: "envoy", ok: 61002},
	{user: "edge", name: "支払い-worker", created: 40 * day, expires: 90 * day, seen: 51 * time.Second, ip: "2001:db8:20::9", agent: "ruby/3.4 支払い", ok: 300},
	{user: "mira", name: "grafana-ro", scopes: []keystore.Scope{"metrics:read"}, created: 30 * day, expires: 61 * day, seen: 4 * time.Minute, ip: "10.1.2.3", agent: "Grafana/11", ok: 99000},
	{user: "build-bot", name: "billing-export", created: 2 * day, expires: 88 * day},
}

// step is something that happened at a time.
type step struct {
	at time.Time
	do func(context.Context, *keystore.Store) error
}

// fill makes the sample store: everything in the order in which it happened.
func fill(path string) error {
	ctx, clock := context.Background(), &Clock{}
	clock.Set(Now.Add(-1000 * day))
	st, err := keystore.Create(ctx, path, keystore.CreateOptions{}, always(clock)...)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	var steps []step
	for i, u := range users {
		steps = append(steps, step{Now.Add(-999*day + time.Duration(i)*time.Hour), func(ctx context.Context, st *keystore.Store) error {
			_, err := st.AddUser(ctx, u)
			return err
		}})
	}
	for _, k := range keys {
		steps = append(steps, k.steps()...)
	}
	slices.SortStableFunc(steps, func(a, b step) int { return a.at.Compare(b.at) })
	for _, s := range steps {
		clock.Set(s.at)
		if err := s.do(ctx, st); err != nil {
			return err
		}
	}
	return watch(ctx, st)
}

// steps is the life of a key.
func (k sampleKey) steps() []step {
	out := []step{{Now.Add(-k.created), k.create}}
	if k.disabled {
		out = append(out, step{Now.Add(-k.created + time.Hour), func(ctx context.Context, st *keystore.Store) error {
			v, err := st.Key(ctx, k.user+"/"+k.name)
			if err != nil {
				return err
			}
			_, err = st.DisableKey(ctx, v.ID, v.Version)
			return err
		}})
	}
	if k.seen > 0 {
		out = append(out, step{Now.Add(-k.seen), k.use})
	}
	if k.revoked != "" {
		out = append(out, step{Now.Add(-k.seen + time.Hour), func(ctx context.Context, st *keystore.Store) error {
			v, err := st.Key(ctx, k.user+"/"+k.name)
			if err != nil {
				return err
			}
			_, err = st.RevokeKey(ctx, v.ID, v.Version, k.revoked)
			return err
		}})
	}
	return out
}

func (k sampleKey) create(ctx context.Context, st *keystore.Store) error {
	owner, err := st.User(ctx, k.user)
	if err != nil {
		return err
	}
	in := keystore.NewKey{User: owner.ID, Name: k.name, Description: k.description, Scopes: k.scopes, Rules: k.rules()}
	if k.expires != 0 {
		in.Expires = Now.Add(k.expires)
	}
	_, _, err = st.CreateKey(ctx, in)
	return err
}

func (k sampleKey) rules() iprule.Rules {
	list := func(lines []string) []iprule.Entry {
		out := make([]iprule.Entry, len(lines))
		for i, line := range lines {
			if err := out[i].UnmarshalText([]byte(line)); err != nil {
				panic(err) // the table above is wrong
			}
		}
		return out
	}
	return iprule.Rules{Allow: list(k.allow), Deny: list(k.deny)}
}

func (k sampleKey) use(ctx context.Context, st *keystore.Store) error {
	v, err := st.Key(ctx, k.user+"/"+k.name)
	if err != nil {
		return err
	}
	last := keystore.Sighting{
		Time:   Now.Add(-k.seen),
		Caller: keystore.Caller{IP: netip.MustParseAddr(k.ip), Agent: k.agent, Route: "POST /v1/chat"},
	}
	uses := keystore.Uses{First: last, Last: last, OK: k.ok}
	notable := []keystore.Use{{Sighting: last, Outcome: keystore.OK, Key: v.ID, Ref: v.Ref(), Secret: v.Current().ID}}
	if k.denied > 0 {
		refused := last
		refused.IP, refused.Time = netip.MustParseAddr("203.0.113.70"), last.Time.Add(-time.Second)
		uses.Denied = map[keystore.Outcome]uint64{k.outcome: k.denied}
		uses.LastDenied, uses.LastReason = refused, k.outcome
		notable = append([]keystore.Use{{
			Sighting: refused, Outcome: k.outcome, Key: v.ID, Ref: v.Ref(), Secret: v.Current().ID, Reason: "denied by d1 203.0.113.64/26",
		}}, notable...)
	}
	b := keystore.UseBatch{Uses: map[token.ID]keystore.Uses{v.Current().ID: uses}, Notable: notable}
	b.Tallies = k.month(v.Current().ID, last)
	return usage.NewRecorder(st).Record(ctx, b)
}

// often is the number of uses from which on a key's hours are told.
const often = 1600

// month is the uses of the last 30 days before the last one, by day and not on
// Sundays, and the refused ones all in one hour.
func (k sampleKey) month(id token.ID, last keystore.Sighting) map[keystore.Tally]keystore.Count {
	out := map[keystore.Tally]keystore.Count{}
	add := func(at time.Time, c keystore.Caller, o keystore.Outcome, n uint64) {
		t := keystore.Tally{Secret: id, Hour: keystore.HourOf(at), Outcome: o, Caller: c.Family()}
		out[t] = out[t].Add(keystore.Count{N: n, First: at, Last: at})
	}
	if k.ok < often {
		return nil
	}
	add(last.Time, last.Caller, keystore.OK, 1)
	for at := last.Time.Add(-time.Hour); Now.Sub(at) < 30*day; at = at.Add(-time.Hour) {
		if h := at.Hour(); h >= 6 && h < 20 && at.Weekday() != time.Sunday && !unwatched.contains(at) {
			add(at, last.Caller, keystore.OK, k.ok/often*uint64(1+(h%5)+at.Day()%3))
		}
	}
	if k.denied > 0 {
		refused := last
		refused.IP = netip.MustParseAddr("203.0.113.70")
		add(last.Time.Add(-3*day), refused.Caller, k.outcome, k.denied-1)
		add(last.Time.Add(-time.Second), refused.Caller, k.outcome, 1)
	}
	return out
}

// unwatched is when no verifier of the sample was running.
var unwatched = span{Now.Add(-10 * day), Now.Add(-9 * day)}

type span struct{ from, to time.Time }

func (s span) contains(at time.Time) bool { return !at.Before(s.from) && at.Before(s.to) }

// watch records when somebody was counting.
func watch(ctx context.Context, st *keystore.Store) error {
	r := usage.NewRecorder(st)
	if err := r.Watched(ctx, keystore.Span{From: Now.Add(-20 * day), To: unwatched.from.Add(-time.Minute)}); err != nil {
		return err
	}
	return r.Watched(ctx, keystore.Span{From: unwatched.to, To: Now})
}
