package lint_test

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// activity returns what was seen of the first key's current secret.
func (w *world) activity() *lint.Activity { return w.activityOf(w.key().Current().ID) }

func (w *world) activityOf(id token.ID) *lint.Activity {
	if w.Activity == nil {
		w.Activity = map[token.ID]*lint.Activity{}
	}
	if w.Activity[id] == nil {
		w.Activity[id] = new(lint.Activity)
	}
	return w.Activity[id]
}

// saw adds uses of the first key, from so long ago until so long ago.
func (w *world) saw(ip, agent string, o keystore.Outcome, n uint64, from, to time.Duration) {
	w.sawOf(w.key().Current().ID, ip, agent, o, n, from, to)
}

func (w *world) sawOf(id token.ID, ip, agent string, o keystore.Outcome, n uint64, from, to time.Duration) {
	var c usage.Counts
	c[o.Index()] = n
	a := w.activityOf(id)
	a.Seen = append(a.Seen, lint.Seen{
		IP: netip.MustParseAddr(ip), Agent: agent, Counts: c, First: now.Add(-from), Last: now.Add(-to),
	})
}

// uses adds accepted uses by an address for the last 20 days.
func (w *world) uses(ip string, n uint64) { w.saw(ip, "curl", keystore.OK, n, 20*day, time.Hour) }

// busy makes the first key one of a person, with n uses in 30 days.
func (w *world) busy(n uint64) {
	w.own(func(u *keystore.User) { u.Kind = keystore.Person })
	w.uses("10.4.7.9", n)
}

// spread adds uses from n networks of different providers.
func (w *world) spread(n int) {
	for i := range n {
		w.saw(fmt.Sprintf("10.%d.0.1", i), fmt.Sprintf("agent-%d", i%2), keystore.OK, 1, 2*day, time.Hour)
	}
}

func (w *world) agents(n int) {
	for i := range n {
		w.saw("10.4.7.9", fmt.Sprintf("agent-%d", i), keystore.OK, 1, 2*day, time.Hour)
	}
}

// attacked adds attempts with a wrong secret and a use from that network.
func (w *world) attacked(n uint64, used string) {
	w.saw("203.0.113.0", "", keystore.WrongSecret, n, 3*time.Hour, 2*time.Hour)
	w.saw(used, "curl", keystore.OK, 1, time.Hour, time.Hour)
}

// nightly makes the first key one that is used from 08:00 to 18:00.
func (w *world) nightly(n uint64, at int) {
	a := w.activity()
	for h := 8; h < 18; h++ {
		a.Hours[h] = n / 10
	}
	a.Today[9] = 10
	a.Today[at]++
}

func (w *world) volume(usual, today uint64) {
	a := w.activity()
	for i := range a.Days {
		a.Days[i] = usual
	}
	a.Days[0] = today
}

var (
	oldSecret = token.ID([]byte("oldsecret001"))
	newSecret = token.ID([]byte("newsecret001"))
)

// rotating gives the first key two secrets; the old one ends so far ahead.
func (w *world) rotating(ends time.Duration) {
	w.key().Secrets = []keystore.Secret{
		{ID: newSecret, State: keystore.Current, Created: now.Add(-3 * day)},
		{ID: oldSecret, State: keystore.Retiring, Created: now.Add(-40 * day), Retires: now.Add(ends)},
	}
}

// moved lets both secrets be used: the new one since, the old one until so long
// ago.
func (w *world) moved(since, until time.Duration) {
	w.rotating(2 * day)
	w.sawOf(newSecret, "10.4.7.9", "curl", keystore.OK, 5, since, time.Minute)
	w.sawOf(oldSecret, "10.4.7.40", "curl", keystore.OK, 500, 20*day, until)
}

// retired gives the first key a retired secret that is still tried.
func (w *world) retired(ago time.Duration, hosts ...string) {
	w.rotating(-day)
	for _, ip := range hosts {
		w.sawOf(oldSecret, ip, "curl", keystore.Revoked, 4, 20*day, ago)
	}
}

func (w *world) signs(list ...lint.Sign) { w.Store.Signs = list }

func beat(ago time.Duration) lint.Sign {
	return lint.Sign{Time: now.Add(-ago), Code: journal.EventServeHeartbeat.Code}
}

func stop(ago time.Duration) lint.Sign {
	return lint.Sign{Time: now.Add(-ago), Code: journal.EventServeStop.Code}
}

