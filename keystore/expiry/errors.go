package expiry

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// FormatError says why an input is no expiry.
type FormatError struct {
	Input  string   // as [quote.Input] shows it
	Reason string   // continues the input: "is a number without a unit"
	Try    []string // three forms that would be right
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s %s; %s", e.Input, e.Reason, advice(e.Try))
}

// PastError refuses an instant that is not in the future.
type PastError struct {
	Input string    // as in [FormatError]
	At    time.Time // what the input means, in the zone it was meant in
	Now   time.Time
	Try   []string // three forms that would be right
}

func (e *PastError) Error() string {
	return fmt.Sprintf("%s was %s, %s; %s", e.Input, Local(e.At, e.At.Location()), In(e.At, e.Now), advice(e.Try))
}

func advice(try []string) string {
	last := len(try) - 1
	return "try " + strings.Join(try[:last], ", ") + " or " + try[last]
}

// suggest returns three forms that would be right: the days that are in the
// future, then forms that always are.
func (p *parser) suggest(days ...Date) []string {
	const want = 3
	var try []string
	for _, d := range days {
		if p.today.Before(d) && !p.lastDay().Before(d) {
			try = append(try, d.String())
		}
	}
	for _, s := range []string{"90d", p.today.AddDays(90).String(), "eom"} {
		if !slices.Contains(try, s) {
			try = append(try, s)
		}
	}
	return try[:want]
}

func (p *parser) refuse(format string, args ...any) error {
	return p.refuseFor(nil, format, args...)
}

// refuseFor refuses the input and suggests days in place of it.
func (p *parser) refuseFor(days []Date, format string, args ...any) error {
	return &FormatError{quote.Input(p.input), fmt.Sprintf(format, args...), p.suggest(days...)}
}
