package expiry

import "time"

// Preset is an expiry that is offered for choosing.
type Preset struct {
	Label string // "90 days"
	Input string // what Parse reads as the same: "90d"
	Expiry
}

// Presets returns the expiries to offer, soonest first: 7, 30, 60 and 90 days,
// 6 months, 1 year, never. loc is as in [Parse].
func Presets(now time.Time, loc *time.Location) []Preset {
	today := DateOf(now, loc)
	offers := []struct {
		label, input string
		day          Date
	}{
		{"7 days", "7d", today.AddDays(7)},
		{"30 days", "30d", today.AddDays(30)},
		{"60 days", "60d", today.AddDays(60)},
		{"90 days", "90d", today.AddDays(90)},
		{"6 months", "6m", today.AddMonths(6)},
		{"1 year", "1y", today.AddMonths(12)},
	}
	presets := make([]Preset, 0, len(offers)+1)
	for _, o := range offers {
		at, note := o.day.At(DefaultHour, 0, loc)
		presets = append(presets, Preset{o.label, o.input, Expiry{at.UTC(), note}})
	}
	return append(presets, Preset{Label: never, Input: never})
}