var useTrials = map[string][]trial{
	"PAK204": {
		{at + "256 times", func(w *world) { w.allow("10.4.7.0/24"); w.uses("10.4.7.9", 100) }, ""},
		{"more than 256 times", func(w *world) { w.allow("10.4.6.0/23"); w.uses("10.4.7.9", 100) }, "info"},
		{at + "65,536 needless addresses", func(w *world) { w.allow("10.4.0.0/16"); w.uses("10.4.7.9", 100) }, "info"},
		{"more needless addresses", func(w *world) { w.allow("10.4.0.0/15"); w.uses("10.4.7.9", 100) }, "warning"},
		{"99 uses", func(w *world) { w.allow("10.0.0.0/8"); w.uses("10.4.7.9", 99) }, ""},
		{at + "7 days", func(w *world) {
			w.allow("10.0.0.0/8")
			w.saw("10.4.7.9", "curl", keystore.OK, 100, 7*day+time.Hour, time.Hour)
		}, "warning"},
		{"less than 7 days", func(w *world) {
			w.allow("10.0.0.0/8")
			w.saw("10.4.7.9", "curl", keystore.OK, 100, 7*day, time.Hour)
		}, ""},
		{"more callers than are told apart", func(w *world) { w.allow("10.0.0.0/8"); w.uses("10.4.7.9", 100); w.activity().Beyond = 1 }, ""},
		{"an IPv6 network is needed whole", func(w *world) { w.allow("2001:db8::/56"); w.uses("2001:db8::9", 100) }, ""},
		{"a wide IPv6 network", func(w *world) { w.allow("2001:db8::/48"); w.uses("2001:db8::9", 100) }, "info"},
		{"nothing known", func(w *world) { w.allow("10.0.0.0/8") }, ""},
	},
	"PAK210": {
		{"IPv6 refused", func(w *world) { w.saw("2001:db8::9", "", keystore.IPDenied, 1, day, day) }, "warning"},
		{"IPv4 refused", func(w *world) { w.allow("2001:db8::/64"); w.saw("10.4.7.9", "", keystore.IPDenied, 1, day, day) }, "warning"},
		{at + "7 days ago", func(w *world) { w.saw("2001:db8::9", "", keystore.IPDenied, 1, 7*day, 7*day) }, "warning"},
		{"longer ago", func(w *world) { w.saw("2001:db8::9", "", keystore.IPDenied, 1, 8*day, 7*day+time.Second) }, ""},
		{"the same family", func(w *world) { w.saw("203.0.113.9", "", keystore.IPDenied, 9, day, day) }, ""},
		{"both families", func(w *world) {
			w.allow("10.4.7.0/26", "2001:db8::/64")
			w.saw("2001:db8:1::9", "", keystore.IPDenied, 1, day, day)
		}, ""},
	},
	"PAK213": {
		{"private list, public callers", func(w *world) { w.saw("203.0.113.9", "", keystore.IPDenied, 1, day, day) }, "warning"},
		{"public list, private callers", func(w *world) { w.allow("198.51.100.0/28"); w.uses("10.0.0.5", 9) }, "warning"},
		{"both", func(w *world) { w.uses("10.4.7.9", 1); w.saw("203.0.113.9", "", keystore.IPDenied, 1, day, day) }, ""},
		{"a mixed list", func(w *world) { w.allow("10.4.7.0/26", "198.51.100.0/28"); w.uses("10.4.7.9", 1) }, ""},
		{"refused for another reason", func(w *world) { w.saw("203.0.113.9", "", keystore.Expired, 1, day, day) }, ""},
	},
	"PAK214": {
		{"the proxy itself", func(w *world) { w.allow("10.0.0.5/32") }, "error"},
		{"its network", func(w *world) { w.allow("10.0.0.0/24", "10.4.7.0/26") }, "error"},
		{"all of a believed prefix", func(w *world) { w.allow("10.7.0.0/16") }, "error"},
		{"a part of a believed prefix", func(w *world) { w.allow("10.7.1.0/24") }, "warning"},
		{"two of them", func(w *world) { w.allow("10.0.0.5/32", "10.7.1.0/24") }, "error warning"},
		{"an expired key", func(w *world) { w.allow("10.0.0.5/32"); w.ends(0) }, ""},
		{"no proxies", func(w *world) { w.allow("10.0.0.5/32"); w.Store.Proxies = nil }, ""},
		{"clients only", func(*world) {}, ""},
	},
	"PAK215": {
		{at + "100 uses", func(w *world) { w.allow("10.4.7.0/26", "10.9.0.0/24"); w.uses("10.4.7.9", 100) }, "info"},
		{"99 uses", func(w *world) { w.allow("10.4.7.0/26", "10.9.0.0/24"); w.uses("10.4.7.9", 99) }, ""},
		{"seen before the 30 days", func(w *world) {
			w.allow("10.4.7.0/26", "10.9.0.0/24")
			w.uses("10.4.7.9", 100)
			w.saw("10.9.0.9", "", keystore.OK, 0, 80*day, 60*day)
		}, ""},
		{"nobody from anywhere on the list", func(w *world) { w.allow("10.8.0.0/24", "10.9.0.0/24"); w.uses("10.4.7.9", 100) }, ""},
		{"one entry", func(w *world) { w.allow("10.9.0.0/24"); w.uses("10.4.7.9", 100) }, ""},
	},
	"PAK303": {
		{at + "100 a day", func(w *world) { w.busy(3000) }, ""},
		{"101 a day", func(w *world) { w.busy(3030) }, "info"},
		{"a service", func(w *world) { w.uses("10.4.7.9", 90_000) }, ""},
	},
}

