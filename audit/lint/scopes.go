package lint

import (
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

// demandsOf returns the scopes that uses of a key needed, nil if nothing is known.
func (sc *scene) demandsOf(k *keystore.Key) *usage.Demands {
	var parts []usage.Demands
	for i := range k.Secrets {
		if d, ok := sc.Demands[k.Secrets[i].ID]; ok {
			parts = append(parts, d)
		}
	}
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return &parts[0]
	}
	sum := usage.Join(parts...)
	return &sum
}

// needed returns the scopes that were needed since a time, and false if that is
// not known for all of it.
func (x *subject) needed(since time.Time) ([]keystore.Scope, bool) {
	if x.demands == nil || x.demands.More || x.demands.Since.After(since) {
		return nil, false
	}
	return x.demands.After(since), true
}

func joined(list []keystore.Scope) string {
	return strings.Join(texts(list, func(s keystore.Scope) string { return string(s) }), " ")
}

func unscoped(s *scene, x *subject) []hit {
	if !x.usable || len(x.Scopes) > 0 && !slices.Contains(x.Scopes, keystore.AnyScope) {
		return nil
	}
	h := hit{
		severity: x.byAdmin(Error), text: "may do all that its owner may",
		evidence: []string{x.scopeFact()},
		fix:      advice("name what the key is for, with --scope"),
	}
	// What the key needs is known if it was asked for long enough, often enough.
	_, known := x.needed(s.Now.Add(-s.Config.EvidenceDays))
	if known && x.seen != nil && x.seen.OK() >= s.Config.EvidenceUses {
		list := x.demands.After(s.Now.Add(-window))
		h.evidence = append(h.evidence, fact("needed", "%s, since %s", joined(list), x.demands.Since.Format(time.DateOnly)))
		h.fix = x.scopesOnly(list)
	}
	return one(h)
}

// scopesOnly proposes the scopes that were needed.
func (x *subject) scopesOnly(list []keystore.Scope) *Proposal {
	if len(list) == 0 {
		return advice("name what the key is for, with --scope; its uses needed no scope")
	}
	return &Proposal{
		Text:    "let it do only what its uses needed: " + joined(list),
		Command: "pakdeck key edit " + x.ref + flags(" --scope ", list), Change: x.edit(keystore.KeyEdit{Scopes: &list}),
	}
}

func flags(flag string, list []keystore.Scope) string {
	out := ""
	for _, s := range list {
		out += flag + quote.Shell(string(s))
	}
	return out
}

func unusedScopes(s *scene, x *subject) []hit {
	if !x.usable || len(x.Scopes) == 0 {
		return nil
	}
	needed, known := x.needed(s.Now.Add(-s.Config.UnusedScope))
	if !known || len(needed) == 0 {
		return nil
	}
	var rest, unused []keystore.Scope
	for _, scope := range x.Scopes {
		if slices.ContainsFunc(needed, scope.Covers) {
			rest = append(rest, scope)
		} else {
			unused = append(unused, scope)
		}
	}
	if len(unused) == 0 {
		return nil
	}
	h := hit{
		text:     "no use needed " + joined(unused) + " for " + days(s.Config.UnusedScope),
		evidence: []string{x.scopeFact(), fact("needed", "%s", joined(needed)), x.lastUse()},
		fix:      advice("name what the key is for, with --scope"), // without a scope it might do all
	}
	if len(rest) > 0 {
		h.fix = &Proposal{
			Text:    "take " + joined(unused) + " from it",
			Command: "pakdeck key edit " + x.ref + flags(" --remove-scope ", unused), Change: x.edit(keystore.KeyEdit{Scopes: &rest}),
		}
	}
	return one(h)
}
