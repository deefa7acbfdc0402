package lint

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// week is how far back the rules on shared keys look.
const week = 7 * day

// usedBy returns who used a key since, nil if that cannot be more than so many.
func (x *subject) usedBy(since time.Time, most int) []Seen {
	if !x.usable || x.seen == nil || len(x.seen.Seen) <= most {
		return nil
	}
	return x.seen.since(since)
}

// networks returns the networks of callers, if they are of more than one
// provider.
func networks(list []Seen) []netip.Prefix {
	if len(distinct(list, func(c Seen) netip.Prefix { return regionOf(c.IP) })) < 2 {
		return nil
	}
	return distinct(list, func(c Seen) netip.Prefix { return netOf(c.IP) })
}

func sharedNetworks(s *scene, x *subject) []hit {
	list := x.usedBy(s.Now.Add(-week), s.Config.SharedNetworks)
	nets := networks(list)
	if len(nets) <= s.Config.SharedNetworks {
		return nil
	}
	return one(hit{
		text:     fmt.Sprintf("used from %d networks in a week", len(nets)),
		evidence: []string{fact("networks", "%s", some(nets, 8)), x.lastUse()},
		fix:      advice("give each place a key of its own"),
	})
}

func some[T fmt.Stringer](list []T, most int) string {
	words := texts(list[:min(most, len(list))], T.String)
	if more := len(list) - most; more > 0 {
		words = append(words, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(words, " ")
}

func sharedAgents(s *scene, x *subject) []hit {
	list := x.usedBy(s.Now.Add(-week), s.Config.SharedAgents)
	agents := distinct(list, func(c Seen) string { return c.Agent })
	agents = slices.DeleteFunc(agents, func(a string) bool { return a == "" || a == "*" })
	if len(agents) <= s.Config.SharedAgents {
		return nil
	}
	slices.Sort(agents)
	h := hit{
		text:     fmt.Sprintf("used by %d kinds of programs in a week", len(agents)),
		evidence: []string{fact("agents", "%s", redact(x.prefix, strings.Join(agents[:min(8, len(agents))], ", "))), x.lastUse()},
		fix:      advice("give each program a key of its own"),
	}
	if len(networks(list)) > s.Config.SharedNetworks {
		h.severity = Warning
	}
	return one(h)
}

func newNetwork(s *scene, x *subject) []hit {
	if !x.usable || len(x.Rules.Allow) > 0 || x.seen == nil {
		return nil
	}
	since := s.Now.Add(-day)
	if !slices.ContainsFunc(x.seen.Seen, func(c Seen) bool { return !c.First.Before(since) }) {
		return nil // as with most keys
	}
	known := map[netip.Prefix]bool{}
	for _, c := range x.seen.Seen {
		if c.First.Before(since) {
			known[netOf(c.IP)] = true
		}
	}
	fresh := slices.DeleteFunc(x.seen.since(since), func(c Seen) bool { return known[netOf(c.IP)] || !c.IP.IsValid() })
	if len(fresh) == 0 || len(known) == 0 {
		return nil
	}
	return one(hit{
		text:     "used for the first time from " + some(distinct(fresh, func(c Seen) netip.Prefix { return netOf(c.IP) }), 3),
		evidence: []string{fact("new", "%s", hosts(fresh, 8)), fact("known", "%s", plural(len(known), "network", "networks"))},
		fix:      advice("ask its owner whether that is them; if not, rotate the key"),
	})
}

func deniedBurst(s *scene, x *subject) []hit {
	if x.seen == nil || x.seen.Worst.N <= s.Config.DeniedBurst || !x.Revoked.IsZero() {
		return nil
	}
	w := x.seen.Worst
	return one(hit{
		text:     fmt.Sprintf("refused %d times within an hour: %s", w.N, w.Outcome),
		evidence: []string{fact("from", "%s", instant(w.Start)), fact("callers", "%s", x.refusedHosts(w.Outcome, s.Now))},
		fix:      advice("find out what those callers do; correct the client, or the key's rules"),
	})
}

// refusedHosts names who was refused for a reason in the last day.
func (x *subject) refusedHosts(o keystore.Outcome, now time.Time) string {
	var list []Seen
	for _, c := range x.seen.Seen {
		if c.Counts.Of(o) > 0 && now.Sub(c.Last) <= day {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return "not told apart"
	}
	return hosts(list, 8)
}

func successAfterFailures(s *scene, x *subject) (hits []hit) {
	if !x.usable || x.seen == nil {
		return nil
	}
	var wrong map[netip.Prefix]Seen
	for i := range x.seen.Seen {
		c := &x.seen.Seen[i]
		if c.Counts.Of(keystore.WrongSecret) <= s.Config.WrongSecrets || s.Now.Sub(c.Last) > day {
			continue
		}
		if wrong == nil {
			wrong = map[netip.Prefix]Seen{}
		}
		wrong[netOf(c.IP)] = *c
	}
	if wrong == nil {
		return nil
	}
	for _, c := range x.seen.since(s.Now.Add(-day)) {
		w, ok := wrong[netOf(c.IP)]
		if !ok || c.Last.Before(w.First) {
			continue
		}
		delete(wrong, netOf(c.IP))
		hits = append(hits, hit{
			text: fmt.Sprintf("used from %s after %d attempts with a wrong secret from there", c.IP, w.Counts.Of(keystore.WrongSecret)),
			mark: netOf(c.IP).String(),
			evidence: []string{
				fact("attempts", "%s to %s", instant(w.First), instant(w.Last)), fact("used", "%s from %s", instant(c.Last), c.IP),
			},
			fix: advice("rotate the key now, unless its owner mistyped it"),
		})
	}
	return hits
}

func retiredTried(s *scene, x *subject) (hits []hit) {
	if s.Activity == nil {
		return nil
	}
	now := s.Now
	dead := !x.Revoked.IsZero() || !x.Expires.IsZero() && !now.Before(x.Expires)
	for _, secret := range x.Secrets {
		if !dead && secret.StateAt(now) != keystore.Retired {
			continue
		}
		var list []Seen
		for _, c := range s.activityOfSecret(secret.ID).Seen {
			if c.Counts.Of(keystore.Revoked)+c.Counts.Of(keystore.Expired) > 0 && now.Sub(c.Last) <= day {
				list = append(list, c)
			}
		}
		if len(list) == 0 {
			continue
		}
		h := hit{
			text: "still tried, although it no longer works, by " + hosts(list, 3), mark: secret.ID.String(),
			evidence: []string{fact("secret", "%s", secret.ID), fact("callers", "%s", hosts(list, 8))},
			fix:      advice("find these clients and give them the new key, or stop them"),
		}
		if len(distinct(list, func(c Seen) netip.Addr { return c.IP })) == 1 {
			h.severity = Info
		}
		hits = append(hits, h)
	}
	return hits
}

func keyInURL(s *scene, x *subject) []hit {
	if x.seen == nil || x.seen.InURL == 0 || !x.Revoked.IsZero() {
		return nil
	}
	return one(hit{
		text:     fmt.Sprintf("%s had a key string in the URL", plural(int(x.seen.InURL), "request", "requests")),
		evidence: []string{fact("last", "%s", instant(x.seen.LastInURL)), x.lastUse()},
		fix:      advice("let the client send the key in a header, then rotate it: it is in the logs of every proxy"),
	})
}
