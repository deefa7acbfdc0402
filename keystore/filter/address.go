package filter

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// none is the value for "there is no such thing".
const none = "none"

// parsePrefix reads an address or a prefix; text says what is wrong.
func parsePrefix(value string) (p netip.Prefix, text string) {
	prefixes, _, err := iprule.Parse(value)
	switch {
	case err != nil:
		return p, err.Error()
	case len(prefixes) > 1:
		return p, "write an address or a prefix; a range is more than one"
	}
	return prefixes[0], ""
}

func compileAllow(value string) (matcher, string) {
	if strings.EqualFold(value, none) {
		return ofRules(func(r *iprule.Rules) bool { return len(r.Allow) == 0 }), ""
	}
	p, text := parsePrefix(value)
	if text != "" {
		return matcher{}, text
	}
	if p.IsSingleIP() {
		return ofRules(func(r *iprule.Rules) bool { return r.Allows(p.Addr()) }), ""
	}
	return ofRules(func(r *iprule.Rules) bool {
		return slices.ContainsFunc(r.Allow, func(e iprule.Entry) bool { return e.Prefix.Overlaps(p) })
	}), ""
}

func ofRules(is func(*iprule.Rules) bool) matcher {
	return matcher{in: func(r *run) test {
		return r.index.rules.ask(r.keys, func(v *keystore.KeyView) bool { return is(&v.Rules) })
	}}
}

func compileIP(value string) (matcher, string) {
	p, text := parsePrefix(value)
	if text != "" {
		return matcher{}, text
	}
	return matcher{in: func(r *run) test {
		return func(i int) bool {
			u := &r.keys[i].Uses
			return p.Contains(u.Last.IP.Unmap()) || p.Contains(u.LastDenied.IP.Unmap())
		}
	}}, ""
}
