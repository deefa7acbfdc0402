// Package trend shows in a few lines how the use of a key goes: what screens
// that are about something else say of it.
package trend

import (
	"context"
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/widget/spark"
)

const days = 14

// Fortnight is the use of a key in the last 14 days.
type Fortnight struct {
	days []usage.Bucket
	sum  usage.Counts
}

// Load reads the fortnight of a key up to a time.
func Load(ctx context.Context, st *keystore.Store, k keystore.Key, now time.Time, loc *time.Location) (Fortnight, error) {
	r, err := usage.Load(ctx, st, usage.OfKeys(k), usage.LastDays(now, days, loc))
	if err != nil {
		return Fortnight{}, err
	}
	return Fortnight{r.Days(loc), r.Sum()}, nil
}

// Facts returns what is said of it: a sparkline and the numbers to it, for a
// view of w cells. The zero Fortnight says nothing.
func (f Fortnight) Facts(t theme.Theme, w int) []facts.Fact {
	if len(f.days) == 0 {
		return nil
	}
	line := spark.Line(t, theme.Accent, Values(f.days, Proven), min(len(f.days), max(1, w)))
	return []facts.Fact{{Label: fmt.Sprintf("%d days", days), Text: line, Styled: true}, facts.Of("", f.Words())}
}

// Words returns the numbers: how often it was used, and how many of that refused.
func (f Fortnight) Words() string {
	words := text.Plural(f.sum.OK()+f.sum.Denied(), "use")
	if n := f.sum.Denied(); n > 0 {
		words += "  " + Percent(n, f.sum.OK()+n) + " denied"
	}
	return words
}

// Proven counts the uses that proved the secret.
func Proven(c usage.Counts) uint64 { return c.OK() + c.Denied() }

// Values returns a series as it is drawn.
func Values(series []usage.Bucket, of func(usage.Counts) uint64) []spark.Value {
	out := make([]spark.Value, len(series))
	for i, b := range series {
		out[i] = spark.Value{N: of(b.Counts), Gap: b.Gap()}
	}
	return out
}

// Percent writes a part of a whole: "1.8%", "<0.1%", "94%".
func Percent(part, whole uint64) string {
	if part == 0 || whole == 0 {
		return "0%"
	}
	switch p := 100 * float64(part) / float64(whole); {
	case p < 0.1:
		return "<0.1%"
	case p < 10, p >= 99 && p <= 99.9:
		return fmt.Sprintf("%.1f%%", p)
	case p > 99.9 && part < whole:
		return ">99.9%"
	default:
		return fmt.Sprintf("%.0f%%", p)
	}
}
