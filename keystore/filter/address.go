package filter

import (
	"encoding/binary"
	"math"
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
	first, last := firstV6, int64(math.MaxInt64)
	if p.Addr().Is4() {
		first = addressNumber(p.Addr())
		last = first | (1<<(32-p.Bits()) - 1)
	}
	return matcher{in: func(r *run) test {
		return func(i int) bool {
			of, refused := r.index.callers[i], r.index.refused[i]
			if (of < first || of > last) && (refused < first || refused > last) {
				return false
			}
			u := &r.keys[i].Uses
			return p.Addr().Is4() || p.Contains(u.Last.IP.Unmap()) || p.Contains(u.LastDenied.IP.Unmap())
		}
	}}, ""
}

// firstV6 is the least number of an IPv6 address.
const firstV6 = int64(1) << 32

// addressNumber returns -1 for no address, the number of an IPv4 address, and for
// IPv6 one that is greater than those: its first eight bytes, which is a network
// and enough for an order.
func addressNumber(a netip.Addr) int64 {
	a = a.Unmap()
	switch {
	case !a.IsValid():
		return -1
	case a.Is4():
		b := a.As4()
		return int64(binary.BigEndian.Uint32(b[:]))
	}
	b := a.As16()
	return max(firstV6, int64(binary.BigEndian.Uint64(b[:8])>>1))
}