var behaviourTrials = map[string][]trial{
	"PAK401": {
		{at + "5 networks", func(w *world) { w.spread(5) }, ""},
		{"6 networks", func(w *world) { w.spread(6) }, "warning"},
		{"6 networks of one provider", func(w *world) {
			for i := range 6 {
				w.uses(fmt.Sprintf("10.4.%d.1", i), 1)
			}
		}, ""},
		{"more than a week ago", func(w *world) {
			w.spread(5)
			w.saw("10.99.0.1", "", keystore.OK, 1, 9*day, 7*day+time.Second)
		}, ""},
		{"refused", func(w *world) { w.spread(5); w.saw("10.99.0.1", "", keystore.IPDenied, 1, day, day) }, ""},
	},
	"PAK402": {
		{at + "4 agents", func(w *world) { w.agents(4) }, ""},
		{"5 agents", func(w *world) { w.agents(5) }, "info"},
		{"5 agents in 6 networks", func(w *world) { w.agents(5); w.spread(6) }, "warning"},
		{"not told apart", func(w *world) { w.agents(4); w.saw("10.4.7.9", usage.Several, keystore.OK, 1, day, day) }, ""},
	},
	"PAK404": {
		{at + "24 hours", func(w *world) { w.allow(); w.uses("10.4.7.9", 9); w.saw("203.0.113.9", "", keystore.OK, 1, day, day) }, "info"},
		{"longer ago", func(w *world) {
			w.allow()
			w.uses("10.4.7.9", 9)
			w.saw("203.0.113.9", "", keystore.OK, 1, day+time.Second, time.Hour)
		}, ""},
		{"the same network", func(w *world) { w.allow(); w.uses("10.4.7.9", 9); w.saw("10.4.7.40", "", keystore.OK, 1, time.Hour, 0) }, ""},
		{"a new key", func(w *world) { w.allow(); w.saw("203.0.113.9", "", keystore.OK, 1, time.Hour, 0) }, ""},
		{"an allow list", func(w *world) { w.uses("10.4.7.9", 9); w.saw("203.0.113.9", "", keystore.OK, 1, time.Hour, 0) }, ""},
	},
	"PAK405": {
		{at + "120 an hour", func(w *world) { w.activity().Worst = lint.Burst{Outcome: keystore.IPDenied, N: 120} }, ""},
		{"121 an hour", func(w *world) { w.activity().Worst = lint.Burst{Outcome: keystore.IPDenied, N: 121} }, "warning"},
	},
	"PAK406": {
		{at + "10 attempts", func(w *world) { w.attacked(10, "203.0.113.70") }, ""},
		{"11 attempts", func(w *world) { w.attacked(11, "203.0.113.70") }, "error"},
		{"used from elsewhere", func(w *world) { w.attacked(99, "10.4.7.9") }, ""},
		{"used before", func(w *world) {
			w.saw("203.0.113.0", "", keystore.WrongSecret, 99, time.Hour, time.Hour)
			w.saw("203.0.113.70", "curl", keystore.OK, 1, 3*time.Hour, 2*time.Hour)
		}, ""},
	},
	"PAK407": {
		{"two hosts", func(w *world) { w.retired(time.Hour, "10.4.7.9", "10.4.7.40") }, "warning"},
		{"one host", func(w *world) { w.retired(time.Hour, "10.4.7.9") }, "info"},
		{at + "24 hours", func(w *world) { w.retired(day, "10.4.7.9") }, "info"},
		{"longer ago", func(w *world) { w.retired(day+time.Second, "10.4.7.9") }, ""},
		{"an expired key", func(w *world) { w.ends(-day); w.saw("10.4.7.9", "", keystore.Expired, 4, day, time.Hour) }, "info"},
		{"not tried", func(w *world) { w.retired(time.Hour); w.uses("10.4.7.9", 1) }, ""},
	},
	"PAK408": {
		{at + "500 uses", func(w *world) { w.nightly(500, 3) }, "info"},
		{"490 uses", func(w *world) { w.nightly(490, 3) }, ""},
		{"within its hours", func(w *world) { w.nightly(500, 17) }, ""},
		{at + "99 of 100", func(w *world) { w.nightly(990, 3); w.activity().Hours[3] = 10 }, ""},
		{"used all day", func(w *world) {
			for h := range w.activity().Hours {
				w.activity().Hours[h], w.activity().Today[h] = 100, 1
			}
		}, ""},
	},
	"PAK409": {
		{at + "1000 uses", func(w *world) { w.volume(10, 1000) }, ""},
		{"1001 uses", func(w *world) { w.volume(10, 1001) }, "info"},
		{at + "10 times as many", func(w *world) { w.volume(200, 2000) }, ""},
		{"more than 10 times as many", func(w *world) { w.volume(200, 2001) }, "info"},
		{"a new key", func(w *world) { w.volume(0, 5000) }, ""},
	},
	"PAK410": {
		{at + "one request", func(w *world) { w.activity().InURL = 1 }, "error"},
		{"a revoked key", func(w *world) { w.activity().InURL = 1; w.key().Revoked = now }, ""},
		{"no request", func(w *world) { w.uses("10.4.7.9", 9) }, ""},
	},
	"PAK502": {
		{at + "7 days", func(w *world) { w.rotating(7 * day) }, ""},
		{"a second more", func(w *world) { w.rotating(7*day + time.Second) }, "error"},
		{"waits for the first use", func(w *world) {
			w.rotating(0)
			w.key().Secrets[0].Created, w.key().Secrets[1].Retires = now.Add(-7*day-time.Second), time.Time{}
		}, "error"},
		{at + "waits for 7 days", func(w *world) {
			w.rotating(0)
			w.key().Secrets[0].Created, w.key().Secrets[1].Retires = now.Add(-7*day), time.Time{}
		}, ""},
		{"ended", func(w *world) { w.rotating(-day) }, ""},
	},
	"PAK503": {
		{at + "24 hours", func(w *world) { w.moved(2*day, day) }, "warning"},
		{"a second longer", func(w *world) { w.moved(2*day, day+time.Second) }, ""},
		{"the new one is not in use", func(w *world) {
			w.rotating(2 * day)
			w.sawOf(oldSecret, "10.4.7.40", "curl", keystore.OK, 500, 20*day, time.Hour)
		}, ""},
	},
	"PAK504": {
		{at + "24 hours", func(w *world) { w.moved(day, day) }, "info"},
		{"the new one is younger", func(w *world) { w.moved(day-time.Second, 2*day) }, ""},
		{"the old one is in use", func(w *world) { w.moved(2*day, day-time.Second) }, ""},
		{"not rotated", func(w *world) { w.uses("10.4.7.9", 9) }, ""},
	},
}

