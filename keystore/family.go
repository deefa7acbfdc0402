package keystore

import "strings"

// Several is what stands for an agent or a route where more than one was
// counted together.
const Several = "*"

// KeyInURL stands in a route where there was a key string.
const KeyInURL = "{key}"

// redactedKey ends a key string in its redacted form; see [token.Redact].
const redactedKey = "_[redacted]"

// Bounds of what is left of a caller's own words, in bytes.
const (
	mostFamily   = 32
	mostRoute    = 64
	mostSegments = 8
)

// Family returns the caller with its words reduced to what stays the same from
// one use to the next: the product name of its agent, and its route with {id}
// for segments that name one thing. Whatever was sent, they are short and
// printable ASCII.
func (c Caller) Family() Caller {
	return Caller{IP: c.IP, Agent: agentFamily(c.Agent), Route: routeFamily(c.Route)}
}

// browsers are the tokens that tell one browser from another, in the order in
// which they must be looked for: each also names those that come later.
var browsers = [...]struct{ token, name string }{
	{"Edg/", "Edge"},
	{"OPR/", "Opera"},
	{"Firefox/", "Firefox"},
	{"Chrome/", "Chrome"},
	{"Safari/", "Safari"},
}

// agentFamily returns the product name in a User-Agent header.
func agentFamily(s string) string {
	if rest, ok := strings.CutPrefix(s, "Mozilla/"); ok {
		return mozilla(rest)
	}
	return plain(product(s), mostFamily)
}

// mozilla names the browser, or the program that poses as one.
func mozilla(s string) string {
	if _, who, ok := strings.Cut(s, "(compatible; "); ok {
		return plain(product(who), mostFamily)
	}
	for _, b := range browsers {
		if strings.Contains(s, b.token) {
			return b.name
		}
	}
	return "Mozilla"
}

// product returns the first word up to its version.
func product(s string) string {
	s = strings.TrimLeft(s, " ")
	if i := strings.IndexAny(s, "/ ();,"); i >= 0 {
		s = s[:i]
	}
	return s
}

// routeFamily returns a route without its query and its ids.
func routeFamily(s string) string {
	method, path, found := strings.Cut(s, " ")
	if !found {
		return plain(s, mostRoute)
	}
	query := ""
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		if path, query = path[:i], path[i:]; query != "?"+KeyInURL {
			query = ""
		}
	}
	parts := strings.SplitN(path, "/", mostSegments+1)
	if len(parts) > mostSegments {
		parts[mostSegments] = "..."
	}
	for i, p := range parts {
		switch {
		case strings.Contains(p, redactedKey):
			parts[i] = KeyInURL
		case namesOne(p):
			parts[i] = "{id}"
		}
	}
	return plain(method+" "+strings.Join(parts, "/"), mostRoute-len(query)) + query
}

// namesOne reports whether a segment of a path looks like the name of one thing:
// a number, a UUID, a hash, or a long mixture of letters and digits.
func namesOne(s string) bool {
	digits, hex, other := 0, 0, 0
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'f', c >= 'A' && c <= 'F', c == '-':
			hex++
		default:
			other++
		}
	}
	const hash, mixture = 16, 20
	switch {
	case digits == 0:
		return false
	case hex+other == 0:
		return true
	case other == 0:
		return len(s) >= hash
	}
	return len(s) >= mixture
}

// plain returns at most n bytes of s, with ? for what is no printable ASCII.
func plain(s string, n int) string {
	s = s[:min(len(s), n)]
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '?'
		}
		return c
	}, s)
}
