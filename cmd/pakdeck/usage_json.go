package main

import (
	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
)

// usageJSON is what usage --json writes.
type usageJSON struct {
	Key       string                      `json:"key,omitempty"`
	User      string                      `json:"user,omitempty"`
	From      instant                     `json:"from"`
	To        instant                     `json:"to"`
	Uses      uint64                      `json:"uses"`
	Denied    uint64                      `json:"denied"`
	Unproven  uint64                      `json:"unproven"`
	Outcomes  map[keystore.Outcome]uint64 `json:"outcomes"`
	FirstUsed instant                     `json:"first_used"`
	LastUsed  instant                     `json:"last_used"`
	UsualGap  int64                       `json:"usual_gap_seconds"` // 0: not known
	Series    []bucketJSON                `json:"series"`
	Keys      []keyUsesJSON               `json:"keys,omitempty"`
	Callers   []callerJSON                `json:"callers"`
	Beyond    map[keystore.Outcome]uint64 `json:"beyond"` // by callers who are not told apart
}

type bucketJSON struct {
	From     instant                     `json:"from"`
	To       instant                     `json:"to"`
	Known    bool                        `json:"known"`
	Watched  int64                       `json:"watched_seconds"`
	Outcomes map[keystore.Outcome]uint64 `json:"outcomes"`
}

type keyUsesJSON struct {
	ID       keystore.KeyID              `json:"id"`
	Key      string                      `json:"key"`
	Outcomes map[keystore.Outcome]uint64 `json:"outcomes"`
	LastUsed instant                     `json:"last_used"`
}

type callerJSON struct {
	IP       string                      `json:"ip"`
	Agent    string                      `json:"agent"`
	Route    string                      `json:"route"`
	Outcomes map[keystore.Outcome]uint64 `json:"outcomes"`
	First    instant                     `json:"first"`
	Last     instant                     `json:"last"`
}

func outcomes(c usage.Counts) map[keystore.Outcome]uint64 {
	out := map[keystore.Outcome]uint64{}
	for i, n := range c {
		if n > 0 {
			out[keystore.Outcomes[i]] = n
		}
	}
	return out
}

func (u uses) json(f usageFlags) usageJSON {
	r := u.report
	sum := r.Sum()
	j := usageJSON{
		Key: u.key, User: u.user, From: instant(r.From), To: instant(r.To),
		Uses: sum.OK() + sum.Denied(), Denied: sum.Denied(), Unproven: sum.Unproven(), Outcomes: outcomes(sum),
		FirstUsed: instant(r.Total.First.Time), LastUsed: instant(r.Total.Last.Time),
		UsualGap: int64(r.Rhythm().Usual.Seconds()),
		Callers:  callersJSON(atMost(told(r.Callers()), f.callers)), Beyond: outcomes(r.Beyond()),
	}
	for _, b := range u.series(f.by) {
		j.Series = append(j.Series, bucketJSON{instant(b.Start), instant(b.End), !b.Gap(), int64(b.Watched.Seconds()), outcomes(b.Counts)})
	}
	for _, k := range atMost(u.keys, f.callers) {
		j.Keys = append(j.Keys, keyUsesJSON{k.ID, k.Ref(), outcomes(k.Counts), instant(k.Uses.Last.Time)})
	}
	return j
}

// told returns those who are told apart.
func told(callers []usage.Caller) []usage.Caller {
	var out []usage.Caller
	for _, c := range callers {
		if !c.Beyond() {
			out = append(out, c)
		}
	}
	return out
}

func callersJSON(callers []usage.Caller) []callerJSON {
	out := make([]callerJSON, len(callers))
	for i, c := range callers {
		out[i] = callerJSON{c.IP.String(), c.Agent, c.Route, outcomes(c.Counts), instant(c.First), instant(c.Last)}
	}
	return out
}
