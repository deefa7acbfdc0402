package lint

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// privateUse are the ranges of networks that are not on the internet
// (RFC 1918, 6598, 4193). Strangers are not in them however wide they are.
var privateUse = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("fc00::/7"),
}

func isPrivate(p netip.Prefix) bool {
	return slices.ContainsFunc(privateUse, func(q netip.Prefix) bool { return q.Bits() <= p.Bits() && q.Contains(p.Addr()) })
}

// unmap returns the IPv4 prefix that a mapped one stands for.
func unmap(p netip.Prefix) netip.Prefix {
	if a := p.Addr(); a.Is4In6() && p.Bits() >= 96 {
		return netip.PrefixFrom(a.Unmap(), p.Bits()-96).Masked()
	}
	return p.Masked()
}

func tooWide(s *scene, x *subject) (hits []hit) {
	if !x.usable {
		return nil
	}
	for i, e := range x.Rules.Allow {
		p := unmap(e.Prefix)
		if !p.IsValid() || p.Bits() == 0 || !s.Config.tooWide(p) {
			continue
		}
		hits = append(hits, hit{
			text:     fmt.Sprintf("%s %v is wider than /%d", iprule.Allow.Label(i), p, s.Config.widest(p)),
			evidence: []string{fact("allow", "%v", p), x.lastUse()},
			fix:      advice("replace the entry by the networks its clients come from"),
			mark:     p.String(),
		})
	}
	return hits
}

// listed returns a hit for each problem of the address rules that is meant.
func (x *subject) listed(meant func(iprule.Problem) bool, fix func(iprule.Problem) *Proposal) (hits []hit) {
	for _, p := range x.problems {
		if !meant(p) {
			continue
		}
		h := hit{text: p.Text, fix: fix(p), mark: string(p.Code) + " " + string(p.List)}
		if p.Index >= 0 {
			h.mark += " " + x.Rules.Entries(p.List)[p.Index].Prefix.String()
		}
		h.evidence = x.entryFacts(p)
		hits = append(hits, h)
	}
	return numbered(hits)
}

func is(codes ...iprule.Code) func(iprule.Problem) bool {
	return func(p iprule.Problem) bool { return slices.Contains(codes, p.Code) }
}

// entryFacts returns the entries that a problem is about; both lists if it is
// about one as a whole.
func (x *subject) entryFacts(p iprule.Problem) []string {
	if p.Index < 0 {
		return []string{x.listFact(iprule.Allow), x.listFact(iprule.Deny)}
	}
	out := []string{fact(string(p.List), "%s", x.Rules.Entries(p.List)[p.Index].Prefix)}
	if p.Other >= 0 {
		out = append(out, fact(string(p.OtherList), "%s", x.Rules.Entries(p.OtherList)[p.Other].Prefix))
	}
	return out
}

// listFact returns the first entries of a list.
func (x *subject) listFact(l iprule.List) string {
	const shown = 8
	entries := x.Rules.Entries(l)
	if len(entries) == 0 {
		return fact(string(l), "no entries")
	}
	var words []string
	for _, e := range entries[:min(len(entries), shown)] {
		words = append(words, e.Prefix.String())
	}
	if more := len(entries) - shown; more > 0 {
		words = append(words, fmt.Sprintf("and %d more", more))
	}
	return fact(string(l), "%s", strings.Join(words, " "))
}

// numbered tells apart hits on entries that are the same.
func numbered(hits []hit) []hit {
	seen := map[string]int{}
	for i, h := range hits {
		if n := seen[h.mark]; n > 0 {
			hits[i].mark += fmt.Sprintf(" %d", n+1)
		}
		seen[h.mark]++
	}
	return hits
}

func (x *subject) simpler(p iprule.Problem) *Proposal { return x.simplify(p.List) }

func advise(text string) func(iprule.Problem) *Proposal {
	return func(iprule.Problem) *Proposal { return advice(text) }
}

func allowsAll(_ *scene, x *subject) []hit {
	return x.listed(func(p iprule.Problem) bool {
		return p.Code == iprule.CodeAllCovering && p.List == iprule.Allow
	}, advise("list the networks that are meant, or empty the list on purpose"))
}

func shadowed(_ *scene, x *subject) []hit { return x.listed(is(iprule.CodeDead), x.simpler) }

func nothingAllowed(_ *scene, x *subject) []hit {
	return x.listed(func(p iprule.Problem) bool {
		return p.Code == iprule.CodeEmpty || p.Code == iprule.CodeAllCovering && p.List == iprule.Deny
	}, advise("correct the lists, or disable the key"))
}

func redundant(_ *scene, x *subject) []hit {
	return x.listed(is(iprule.CodeRedundant, iprule.CodeDuplicate), x.simpler)
}

func mergeable(_ *scene, x *subject) []hit { return x.listed(is(iprule.CodeMergeable), x.simpler) }

func hostBits(_ *scene, x *subject) []hit { return x.listed(is(iprule.CodeHostBits), x.simpler) }

func mappedEntry(_ *scene, x *subject) []hit {
	return x.listed(is(iprule.CodeMapped, iprule.CodeNAT64), func(p iprule.Problem) *Proposal {
		if x.Rules.Entries(p.List)[p.Index].Prefix.Addr().Is4In6() {
			return x.simplify(p.List)
		}
		return advice("write the IPv4 prefix that is meant")
	})
}

func specialUse(_ *scene, x *subject) []hit {
	return x.listed(is(iprule.CodeSpecialUse), advise("replace the entry by the address that was meant"))
}

func denyOnly(_ *scene, x *subject) []hit {
	return x.listed(is(iprule.CodeDenyOnly), advise("list who may use the key instead, with --add-allow"))
}

func longList(s *scene, x *subject) (hits []hit) {
	if !x.usable {
		return nil
	}
	for _, l := range []iprule.List{iprule.Allow, iprule.Deny} {
		n := len(x.Rules.Entries(l))
		if n <= s.Config.MostEntries {
			continue
		}
		h := hit{
			text:     fmt.Sprintf("the %s list has %d entries; at most %d", l, n, s.Config.MostEntries),
			evidence: []string{fact(string(l), "%d entries", n)}, mark: string(l),
			fix: advice("merge entries, or split the key"),
		}
		if len(x.Rules.Simplify().Entries(l)) <= s.Config.MostEntries {
			h.fix = x.simplify(l)
		}
		hits = append(hits, h)
	}
	return hits
}
