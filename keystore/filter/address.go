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
		return func(v *keystore.KeyView, _ moment) bool { return len(v.Rules.Allow) == 0 }, ""
	}
	p, text := parsePrefix(value)
	if text != "" {
		return nil, text
	}
	if p.IsSingleIP() {
		return func(v *keystore.KeyView, _ moment) bool { return v.Rules.Decide(p.Addr()).Allowed }, ""
	}
	return func(v *keystore.KeyView, _ moment) bool {
		return slices.ContainsFunc(v.Rules.Allow, func(e iprule.Entry) bool { return e.Prefix.Overlaps(p) })
	}, ""
}

func compileIP(value string) (matcher, string) {
	p, text := parsePrefix(value)
	if text != "" {
		return nil, text
	}
	return func(v *keystore.KeyView, _ moment) bool {
		return p.Contains(v.Uses.Last.IP.Unmap()) || p.Contains(v.Uses.LastDenied.IP.Unmap())
	}, ""
}
