package lint

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// families returns which address families the allow list lets in.
func (x *subject) families() (v4, v6 bool) {
	for _, e := range x.Rules.Allow {
		if p := unmap(e.Prefix); p.Addr().Is4() {
			v4 = true
		} else {
			v6 = true
		}
	}
	return v4, v6
}

func familyMissing(s *scene, x *subject) []hit {
	if !x.usable || x.seen == nil || len(x.Rules.Allow) == 0 {
		return nil
	}
	v4, v6 := x.families()
	var refused []Seen
	for i := range x.seen.Seen {
		c := x.seen.Seen[i]
		missing := c.IP.Is4() && !v4 || c.IP.Is6() && !v6
		if c.IP.IsValid() && missing && c.Counts.Of(keystore.IPDenied) > 0 && s.Now.Sub(c.Last) <= week {
			refused = append(refused, c)
		}
	}
	if len(refused) == 0 {
		return nil
	}
	has, lacks := "IPv4", "IPv6"
	if !v4 {
		has, lacks = lacks, has
	}
	return one(hit{
		text:     "lists " + has + " alone, but was refused to callers with " + lacks,
		evidence: []string{x.listFact(iprule.Allow), fact("refused", "%s", hosts(refused, 8))},
		fix:      advice("add their " + lacks + " networks if these are its clients, with --add-allow"),
	})
}

// frontUnknown finds lists and callers on different sides of a proxy: private
// entries and public callers, or the other way round.
func frontUnknown(s *scene, x *subject) []hit {
	if !x.usable || x.seen == nil || len(x.Rules.Allow) == 0 {
		return nil
	}
	private := isPrivate(unmap(x.Rules.Allow[0].Prefix))
	for _, e := range x.Rules.Allow {
		if isPrivate(unmap(e.Prefix)) != private {
			return nil
		}
	}
	var callers []Seen
	for _, c := range x.seen.Seen {
		if !c.IP.IsValid() || c.Counts.OK()+c.Counts.Of(keystore.IPDenied) == 0 {
			continue
		}
		if isPrivate(netip.PrefixFrom(c.IP.Unmap().WithZone(""), c.IP.Unmap().BitLen())) == private {
			return nil
		}
		callers = append(callers, c)
	}
	if len(callers) == 0 {
		return nil
	}
	text := "lists private networks, but all its callers are public"
	if !private {
		text = "lists public networks, but all its callers are private: is the proxy trusted?"
	}
	return one(hit{
		text: text, evidence: []string{x.listFact(iprule.Allow), fact("callers", "%s", hosts(callers, 8))},
		fix: advice("name the proxy with pakdeck serve --trusted-proxy, or correct the list"),
	})
}

func staleEntries(s *scene, x *subject) []hit {
	if !x.usable || x.seen == nil || x.seen.Beyond > 0 || len(x.Rules.Allow) < 2 || x.seen.OK() < s.Config.StaleUses {
		return nil
	}
	var kept, stale []iprule.Entry
	for _, e := range x.Rules.Allow {
		p := unmap(e.Prefix)
		if !p.IsValid() || slices.ContainsFunc(x.seen.Seen, func(c Seen) bool { return p.Contains(c.IP.Unmap().WithZone("")) }) {
			kept = append(kept, e)
		} else {
			stale = append(stale, e)
		}
	}
	if len(stale) == 0 || len(kept) == 0 {
		return nil
	}
	names := strings.Join(texts(stale, func(e iprule.Entry) string { return e.Prefix.String() }), " ")
	rules := iprule.Rules{Allow: kept, Deny: x.Rules.Deny}
	h := hit{
		text:     plural(len(stale), "entry", "entries") + " that nobody has used in " + days(memory) + ": " + names,
		evidence: []string{x.listFact(iprule.Allow), fact("uses", "%d in %s, none from there", x.seen.OK(), days(window))},
		fix:      &Proposal{Text: "take " + names + " out of the allow list", Change: x.edit(keystore.KeyEdit{Rules: &rules})},
	}
	h.fix.Command = "pakdeck key edit " + x.ref
	for _, e := range stale {
		h.fix.Command += " --remove-allow " + e.Prefix.String()
	}
	return one(h)
}

// proxyAllowed finds entries that let a proxy in which verifiers believe: all of
// it, or, as a warning, a part of a prefix that they believe.
func proxyAllowed(s *scene, x *subject) (hits []hit) {
	if !x.usable || len(s.Store.Proxies) == 0 {
		return nil
	}
	for _, e := range x.Rules.Allow {
		i := slices.IndexFunc(s.Store.Proxies, e.Prefix.Overlaps)
		if i < 0 || e.Prefix.Bits() == 0 {
			continue // PAK202 tells of what allows all
		}
		proxy := s.Store.Proxies[i]
		h := hit{
			text:     fmt.Sprintf("allow %s lets in the proxy %s", e.Prefix, proxy),
			evidence: []string{fact("allow", "%s", e.Prefix), fact("proxy", "%s, believed by a verifier", proxy)},
			fix:      advice("allow the addresses of the clients behind the proxy, not its own"), mark: e.Prefix.String(),
		}
		if e.Prefix.Bits() > proxy.Bits() {
			h.text, h.severity = fmt.Sprintf("allow %s lies in %s, all of which is believed as a proxy", e.Prefix, proxy), Warning
			h.fix = advice("name the proxy's own address to the verifier, with --trusted-proxy")
		}
		hits = append(hits, h)
	}
	return numbered(hits)
}
