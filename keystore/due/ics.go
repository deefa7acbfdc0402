package due

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Calendar returns items as an iCalendar feed (RFC 5545) of the store named by
// origin. An item keeps its identity as long as it is about the same secret or key,
// and its stamp and sequence tell when the key was changed, so that a calendar moves
// it instead of doubling it, and a feed in which nothing changed stays the same.
func Calendar(items []Item, origin string) []byte {
	var b strings.Builder
	line := func(format string, args ...any) { fold(&b, fmt.Sprintf(format, args...)) }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//pakdeck//due//EN")
	line("X-WR-CALNAME:%s", escape("API keys of "+origin))
	for _, i := range items {
		line("BEGIN:VEVENT")
		line("UID:%s-%s@%s", i.What, i.about(), strings.ReplaceAll(origin, "/", "."))
		line("DTSTAMP:%s", stamp(i.Key.Updated))
		line("SEQUENCE:%d", i.Key.Version)
		line("DTSTART:%s", stamp(i.At))
		line("SUMMARY:%s", escape(i.Title()))
		line("DESCRIPTION:%s", escape(i.whose()))
		line("TRANSP:TRANSPARENT") // nobody is busy then
		line("END:VEVENT")
	}
	line("END:VCALENDAR")
	return []byte(b.String())
}

// Title is one line: "rotate build-bot/ci-deploy".
func (i Item) Title() string {
	switch i.What {
	case Rotate:
		return "rotate " + i.Key.Ref()
	case Retires:
		return "the old secret of " + i.Key.Ref() + " stops working"
	}
	return i.Key.Ref() + " expires"
}

// whose tells which key it is about and whom to ask.
func (i Item) whose() string {
	s := fmt.Sprintf("key %s, owner %s", i.Key.ID, i.Key.Owner.Name)
	if i.Key.Owner.Contact != "" {
		s += ", contact " + i.Key.Owner.Contact
	}
	return s
}

// about names what an item is about, once and for ever.
func (i Item) about() string {
	if i.What == Expires {
		return string(i.Key.ID)
	}
	return i.Key.Current().ID.String()
}

func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// escape writes text as RFC 5545 section 3.3.11 demands. Names and contacts
// hold no line breaks.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`).Replace(s)
}

// mostOctets is the length of a line, RFC 5545 section 3.1.
const mostOctets = 75

// fold writes a line, broken where it is too long, but never inside of a
// character.
func fold(b *strings.Builder, s string) {
	room := mostOctets
	for len(s) > room {
		n := room
		for !utf8.RuneStart(s[n]) {
			n--
		}
		b.WriteString(s[:n] + "\r\n ")
		s, room = s[n:], mostOctets-1
	}
	b.WriteString(s + "\r\n")
}
