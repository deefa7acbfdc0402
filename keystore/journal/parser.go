package journal

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// parser reads the canonical form from the front. After the first failure it
// keeps the error, stands at the end and reads nothing more, so callers check
// once.
type parser struct {
	s   string
	at  int
	err error
}

func (p *parser) fail(want string) {
	if p.err == nil {
		found := p.s[p.at:min(p.at+20, len(p.s))]
		p.err = fmt.Errorf("record is not in its canonical form: want %s at byte %d, found %q", want, p.at, found)
		p.at = len(p.s)
	}
}

// skip reads lit if it comes next.
func (p *parser) skip(lit string) bool {
	if !strings.HasPrefix(p.s[p.at:], lit) {
		return false
	}
	p.at += len(lit)
	return true
}

func (p *parser) expect(lit string) {
	if !p.skip(lit) {
		p.fail(lit)
	}
}

// take reads n bytes.
func (p *parser) take(n int) string {
	if len(p.s)-p.at < n {
		p.fail(strconv.Itoa(n) + " more bytes")
		return ""
	}
	p.at += n
	return p.s[p.at-n : p.at]
}

// member reads the beginning of the member name if it comes next.
func (p *parser) member(name string) bool {
	rest := p.s[p.at:]
	if p.at > 0 && p.s[p.at-1] != '{' {
		if rest == "" || rest[0] != ',' {
			return false
		}
		rest = rest[1:]
	}
	n := len(name)
	if len(rest) < n+3 || rest[0] != '"' || rest[1:n+1] != name || rest[n+1:n+3] != `":` {
		return false
	}
	p.at = len(p.s) - len(rest) + n + 3
	return true
}

// optional reads a text that is left out when it is empty.
func (p *parser) optional(name string, into *string) {
	if !p.member(name) {
		return
	}
	if *into = p.text(); *into == "" {
		p.fail("a text")
	}
}

func (p *parser) text() string {
	s := p.str()
	if len(s) > MaxText {
		p.fail("a text of at most 256 bytes")
	}
	return s
}

// count reads an integer that is not negative.
func (p *parser) count() int64 {
	n := p.integer()
	if n < 0 {
		p.fail("a number from 0")
	}
	return n
}

func (p *parser) integer() int64 {
	start := p.at
	p.skip("-")
	p.digits()
	s := p.s[start:p.at]
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || s[0] == '0' && s != "0" || strings.HasPrefix(s, "-0") {
		p.fail("an integer")
		return 0
	}
	return n
}

// small reads an integer that fits an int of this machine.
func (p *parser) small() int {
	n := p.integer()
	if int64(int(n)) != n {
		p.fail("a smaller integer")
	}
	return int(n)
}

func (p *parser) digits() (n int) {
	for p.at < len(p.s) && '0' <= p.s[p.at] && p.s[p.at] <= '9' {
		p.at++
		n++
	}
	return n
}

// str reads a string. One without escapes shares the memory of the line.
func (p *parser) str() string {
	p.expect(`"`)
	start := p.at
	for p.at < len(p.s) {
		p.plain()
		switch {
		case p.skip(`"`):
			return p.s[start : p.at-1]
		case p.at < len(p.s) && p.s[p.at] == '\\':
			return p.escaped(start)
		default:
			p.char()
		}
	}
	p.fail(`"`)
	return ""
}

// plain passes over bytes that stand for themselves.
func (p *parser) plain() {
	at := p.at
	for at < len(p.s) && plain[p.s[at]] {
		at++
	}
	p.at = at
}

// escaped reads the rest of a string that began at start and has an escape at
// the present place.
func (p *parser) escaped(start int) string {
	b := []byte(p.s[start:p.at])
	for p.at < len(p.s) {
		switch p.s[p.at] {
		case '"':
			p.at++
			return string(b)
		case '\\':
			b = utf8.AppendRune(b, p.escape())
		default:
			b = append(b, p.char()...)
		}
	}
	p.fail(`"`)
	return ""
}

// char reads one character that stands for itself.
func (p *parser) char() string {
	r, n := utf8.DecodeRuneInString(p.s[p.at:])
	if r == utf8.RuneError && n == 1 || unicode.Is(hidden, r) {
		p.fail("UTF-8 without hidden characters")
		return ""
	}
	return p.take(n)
}

// escape reads an escape that the character needs; another one would give a
// record two forms.
func (p *parser) escape() rune {
	switch {
	case p.skip(`\"`):
		return '"'
	case p.skip(`\\`):
		return '\\'
	}
	r := p.unit()
	if utf16.IsSurrogate(r) {
		r = utf16.DecodeRune(r, p.unit())
	}
	if !unicode.Is(hidden, r) {
		p.fail("an escape only where there must be one")
	}
	return r
}

func (p *parser) unit() rune {
	p.expect(`\u`)
	var r rune
	for _, c := range []byte(p.take(4)) {
		d := hexDigits[c]
		if d > 0xf {
			p.fail("four lower-case hexadecimal digits")
		}
		r = r<<4 | rune(d)
	}
	return r
}

// value reads a JSON value without white space.
func (p *parser) value(depth int) {
	var next byte
	if p.at < len(p.s) {
		next = p.s[p.at]
	}
	switch {
	case next == '"':
		p.str()
	case next == '[' && depth < maxDepth:
		p.list("[", "]", func() { p.value(depth + 1) })
	case next == '{' && depth < maxDepth:
		p.list("{", "}", func() {
			p.str()
			p.expect(":")
			p.value(depth + 1)
		})
	case p.skip("null"), p.skip("true"), p.skip("false"):
	default:
		p.number()
	}
}

func (p *parser) list(opening, closing string, item func()) {
	p.expect(opening)
	if p.skip(closing) {
		return
	}
	item()
	for p.err == nil && p.skip(",") {
		item()
	}
	p.expect(closing)
}

// number reads a number as RFC 8259 section 6 defines it.
func (p *parser) number() {
	p.skip("-")
	if zero := p.skip("0"); !zero && p.digits() == 0 {
		p.fail("a number")
	}
	if p.skip(".") && p.digits() == 0 {
		p.fail("a digit")
	}
	if p.skip("e") || p.skip("E") {
		if !p.skip("+") {
			p.skip("-")
		}
		if p.digits() == 0 {
			p.fail("a digit")
		}
	}
}
