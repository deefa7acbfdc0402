package lifetime

import (
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
)

// ConfigFor returns what there is to know for a key that was made at created.
// The key itself is not counted among those that end on a day.
func ConfigFor(env *screen.Env, key keystore.KeyID, created time.Time) Config {
	b := env.Board
	return Config{
		Now: b.Now, Zone: env.Zone, Local: env.Local, Policy: rule(b.Policy), Warn: b.Policy.WarnBefore,
		Limit:    func(at time.Time) string { return limit(b.Policy, created, at, env.Clock) },
		Warning:  func(d time.Duration) string { return form.WarningWords(d, b.Policy) },
		Interval: func(d time.Duration) string { return form.IntervalWords(d, b.Policy) },
		Ends:     func(loc *time.Location) map[expiry.Date]int { return ends(b, key, loc) },
	}
}

// limit says in a few words why the policy forbids an end, or "".
func limit(p keystore.Policy, created, at time.Time, clock func(time.Time) string) string {
	switch {
	case p.CheckExpiry(at, created) == "":
		return ""
	case at.IsZero():
		return "policy: a key must expire"
	}
	return "policy: no later than " + clock(created.Add(p.MaxLifetime))
}

// ends counts the keys of a store but one by the day on which they end in a
// zone. Those that have ended are over.
func ends(b *board.Board, but keystore.KeyID, loc *time.Location) map[expiry.Date]int {
	out := map[expiry.Date]int{}
	for q, n := range b.Ending {
		out[expiry.DateOf(time.UnixMilli(q*board.Quarter), loc)] += n
	}
	if k, ok := b.Key(but); ok && k.Revoked.IsZero() && k.Expires.After(b.Now) {
		out[expiry.DateOf(k.Expires, loc)]--
	}
	return out
}

// rule says in words how long the policy lets a key live.
func rule(p keystore.Policy) string {
	const day = 24 * time.Hour
	switch {
	case p.MaxLifetime == 0 && p.AllowNever:
		return "sets no limit"
	case p.MaxLifetime == 0:
		return "sets no limit, but a key must end"
	case p.MaxLifetime%day != 0:
		return fmt.Sprintf("at most %d hours: ok", p.MaxLifetime/time.Hour)
	}
	return fmt.Sprintf("at most %d days: ok", p.MaxLifetime/day)
}
