package expiry

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// maxInput bounds the input in bytes. The longest forms are half as long.
const maxInput = 100

// Parse reads an expiry as the package comment says. now is the current time;
// loc is where days and times are meant if the input names no zone, nil being
// UTC. The error is a [*FormatError] or a [*PastError].
func Parse(s string, now time.Time, loc *time.Location) (Expiry, error) {
	p := newParser(s, now, loc)
	if err := p.prepare(); err != nil {
		return Expiry{}, err
	}
	if len(p.words) == 1 && p.words[0] == never && p.at == nil {
		if p.zoned {
			return Expiry{}, p.refuse("needs no time zone")
		}
		return Expiry{}, nil
	}
	for _, form := range forms {
		if e, ok, err := form(p); ok || err != nil {
			return e, err
		}
	}
	return p.someDay()
}

// forms are tried in order; each returns false if the input is not its form.
// What is none of them must name a day.
var forms = []func(*parser) (e Expiry, ok bool, err error){
	(*parser).timestamp, (*parser).span, (*parser).endOf,
}

// parser holds what is known of an input.
type parser struct {
	input string
	now   time.Time
	loc   *time.Location
	today Date

	words []string // lower case, without zone and time of day
	zoned bool     // the input named a zone
	at    *clock   // the time of day that the input named
}

func newParser(s string, now time.Time, loc *time.Location) *parser {
	p := &parser{input: strings.TrimSpace(s), now: now, loc: orUTC(loc)}
	p.today = DateOf(now, p.loc)
	return p
}

// prepare takes the zone and the time of day off the end of the input.
func (p *parser) prepare() error {
	if len(p.input) > maxInput {
		return p.refuse("is too long for an expiry")
	}
	p.words = strings.Fields(p.input)
	if len(p.words) == 0 {
		return p.refuse("is empty")
	}
	if err := p.takeZone(); err != nil {
		return err
	}
	p.today = DateOf(p.now, p.loc)
	p.words = strings.Fields(strings.ToLower(strings.Join(p.words, " ")))
	p.splitDateTime()
	return p.takeClock()
}

var (
	dateTime  = regexp.MustCompile(`^(\d{4}-\d{1,2}-\d{1,2})t(\d.*)$`)
	clockForm = regexp.MustCompile(`^(\d{1,2}):(\d{2})(?::(\d{2}))?$`)
)

// splitDateTime makes two words of 2027-02-21T09:00.
func (p *parser) splitDateTime() {
	if m := dateTime.FindStringSubmatch(p.words[0]); m != nil {
		p.words = append(m[1:], p.words[1:]...)
	}
}

// takeClock takes a time of day off the end of the input. A time with an offset
// from UTC is left for timestamp.
func (p *parser) takeClock() error {
	last := len(p.words) - 1
	m := clockForm.FindStringSubmatch(p.words[last])
	if m == nil {
		return nil
	}
	c := clock{number(m[1]), number(m[2]), number(m[3])}
	if !c.valid() {
		return p.refuse(badClock)
	}
	p.at, p.words = &c, p.words[:last]
	if last > 1 && p.words[last-1] == "at" {
		p.words = p.words[:last-1]
	}
	if last == 0 {
		return p.refuse("lacks the day")
	}
	return nil
}

const (
	badClock = "has no valid time of day: they go from 00:00 to 23:59"
	tooFar   = "is more than 100 years away"
)

// number reads digits; no digits are 0.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// clock returns the time of day that a day of this input ends at.
func (p *parser) clock() clock {
	if p.at != nil {
		return *p.at
	}
	return clock{hour: DefaultHour}
}

// lastDay returns the last day that an expiry may be on.
func (p *parser) lastDay() Date { return p.today.AddMonths(12 * MaxYears) }

// onDay returns the expiry on a day.
func (p *parser) onDay(d Date) (Expiry, error) {
	if p.lastDay().Before(d) {
		return Expiry{}, p.refuse(tooFar)
	}
	at, note := resolve(d, p.clock(), p.loc)
	return p.accept(at, note)
}

// accept returns the expiry at an instant, which must be in the future and not
// too far in it.
func (p *parser) accept(at time.Time, note string) (Expiry, error) {
	if p.lastDay().Before(DateOf(at, p.loc)) {
		return Expiry{}, p.refuse(tooFar)
	}
	whole := time.Unix(at.Unix(), 0).UTC()
	if !whole.After(p.now) {
		return Expiry{}, &PastError{quote.Input(p.input), at.In(p.loc), p.now, p.suggest()}
	}
	return Expiry{whole, note}, nil
}
