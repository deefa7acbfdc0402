package iprule

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/bits"
	"net/netip"
	"strconv"
	"strings"
)

// examples is the advice where nothing better is known.
const examples = "write an address (192.0.2.1), a prefix (192.0.2.0/24) or a range (192.0.2.10-192.0.2.40)"

// diagnoses are tried in order; each returns "" for reason if s is not its case.
var diagnoses = []func(s string) (reason, fix string){
	diagnoseEmpty, diagnoseURL, diagnoseZone, diagnoseBrackets, diagnosePort, diagnoseMask,
	diagnoseBlank, diagnoseAny, diagnoseWildcard, diagnoseOctets, diagnoseName, diagnoseColons,
}

// diagnose says what is wrong with s, which is no address without a zone.
func diagnose(s string) (reason, fix string) {
	for _, d := range diagnoses {
		if reason, fix = d(s); reason != "" {
			return reason, fix
		}
	}
	return "is no address", examples
}

func diagnoseEmpty(s string) (reason, fix string) {
	if s != "" {
		return "", ""
	}
	return "lacks an address", examples
}

func diagnoseURL(s string) (reason, fix string) {
	if !strings.Contains(s, "://") {
		return "", ""
	}
	return "is a URL", "write the address alone, as in 192.0.2.1"
}

func diagnoseZone(s string) (reason, fix string) {
	addr, _, ok := strings.Cut(s, "%")
	if !ok {
		return "", ""
	}
	return "has a zone", writeAddr(addr, "write the address without % and what follows")
}

func diagnoseBrackets(s string) (reason, fix string) {
	inner, ok := strings.CutPrefix(s, "[")
	if !ok {
		return "", ""
	}
	addr, rest, _ := strings.Cut(inner, "]")
	reason = "has brackets"
	if strings.HasPrefix(rest, ":") {
		reason = "has brackets and a port"
	}
	return reason, writeAddr(addr, "write the address without them, as in 2001:db8::1")
}

func diagnosePort(s string) (reason, fix string) {
	addr, _, ok := strings.Cut(s, ":")
	if !ok || !isAddr(addr) {
		return "", ""
	}
	return "has a port", "write " + addr
}

func diagnoseMask(s string) (reason, fix string) {
	f := strings.Fields(s)
	if len(f) != 2 || !isAddr(f[0]) {
		return "", ""
	}
	n, ok := maskBits(f[1])
	if a := netip.MustParseAddr(f[0]); ok && a.Is4() {
		return "has a mask in place of a length", "write " + netip.PrefixFrom(a, n).Masked().String()
	}
	return "", ""
}

func diagnoseBlank(s string) (reason, fix string) {
	if len(strings.Fields(s)) < 2 {
		return "", ""
	}
	return "has a blank in it", "write one address, prefix or range"
}

func diagnoseAny(s string) (reason, fix string) {
	switch strings.ToLower(s) {
	case "*", "any", "all", "0", "default", "everywhere":
		return "is no address", "an empty allow list already means any address"
	}
	return "", ""
}

// diagnoseWildcard knows 192.0.2.* and 192.0.2.x.
func diagnoseWildcard(s string) (reason, fix string) {
	f := strings.Split(s, ".")
	known := 0
	for known < len(f) && isOctet(f[known]) {
		known++
	}
	if known == 0 || known == len(f) || len(f) > 4 {
		return "", ""
	}
	for _, o := range f[known:] {
		if o != "*" && o != "x" && o != "X" {
			return "", ""
		}
	}
	return "has a wildcard", "write " + shortPrefix(f[:known])
}

// diagnoseOctets knows what is wrong with digits and dots.
func diagnoseOctets(s string) (reason, fix string) {
	if strings.Trim(s, "0123456789.") != "" || !strings.Contains(s, ".") {
		return "", ""
	}
	f := strings.Split(strings.TrimSuffix(s, "."), ".")
	plain := make([]string, len(f))
	for i, o := range f {
		plain[i] = cmp.Or(strings.TrimLeft(o, "0"), o[:min(len(o), 1)])
		if !isOctet(plain[i]) {
			return "has an octet that is no number from 0 to 255", "write four of them, as in 192.0.2.1"
		}
	}
	switch {
	case len(f) != 4:
		fix = "write four, as in 192.0.2.1"
		if len(f) < 4 {
			fix = "write " + shortPrefix(plain) + " if all of that network is meant"
		}
		return fmt.Sprintf("has %d octets in place of 4", len(f)), fix
	case strings.HasSuffix(s, "."):
		return "has a dot at the end", "write " + strings.Join(f, ".")
	default:
		return "has leading zeros, which some programs read as octal", "write " + strings.Join(plain, ".")
	}
}

func diagnoseName(s string) (reason, fix string) {
	isName := func(c rune) bool {
		return c == '.' || c == '-' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
	}
	switch {
	case strings.EqualFold(s, "localhost"):
		return "is a host name", "write 127.0.0.1 or ::1"
	case strings.TrimFunc(s, isName) == "" && strings.Contains(s, ".") && strings.Trim(s, "0123456789.-") != "":
		return "is a host name", "write the address it stands for"
	}
	return "", ""
}

func diagnoseColons(s string) (reason, fix string) {
	if !strings.Contains(s, ":") {
		return "", ""
	}
	return "is no IPv6 address", "write eight groups of up to four hex digits, or fewer with :: for zeros, as in 2001:db8::1"
}

// writeAddr recommends addr, without its zone, if that is an address.
func writeAddr(addr, otherwise string) string {
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return otherwise
	}
	return "write " + a.WithZone("").String()
}

func isOctet(s string) bool {
	n, err := strconv.ParseUint(s, 10, 8)
	return err == nil && s == strconv.FormatUint(n, 10)
}

// shortPrefix returns the IPv4 prefix of which the leading octets are given.
func shortPrefix(octets []string) string {
	full := append(append([]string{}, octets...), "0", "0", "0")[:4]
	return fmt.Sprintf("%s/%d", strings.Join(full, "."), 8*len(octets))
}

// lastOctet completes the end of a range such as 192.0.2.10-40.
func lastOctet(from, to string) (full string, ok bool) {
	a, err := netip.ParseAddr(from)
	if err != nil || !a.Is4() || !isOctet(to) {
		return "", false
	}
	return from[:strings.LastIndexByte(from, '.')+1] + to, true
}

// maskBits returns the length that a netmask (255.255.255.0) or its inverse
// (0.0.0.255) stands for. Masks of less than 8 bits are taken for addresses.
func maskBits(s string) (int, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is4() || a.IsUnspecified() {
		return 0, false
	}
	b := a.As4()
	mask := binary.BigEndian.Uint32(b[:])
	switch b[0] {
	case 0xff:
	case 0:
		mask = ^mask
	default:
		return 0, false
	}
	n := bits.LeadingZeros32(^mask)
	return n, mask<<n == 0
}
