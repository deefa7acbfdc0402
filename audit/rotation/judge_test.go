package rotation

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// now is a Monday.
var now = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)

// traffic is when a caller used the old secret, and the new one.
type traffic struct {
	ip       string
	old, new []time.Time
}

// every returns instants at a period from one time before now to another.
func every(period, from, to time.Duration) (out []time.Time) {
	for ago := from; ago >= to; ago -= period {
		out = append(out, now.Add(-ago))
	}
	return out
}

// client folds traffic as Look does.
func (t traffic) client() Client {
	s := seen{Client: Client{
		Caller: keystore.Caller{IP: netip.MustParseAddr(t.ip), Agent: "curl", Route: "GET /"},
		Uses:   uint64(len(t.old)), First: t.old[0], Last: t.old[len(t.old)-1],
	}}
	if n := len(t.new); n > 0 && t.new[n-1].After(s.Last) {
		s.New = t.new[n-1]
	}
	var gaps []time.Duration
	for i, at := range t.old {
		s.days = append(s.days, at.Unix()/86400)
		if i > 0 && now.Sub(at) < 14*day {
			gaps = append(gaps, at.Truncate(time.Hour).Sub(t.old[i-1].Truncate(time.Hour)))
		}
	}
	slices.Sort(gaps)
	if len(gaps) > 0 {
		s.Usual, s.Longest = gaps[len(gaps)/2], gaps[len(gaps)-1]
	}
	return s.finish()
}

func judge(list ...traffic) Verdict {
	e := Evidence{Now: now, Made: now.Add(-5 * day), Watched: func(since time.Time) time.Duration { return now.Sub(since) }}
	for _, t := range list {
		c := t.client()
		e.Clients = append(e.Clients, c)
		e.Last = later(e.Last, c.Last)
		for _, at := range t.old {
			if now.Sub(at) < day {
				e.PerDayNow++
			}
			if at.Before(e.Made) && at.After(e.Made.Add(-7*day)) {
				e.PerDay += 1. / 7
			}
		}
	}
	return Judge(e)
}

func TestTheVerdictOnShapesOfTraffic(t *testing.T) {
	const hour = time.Hour
	for _, c := range []struct {
		name  string
		list  []traffic
		safe  bool
		says  string
		trend Trend
	}{
		{
			"steady, still at it",
			[]traffic{{ip: "10.0.0.1", old: every(hour, 60*day, 0)}},
			false, "1 of 1 caller still uses it: 10.0.0.1, 0 s ago", Steady,
		},
		{
			"steady, switched two hours ago",
			[]traffic{{ip: "10.0.0.1", old: every(hour, 60*day, 2*hour), new: every(hour, 2*hour, 0)}},
			true, "0 uses in 2 h, usual gap 1 h", Steady,
		},
		{
			"steady, switched just now",
			[]traffic{{ip: "10.0.0.1", old: every(hour, 60*day, hour), new: every(hour, 0, 0)}},
			false, "still uses it", Steady,
		},
		{
			"steady, vanished half a day ago",
			[]traffic{{ip: "10.0.0.1", old: every(hour, 60*day, 12*hour)}},
			false, "quiet for 12 h only, usual gap 1 h", Falling,
		},
		{
			"steady, vanished 26 hours ago",
			[]traffic{{ip: "10.0.0.1", old: every(hour, 60*day, 26*hour)}},
			true, "0 uses in 26 h, usual gap 1 h", NoUse,
		},
		{
			"steady for two days only, vanished over the weekend",
			[]traffic{{ip: "10.0.0.1", old: every(hour, 4*day, 2*day)}},
			false, "quiet for 48 h only", NoUse,
		},
		{
			"daily batch, due in an hour",
			[]traffic{{ip: "10.0.0.1", old: every(day, 60*day+23*hour, 23*hour)}},
			false, "1 of 1 caller still uses it: 10.0.0.1, 23 h ago", Steady,
		},
		{
			"daily batch, missed once",
			[]traffic{{ip: "10.0.0.1", old: every(day, 60*day+30*hour, 30*hour)}},
			false, "quiet for 30 h only, usual gap 24 h", NoUse,
		},
		{
			"daily batch, missed once, seen on the new secret",
			[]traffic{{ip: "10.0.0.1", old: every(day, 60*day+37*hour, 37*hour), new: every(day, 13*hour, 0)}},
			true, "0 uses in 37 h, usual gap 24 h", NoUse,
		},
		{
			"weekly batch, six days ago",
			[]traffic{{ip: "10.0.0.1", old: every(7*day, 62*day, 6*day)}},
			false, "1 of 1 caller still uses it", NoUse,
		},
		{
			"weekly batch, ten days ago",
			[]traffic{{ip: "10.0.0.1", old: every(7*day, 66*day, 10*day)}},
			false, "quiet for 10 days only, usual gap 7 days", NoUse,
		},
		{
			"weekly batch, eleven days ago",
			[]traffic{{ip: "10.0.0.1", old: every(7*day, 67*day, 11*day)}},
			true, "0 uses in 11 days, usual gap 7 days", NoUse,
		},
		{
			"weekly batch, seen once",
			[]traffic{{ip: "10.0.0.1", old: every(day, 4*day, 4*day)}},
			false, "usual gap unknown", NoUse,
		},
		{
			"two clients, one never switches",
			[]traffic{
				{ip: "10.0.0.1", old: every(hour, 60*day, 4*day), new: every(hour, 4*day, 0)},
				{ip: "10.0.0.2", old: every(hour, 60*day, 0)},
			},
			false, "1 of 2 callers still uses it: 10.0.0.2", Falling,
		},
		{
			"two clients, the rare one has not come again",
			[]traffic{
				{ip: "10.0.0.1", old: every(hour, 60*day, 4*day), new: every(hour, 4*day, 0)},
				{ip: "10.0.0.2", old: every(7*day, 60*day, 4*day)},
			},
			false, "1 of 2 callers still uses it: 10.0.0.2", NoUse,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge(c.list...)
			if v.Safe != c.safe || !strings.Contains(v.Why, c.says) || v.Trend != c.trend {
				t.Errorf("safe %v: %s (%s)\nwant %v: %s (%s)", v.Safe, v.Why, v.Trend, c.safe, c.says, c.trend)
			}
			if v.Safe == v.SafeAt.After(now) {
				t.Errorf("safe %v, safe at %v", v.Safe, v.SafeAt)
			}
		})
	}
}

