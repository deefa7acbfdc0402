package usage

import (
	"encoding/binary"
	"net/netip"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// Bounds of what is kept apart of a secret in a day, in each of the three
// classes of outcomes. The whole store is kept like a secret.
const (
	MostLines     = 64  // callers in full
	MostAddresses = 192 // lines in all
)

// Several is the agent and route of an address whose agents and routes are
// not told apart.
const Several = "*"

// line is what is known of a caller in a day.
type line struct {
	class       class
	caller      keystore.Caller // zero: all who are beyond the bounds
	first, last int64           // Unix ms
	cells       cells
}

// beyond reports whether a line is of nobody in particular.
func (l *line) beyond() bool { return l.caller == keystore.Caller{} }

func (l *line) merge(m line) {
	l.cells = l.cells.merge(m.cells)
	l.first, l.last = min(l.first, m.first), max(l.last, m.last)
}

// lines are the callers of a day.
type lines []line

func (ls lines) find(k class, c keystore.Caller) int {
	for i := range ls {
		if ls[i].class == k && ls[i].caller == c {
			return i
		}
	}
	return -1
}

// room is what is taken of a class, and its line with the fewest uses.
type room struct {
	lines, least int
	n            uint64
}

func (ls lines) room(k class) room {
	r := room{least: -1}
	for i := range ls {
		if ls[i].class != k || ls[i].beyond() {
			continue
		}
		r.lines++
		if n := ls[i].cells.total(); r.least < 0 || n < r.n {
			r.least, r.n = i, n
		}
	}
	return r
}

// add counts what a caller did, within the bounds.
func (ls lines) add(l line) lines {
	if i := ls.find(l.class, l.caller); i >= 0 {
		ls[i].merge(l)
		return ls
	}
	r := ls.room(l.class)
	if l.beyond() || r.lines < MostLines {
		return append(ls, l)
	}
	l.caller = keystore.Caller{IP: l.caller.IP, Agent: Several, Route: Several}
	if i := ls.find(l.class, l.caller); i >= 0 {
		ls[i].merge(l)
		return ls
	}
	if r.lines < MostAddresses {
		return append(ls, l)
	}
	if l.cells.total() > r.n {
		l, ls[r.least] = ls[r.least], l
	}
	l.caller = keystore.Caller{}
	return ls.add(l)
}

func (ls lines) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(ls)))
	for i := range ls {
		l := &ls[i]
		b = append(b, byte(l.class))
		for _, text := range []string{string(l.caller.IP.AsSlice()), l.caller.Agent, l.caller.Route} {
			b = binary.AppendUvarint(b, uint64(len(text)))
			b = append(b, text...)
		}
		b = binary.AppendVarint(b, l.first)
		b = binary.AppendVarint(b, l.last-l.first)
		b = l.cells.append(b)
	}
	return b
}

func decodeLines(b []byte) (lines, error) {
	if b == nil {
		return nil, nil
	}
	r := reader{b: b}
	out := make(lines, r.count("callers"))
	for i := range out {
		out[i] = r.line()
		out[i].cells = r.cells()
	}
	return out, r.end()
}

// line reads what stands before the cells of a line.
func (r *reader) line() line {
	var l line
	l.class = class(r.uint())
	if ip := r.bytes(); len(ip) > 0 {
		var ok bool
		if l.caller.IP, ok = netip.AddrFromSlice(ip); !ok {
			r.fail("an address of a wrong length")
		}
	}
	l.caller.Agent, l.caller.Route = r.text(), r.text()
	l.first = r.int()
	l.last = l.first + r.int()
	if l.class >= classes {
		r.fail("a class that does not exist")
	}
	return l
}

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
