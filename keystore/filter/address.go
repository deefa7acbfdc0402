package filter

import (
	"net/netip"
	"slices"
	"strings"

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
		return matcher{is: func(x *subject) bool { return len(x.key.Rules.Allow) == 0 }}, ""
	}
	p, text := parsePrefix(value)
	if text != "" {
		return matcher{}, text
	}
	if p.IsSingleIP() {
		return matcher{is: func(x *subject) bool { return x.key.Rules.Allows(p.Addr()) }}, ""
	}
	return matcher{is: func(x *subject) bool {
		return slices.ContainsFunc(x.key.Rules.Allow, func(e iprule.Entry) bool { return e.Prefix.Overlaps(p) })
	}}, ""
}

func compileIP(value string) (matcher, string) {
	p, text := parsePrefix(value)
	if text != "" {
		return matcher{}, text
	}
	return matcher{is: func(x *subject) bool {
		return p.Contains(x.key.Uses.Last.IP.Unmap()) || p.Contains(x.key.Uses.LastDenied.IP.Unmap())
	}}, ""
}
