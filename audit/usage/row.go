package usage

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// annex is where the rows are.
const annex keystore.Annex = "usage"

const (
	tableHours   = 'h'
	tableCallers = 'c'
	tableWatched = 'w'
	tableDemands = 'd'
)

const hoursPerDay = 24

// store is the id under which the whole store is counted.
var store token.ID

// dayRow is the key of a row of a day; without an id, of the first one.
func dayRow(table byte, day int64, id ...byte) []byte {
	key := binary.BigEndian.AppendUint32([]byte{table}, uint32(day))
	return append(key, id...)
}

// dayOf returns the day that an hour belongs to.
func dayOf(hour int64) int64 { return hour / hoursPerDay }

// timeOf returns when an hour begins.
func timeOf(hour int64) time.Time { return time.Unix(hour*3600, 0).UTC() }

// wholeDay stands for the hour of what is only known by day.
const wholeDay = hoursPerDay

// cell is a count in one hour of a day with one outcome.
type cell struct {
	hour    byte // 0 to 23, or wholeDay
	outcome byte // its index in keystore.Outcomes
	n       uint64
}

// cells are sorted by nothing in particular and hold each pair once.
type cells []cell

func (c cells) add(hour, o byte, n uint64) cells {
	for i := range c {
		if c[i].hour == hour && c[i].outcome == o {
			c[i].n += n
			return c
		}
	}
	return append(c, cell{hour, o, n})
}

func (c cells) merge(d cells) cells {
	for _, x := range d {
		c = c.add(x.hour, x.outcome, x.n)
	}
	return c
}

// coarse returns the same counts by day.
func (c cells) coarse() cells {
	var out cells
	for _, x := range c {
		out = out.add(wholeDay, x.outcome, x.n)
	}
	return out
}

func (c cells) total() (n uint64) {
	for _, x := range c {
		n += x.n
	}
	return n
}

// append encodes cells: their number, then hour, outcome and count of each.
func (c cells) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(c)))
	for _, x := range c {
		b = binary.AppendUvarint(b, uint64(x.hour))
		b = append(b, codes[x.outcome])
		b = binary.AppendUvarint(b, x.n)
	}
	return b
}

// reader decodes rows. After an error everything reads as zero.
type reader struct {
	b     []byte
	err   error
	texts map[string]string // if not nil: those that were read, for reading them once
}

// text reads a text.
func (r *reader) text() string {
	b := r.bytes()
	if r.texts == nil {
		return string(b)
	}
	s, known := r.texts[string(b)]
	if !known {
		s = string(b)
		r.texts[s] = s
	}
	return s
}

func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("damaged usage row: %s", what)
	}
	r.b = nil
}

func (r *reader) uint() uint64 {
	if len(r.b) > 0 && r.b[0] < 0x80 { // most are
		n := r.b[0]
		r.b = r.b[1:]
		return uint64(n)
	}
	n, size := binary.Uvarint(r.b)
	if size <= 0 {
		r.fail("a number is cut off")
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) int() int64 {
	n, size := binary.Varint(r.b)
	if size <= 0 {
		r.fail("a number is cut off")
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) bytes() []byte {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.fail("a text is cut off")
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

// count reads how many there are of what takes at least a byte each.
func (r *reader) count(what string) int {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.fail(what + " are cut off")
		return 0
	}
	return int(n)
}

func (r *reader) cell() cell {
	hour, code, n := r.uint(), r.uint(), r.uint()
	if hour > wholeDay || code >= uint64(len(indexes)) {
		r.fail("an hour or outcome that does not exist")
		return cell{}
	}
	return cell{byte(hour), indexes[code], n}
}

func (r *reader) cells() cells {
	out := make(cells, r.count("counts"))
	for i := range out {
		out[i] = r.cell()
	}
	return out
}

// end reports what went wrong, or that there is more than there should be.
func (r *reader) end() error {
	if r.err == nil && len(r.b) > 0 {
		r.fail("something follows its end")
	}
	return r.err
}

func decodeCells(b []byte) (cells, error) {
	if b == nil {
		return nil, nil
	}
	r := reader{b: b}
	c := r.cells()
	return c, r.end()
}

// parseDayRow reads the key of a row of a day and a secret.
func parseDayRow(key []byte) (day int64, id token.ID, ok bool) {
	const head = 1 + 4
	if len(key) != head+len(id) {
		return 0, id, false
	}
	return int64(binary.BigEndian.Uint32(key[1:head])), token.ID(key[head:]), true
}
