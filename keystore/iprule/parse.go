package iprule

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"go4.org/netipx"
)

// Hint tells in words what [Parse] normalised: "host bits set: 10.0.0.9/8 is
// 10.0.0.0/8". It is empty if there was nothing to tell.
type Hint string

// MaxRange is the number of prefixes that one range may expand to.
const MaxRange = 100

// Parse reads one item: an address (192.0.2.1), a prefix (192.0.2.0/24) or a
// range (192.0.2.10-192.0.2.40), IPv4 or IPv6. Surrounding blanks do not count.
//
// The prefixes are masked, sorted, IPv4 where the input is IPv4-mapped, and
// none covers a whole address family. A range becomes the fewest prefixes that
// cover it exactly, at most [MaxRange].
//
// The error is a [*ParseError]: it quotes the input and says what to write.
func Parse(s string) ([]netip.Prefix, Hint, error) {
	prefixes, hint, err := parse(s)
	if err != nil {
		return nil, "", err
	}
	for _, p := range prefixes {
		if p.Bits() == 0 {
			return nil, "", refuse(s, "covers every "+familyOf(p)+" address",
				"an empty allow list already means any address")
		}
	}
	return prefixes, hint, nil
}

// parse is Parse without the judgement on what is covered.
func parse(s string) ([]netip.Prefix, Hint, error) {
	s = strings.TrimSpace(s)
	if from, to, ok := cutRange(s); ok {
		return parseRange(s, from, to)
	}
	if addr, bits, ok := strings.Cut(s, "/"); ok && !strings.Contains(s, "://") {
		return parsePrefix(s, addr, bits)
	}
	a, err := parseAddr(s, s)
	if err != nil {
		return nil, "", err
	}
	u := a.Unmap()
	return []netip.Prefix{netip.PrefixFrom(u, u.BitLen())}, mappedHint(a, s, u), nil
}

// cutRange splits a range at its hyphen or dash. A hyphen between two things
// that are both no address is left alone: it may be part of a host name.
func cutRange(s string) (from, to string, ok bool) {
	from, to, ok = strings.Cut(strings.Replace(s, "–", "-", 1), "-")
	from, to = strings.TrimSpace(from), strings.TrimSpace(to)
	return from, to, ok && (isAddr(from) || isAddr(to))
}

func isAddr(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

// parseAddr reads part, an address within item; the error quotes all of item.
func parseAddr(item, part string) (netip.Addr, error) {
	a, err := netip.ParseAddr(part)
	if err != nil || a.Zone() != "" {
		reason, fix := diagnose(part)
		return netip.Addr{}, refuse(item, reason, fix)
	}
	return a, nil
}

func mappedHint(a netip.Addr, before string, after fmt.Stringer) Hint {
	if !a.Is4In6() {
		return ""
	}
	return Hint(fmt.Sprintf("IPv4-mapped: %s is %s", before, after))
}

func parsePrefix(item, addr, bits string) ([]netip.Prefix, Hint, error) {
	a, err := parseAddr(item, addr)
	if err != nil {
		return nil, "", err
	}
	n, err := parseBits(item, a, bits)
	if err != nil {
		return nil, "", err
	}
	hint := Hint("")
	if a.Is4In6() {
		a, n = a.Unmap(), n-mappedBits
		hint = Hint(fmt.Sprintf("IPv4-mapped: %s is %v", item, netip.PrefixFrom(a, n)))
	}
	p := netip.PrefixFrom(a, n)
	if p != p.Masked() {
		hint = hint.and(fmt.Sprintf("host bits set: %v is %v", p, p.Masked()))
	}
	return []netip.Prefix{p.Masked()}, hint, nil
}

// parseBits reads the length of a prefix of a.
func parseBits(item string, a netip.Addr, s string) (int, error) {
	if n, ok := maskBits(s); ok && a.Is4() {
		return 0, refuse(item, "has a mask in place of a length", "write "+netip.PrefixFrom(a, n).Masked().String())
	}
	n, err := strconv.ParseUint(s, 10, 16)
	plain := err == nil && s == strconv.FormatUint(n, 10)
	switch bits := int(n); {
	case !plain || bits > a.BitLen():
		return 0, refuse(item, "has no valid prefix length",
			fmt.Sprintf("%s lengths go from 1 to %d, as in %v/%d", family(a), a.BitLen(), a, a.BitLen()))
	case a.Is4In6() && bits < mappedBits:
		return 0, refuse(item, "is an IPv4-mapped prefix with a length below 96",
			fmt.Sprintf("write %v with an IPv4 length, as in %[1]v/32", a.Unmap()))
	default:
		return bits, nil
	}
}

func parseRange(item, from, to string) ([]netip.Prefix, Hint, error) {
	if full, ok := lastOctet(from, to); ok {
		return nil, "", refuse(item, "is a shortened range", "write "+from+"-"+full)
	}
	if strings.Contains(item, "/") {
		return nil, "", refuse(item, "is a range with a prefix in it", "write its first and last address, or the prefix alone")
	}
	a, err := parseAddr(item, from)
	if err != nil {
		return nil, "", err
	}
	b, err := parseAddr(item, to)
	if err != nil {
		return nil, "", err
	}
	hint := mappedHint(a, from, a.Unmap()).and(string(mappedHint(b, to, b.Unmap())))
	return expand(item, a.Unmap(), b.Unmap(), hint)
}

// expand turns a range of addresses into prefixes.
func expand(item string, a, b netip.Addr, hint Hint) ([]netip.Prefix, Hint, error) {
	if a.Is4() != b.Is4() {
		return nil, "", refuse(item, "begins with "+family(a)+" and ends with "+family(b), "write one range for each")
	}
	if b.Less(a) {
		return nil, "", refuse(item, "ends before it begins", fmt.Sprintf("write %v-%v", b, a))
	}
	prefixes := netipx.IPRangeFrom(a, b).Prefixes()
	switch n := len(prefixes); {
	case n > MaxRange:
		return nil, "", refuse(item, fmt.Sprintf("is a range of %d prefixes", n),
			fmt.Sprintf("at most %d are possible: write a few prefixes that cover it", MaxRange))
	case n > 1:
		return prefixes, hint.and(fmt.Sprintf("range is %d prefixes", n)), nil
	default:
		return prefixes, hint.and("range is " + prefixes[0].String()), nil
	}
}

// and joins hints.
func (h Hint) and(more string) Hint {
	if h == "" || more == "" {
		return h + Hint(more)
	}
	return h + "; " + Hint(more)
}

func family(a netip.Addr) string {
	if a.Is4() {
		return "IPv4"
	}
	return "IPv6"
}

func familyOf(p netip.Prefix) string { return family(p.Addr()) }
