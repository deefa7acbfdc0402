package journal

import "bytes"

// Glimpse is what the head of a stored record says. Reading it costs a
// hundredth of [Decode], so whoever looks for few records among millions looks
// at this first. It shares the memory of the record.
type Glimpse struct {
	Seq  int64
	Prev []byte // 64 hexadecimal digits
	Time []byte // as [Stamp] writes it, so earlier ones sort before later ones
	Code int    // see [Event]
}

// Glance reads the head of a record. It is false for what does not begin as
// [Record.Encode] begins; the rest of the record is not looked at.
func Glance(raw []byte) (g Glimpse, ok bool) {
	rest, ok := bytes.CutPrefix(raw, []byte(`{"seq":`))
	if !ok {
		return g, false
	}
	if g.Seq, rest, ok = leadingNumber(rest); !ok {
		return g, false
	}
	if g.Prev, rest, ok = quoted(rest, `,"prev":"`, 2*len(Hash{})); !ok {
		return g, false
	}
	if g.Time, rest, ok = quoted(rest, `,"time":"`, len(timeFormat)); !ok {
		return g, false
	}
	if rest, ok = bytes.CutPrefix(rest, []byte(`,"code":`)); !ok {
		return g, false
	}
	code, _, ok := leadingNumber(rest)
	g.Code = int(code)
	return g, ok
}

// leadingNumber reads a number of at most 18 digits.
func leadingNumber(b []byte) (n int64, rest []byte, ok bool) {
	i := 0
	for i < len(b) && i < 18 && '0' <= b[i] && b[i] <= '9' {
		n = 10*n + int64(b[i]-'0')
		i++
	}
	return n, b[i:], i > 0 && (i == 1 || b[0] != '0')
}

// quoted reads a text of n bytes behind what opens it, up to its quote.
func quoted(b []byte, opening string, n int) (text, rest []byte, ok bool) {
	if len(b) < len(opening)+n+1 || string(b[:len(opening)]) != opening || b[len(opening)+n] != '"' {
		return nil, nil, false
	}
	b = b[len(opening):]
	return b[:n], b[n+1:], true
}
