package iprule

import "net/netip"

// specialUse are ranges in which no client on a network has its address. The
// ranges of private networks are not among them.
var specialUse = []struct {
	prefix netip.Prefix
	why    string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "is no client's address (RFC 1122)"},
	{netip.MustParsePrefix("127.0.0.0/8"), "is loopback: only programs on the same machine have it (RFC 1122)"},
	{netip.MustParsePrefix("169.254.0.0/16"), "is link-local: only machines on the same wire have it (RFC 3927)"},
	{netip.MustParsePrefix("192.0.2.0/24"), "is for examples in documents (TEST-NET-1, RFC 5737)"},
	{netip.MustParsePrefix("198.18.0.0/15"), "is for benchmarks (RFC 2544)"},
	{netip.MustParsePrefix("198.51.100.0/24"), "is for examples in documents (TEST-NET-2, RFC 5737)"},
	{netip.MustParsePrefix("203.0.113.0/24"), "is for examples in documents (TEST-NET-3, RFC 5737)"},
	{netip.MustParsePrefix("224.0.0.0/4"), "is multicast: no client has it (RFC 5771)"},
	{netip.MustParsePrefix("240.0.0.0/4"), "is reserved: no client has it (RFC 1112)"},
	{netip.MustParsePrefix("::/128"), "is no client's address (RFC 4291)"},
	{netip.MustParsePrefix("::1/128"), "is loopback: only programs on the same machine have it (RFC 4291)"},
	{netip.MustParsePrefix("100::/64"), "is discarded by routers (RFC 6666)"},
	{netip.MustParsePrefix("2001:db8::/32"), "is for examples in documents (RFC 3849)"},
	{netip.MustParsePrefix("3fff::/20"), "is for examples in documents (RFC 9637)"},
	{netip.MustParsePrefix("fe80::/10"), "is link-local: only machines on the same wire have it (RFC 4291)"},
	{netip.MustParsePrefix("ff00::/8"), "is multicast: no client has it (RFC 4291)"},
}

var (
	nat64    = netip.MustParsePrefix("64:ff9b::/96")
	mapped   = netip.PrefixFrom(netip.MustParseAddr("::ffff:0:0"), mappedBits)
	nat64Low = nat64.Bits() / 8 // where the IPv4 address begins (RFC 6052 section 2.2)
)

// checkSpecial warns of entries that look useful and match no client.
func (c *checker) checkSpecial(l *list, i int) {
	p := l.prefixes[i]
	switch {
	case inside(p, nat64):
		c.add(CodeNAT64, LevelWarning, l, i, "%s is NAT64: such clients arrive with their own address, write %v if that is meant",
			l.label(i), fromNAT64(p))
	case inside(mapped, p):
		c.add(CodeMapped, LevelWarning, l, i, "%s does not include IPv4: add the IPv4 prefixes that are meant", l.label(i))
	case l.name == Allow:
		c.checkSpecialUse(l, i, p)
	}
}

func (c *checker) checkSpecialUse(l *list, i int, p netip.Prefix) {
	for _, s := range specialUse {
		if inside(p, s.prefix) {
			c.add(CodeSpecialUse, LevelWarning, l, i, "%s %s", l.label(i), s.why)
		}
	}
}

// fromNAT64 returns the IPv4 prefix that p, inside 64:ff9b::/96, stands for.
func fromNAT64(p netip.Prefix) netip.Prefix {
	b := p.Addr().As16()
	return netip.PrefixFrom(netip.AddrFrom4([4]byte(b[nat64Low:])), p.Bits()-nat64.Bits())
}