func TestADeadSecretIsSafeWhenSomebodyListened(t *testing.T) {
	for _, c := range []struct {
		name    string
		last    time.Time
		watched time.Duration
		safe    bool
	}{
		{"last used before the window", now.Add(-94 * day), 94 * day, true},
		{"last used before the window, nobody listened", now.Add(-94 * day), 10 * day, false},
		{"never used", time.Time{}, day, true},
		{"never used, rotated an hour ago", time.Time{}, time.Hour, false},
		{"never used, nobody listened", time.Time{}, 0, false},
	} {
		v := Judge(Evidence{Now: now, Made: now.Add(-5 * day), Last: c.last, Watched: func(time.Time) time.Duration { return c.watched }})
		if v.Safe != c.safe {
			t.Errorf("%s: safe %v, want %v: %s", c.name, v.Safe, c.safe, v.Why)
		}
	}
}

func TestSilenceThatNobodyHeardProvesNothing(t *testing.T) {
	c := traffic{ip: "10.0.0.1", old: every(time.Hour, 60*day, 6*day)}.client()
	e := Evidence{Now: now, Made: now.Add(-5 * day), Last: c.Last, Clients: []Client{c}, Watched: func(time.Time) time.Duration { return 0 }}
	if v := Judge(e); v.Safe || !strings.Contains(v.Why, "nothing is known") {
		t.Errorf("safe %v: %s", v.Safe, v.Why)
	}
	e.Watched = func(time.Time) time.Duration { return 20 * time.Hour }
	if v := Judge(e); v.Safe {
		t.Errorf("20 hours of listening in 6 days: safe, %s", v.Why)
	}
}

// Whatever the traffic is: as long as the usual gap of one caller has not
// passed, the secret is not safe to retire.
func TestNeverSafeBeforeTheUsualGapHasPassed(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	safe := 0
	for n := range 5000 {
		var list []traffic
		early := false
		for i := range 1 + random.IntN(3) {
			period := time.Duration(1+random.IntN(200)) * time.Hour
			quiet := time.Duration(random.IntN(400)) * time.Hour
			x := traffic{ip: fmt.Sprintf("10.0.0.%d", i+1), old: every(period, quiet+time.Duration(2+random.IntN(30))*period, quiet)}
			if random.IntN(2) == 0 {
				x.new = every(time.Hour, quiet/2, 0)
			}
			list = append(list, x)
			early = early || quiet < period
		}
		v := judge(list...)
		if v.Safe {
			safe++
		}
		if v.Safe && early {
			t.Fatalf("case %d is called safe: %s\n%+v", n, v.Why, v.Clients)
		}
	}
	if safe < 100 {
		t.Errorf("only %d of 5000 were called safe: the check checks nothing", safe)
	}
}
