package lint

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// callersSeen is what the accepted uses of a key tell of addresses.
type callersSeen struct {
	whatif.Evidence
	first, last time.Time
	sources     []netip.Prefix
}

// callers returns who used the key. Hosts of an IPv6 network change their
// addresses by themselves, so of these the network counts.
func (x *subject) callers(now time.Time) callersSeen {
	c := callersSeen{Evidence: x.seen.evidence(now)}
	for _, a := range c.Addresses {
		if a.OK == 0 {
			continue
		}
		c.sources = append(c.sources, prefixOf(a.IP, 32, 64))
		if c.first.IsZero() || a.First.Before(c.first) {
			c.first = a.First
		}
		if a.Last.After(c.last) {
			c.last = a.Last
		}
	}
	return c
}

// lacks says why the callers are too little to go by, or "".
func (c callersSeen) lacks(cfg Config) string {
	switch {
	case c.Uses() < cfg.EvidenceUses:
		return fmt.Sprintf("%s in %s; a proposal needs %d", plural(int(c.Uses()), "use", "uses"), days(window), cfg.EvidenceUses)
	case c.last.Sub(c.first) < cfg.EvidenceDays:
		return fmt.Sprintf("uses over %s; a proposal needs %s", days(c.last.Sub(c.first)), days(cfg.EvidenceDays))
	case c.Beyond > 0:
		return fmt.Sprintf("more callers than are told apart (%d uses)", c.Beyond)
	}
	return ""
}

// tightest returns the list with the fewest addresses that lets all callers in,
// with no more entries than help, none of them wider than is good.
func (c callersSeen) tightest(cfg Config) ([]netip.Prefix, bool) {
	cover := iprule.NewCover(c.sources, cfg.CoverEntries)
	for k := cover.Elbow(); k <= cover.Most(); k++ {
		if list := cover.With(k); len(list) > 0 && !slices.ContainsFunc(list, cfg.tooWide) {
			return list, true
		}
	}
	return nil, false
}

// propose proposes to let in nobody but the callers, with the replay.
func (x *subject) propose(s *scene, c callersSeen, otherwise string) (*Proposal, string) {
	if why := c.lacks(s.Config); why != "" {
		return advice(otherwise), fact("seen", "%s", why)
	}
	list, ok := c.tightest(s.Config)
	if !ok {
		return advice(otherwise), fact("too wide", "the callers are too far apart for %d entries", s.Config.CoverEntries)
	}
	rules := iprule.Rules{Deny: x.Rules.Deny}
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = p.String()
		rules.Allow = append(rules.Allow, iprule.Entry{Prefix: p})
	}
	replay := whatif.Rules(x.Rules, rules, c.Evidence).String()
	return &Proposal{
		Text:    "allow only " + strings.Join(words, " ") + "; it " + replay,
		Command: "pakdeck key edit " + x.ref + " --allow " + strings.Join(words, ","),
		Change:  x.edit(keystore.KeyEdit{Rules: &rules}),
	}, fact("replay", "%s", replay)
}

func unrestricted(s *scene, x *subject) []hit {
	if !x.usable || len(x.Rules.Allow) > 0 {
		return nil
	}
	const otherwise = "list the addresses its clients come from, with --add-allow"
	h := hit{
		severity: x.byAdmin(Error), text: "any address may use it",
		evidence: []string{x.listFact(iprule.Allow), x.listFact(iprule.Deny), x.lastUse()}, fix: advice(otherwise),
	}
	if x.seen != nil {
		c, why := x.callers(s.Now), ""
		h.fix, why = x.propose(s, c, otherwise)
		h.evidence = append(h.evidence, c.fact(), why)
	}
	return one(h)
}

// fact tells the callers, those with the most uses first.
func (c callersSeen) fact() string {
	const shown = 5
	list := slices.DeleteFunc(slices.Clone(c.Addresses), func(a whatif.Address) bool { return a.OK == 0 })
	if len(list) == 0 {
		return fact("callers", "none in %s", days(window))
	}
	slices.SortStableFunc(list, func(a, b whatif.Address) int { return int(min(b.OK, 1<<31)) - int(min(a.OK, 1<<31)) })
	var words []string
	for _, a := range list[:min(shown, len(list))] {
		words = append(words, fmt.Sprintf("%s (%s)", a.IP, whatif.Grouped(a.OK)))
	}
	if more := len(list) - shown; more > 0 {
		words = append(words, fmt.Sprintf("and %d more", more))
	}
	return fact("callers", "%s", strings.Join(words, " "))
}

// generous is how many more addresses than were seen make it a warning.
const generous = 1 << 16

func widerThanUse(s *scene, x *subject) []hit {
	if !x.usable || x.seen == nil || iprule.Room(prefixes(x.Rules.Allow)) <= s.Config.WiderThanUse {
		return nil // no list, or one too small to be too wide
	}
	c := x.callers(s.Now)
	if len(c.sources) == 0 || c.lacks(s.Config) != "" {
		return nil
	}
	list, ok := c.tightest(s.Config)
	allowed := iprule.Room(prefixes(x.Rules.Simplify().Allow))
	needed := iprule.Room(list)
	if !ok || needed*s.Config.WiderThanUse >= allowed {
		return nil
	}
	fix, replay := x.propose(s, c, "narrow the list")
	h := hit{
		text:     fmt.Sprintf("lets in %s times as many addresses as its callers need", whatif.Grouped(uint64(allowed/needed))),
		evidence: []string{x.listFact(iprule.Allow), c.fact(), replay}, fix: fix,
	}
	if allowed-needed > generous {
		h.severity = Warning
	}
	return one(h)
}

func prefixes(list []iprule.Entry) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, e := range list {
		out[i] = e.Prefix
	}
	return out
}

// tooWide reports whether an entry is wider than one organisation's network.
func (c Config) tooWide(p netip.Prefix) bool { return p.Bits() < c.widest(p) && !isPrivate(p) }

// widest returns the bits of the widest entry of a family that is good.
func (c Config) widest(p netip.Prefix) int {
	if p.Addr().Is4() {
		return c.WidestV4
	}
	return c.WidestV6
}