var signTrials = map[string][]trial{
	"PAK703": {
		{at + "2 hours", func(w *world) { w.signs(beat(3*time.Hour), beat(time.Hour)) }, ""},
		{"a second more", func(w *world) { w.signs(beat(3*time.Hour+time.Second), beat(time.Hour)) }, "warning"},
		{"until now", func(w *world) { w.signs(beat(2*time.Hour + time.Second)) }, "warning"},
		{"it had ended", func(w *world) { w.signs(stop(9 * time.Hour)) }, ""},
		{"it had ended, then began", func(w *world) { w.signs(stop(9*time.Hour), beat(time.Hour)) }, ""},
		{"no verifier", func(*world) {}, ""},
	},
	"PAK704": {
		{at + "2 seconds", func(w *world) { w.Store.Jumps = []lint.Jump{{Seq: 9, Before: now, After: now.Add(-2 * time.Second)}} }, ""},
		{"more", func(w *world) {
			w.Store.Jumps = []lint.Jump{{Seq: 9, Before: now, After: now.Add(-2001 * time.Millisecond)}}
		}, "warning"},
		{at + "a minute ahead", func(w *world) { w.Store.Newest = now.Add(time.Minute) }, ""},
		{"further ahead", func(w *world) { w.Store.Newest = now.Add(time.Minute + time.Second) }, "warning"},
	},
	"PAK706": {
		{"NFS", func(w *world) { w.Store.Disk.Network = "NFS" }, "error"},
		{"a local disk", func(*world) {}, ""},
	},
}
