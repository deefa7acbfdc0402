package verify

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

func TestUsesAreCountedByHourAndCaller(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	k, key := f.key(keystore.NewKey{User: u.ID, Name: "k", Rules: iprule.Rules{Deny: prefixes("203.0.113.0/24")}})
	l := &ledger{}
	v := f.verifier(Options{Record: l.record, MaxStale: 24 * time.Hour})
	use := func(n int, ip, agent, route string) {
		for range n {
			v.Verify(Request{Key: key, Caller: keystore.Caller{IP: netip.MustParseAddr(ip), Agent: agent, Route: route}})
		}
	}
	first := epoch
	use(3, "192.0.2.1", "curl/8.5", "GET /items/1")
	f.clock.Add(time.Second)
	use(2, "192.0.2.1", "curl/8.6", "GET /items/2") // of the same family
	must(t, v.Flush(t.Context()))
	use(1, "::ffff:192.0.2.1", "curl/8.5", "GET /items/1")
	use(4, "203.0.113.9", "curl/8.5", "GET /items/1")
	last := f.clock.Now()
	must(t, v.Flush(t.Context()))
	f.clock.Add(time.Hour)
	use(5, "192.0.2.1", "curl/8.5", "GET /items/1")
	must(t, v.Flush(t.Context()))
	tally := func(ip string, o keystore.Outcome, at time.Time) keystore.Tally {
		c := keystore.Caller{IP: netip.MustParseAddr(ip), Agent: "curl", Route: "GET /items/{id}"}
		return keystore.Tally{Secret: k.Current().ID, Hour: keystore.HourOf(at), Outcome: o, Caller: c}
	}
	for k, want := range map[keystore.Tally]uint64{
		tally("192.0.2.1", keystore.OK, epoch):                        6,
		tally("203.0.113.9", keystore.IPDenied, epoch):                4,
		tally("192.0.2.1", keystore.OK, epoch.Add(time.Hour)):         5,
		tally("203.0.113.9", keystore.OK, epoch):                      0,
		tally("203.0.113.9", keystore.IPDenied, epoch.Add(time.Hour)): 0,
	} {
		if got := l.tallies[k].N; got != want {
			t.Errorf("%+v: %d, want %d", k, got, want)
		}
	}
	if got := l.tallies[tally("192.0.2.1", keystore.OK, epoch)]; !got.First.Equal(first) || !got.Last.Equal(last) {
		t.Errorf("from %v to %v", got.First, got.Last)
	}
	if len(l.tallies) != 3 {
		t.Errorf("%d tallies", len(l.tallies))
	}
}

func TestCallersWithoutACellAreCountedByAddress(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	_, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	l := &ledger{}
	v := f.verifier(Options{Record: l.record})
	const agents = 500
	for n := range agents {
		for _, ip := range []string{"192.0.2.1", "192.0.2.2"} {
			v.Verify(Request{Key: key, Caller: keystore.Caller{IP: netip.MustParseAddr(ip), Agent: fmt.Sprint("agent-", n)}})
		}
	}
	must(t, v.Flush(t.Context()))
	for _, ip := range []string{"192.0.2.1", "192.0.2.2"} {
		at := netip.MustParseAddr(ip)
		if n := l.tallied(keystore.OK, func(k keystore.Tally) bool { return k.Caller.IP == at }); n != agents {
			t.Errorf("%d uses from %s, want %d", n, ip, agents)
		}
	}
	if len(l.tallies) != mostCallers+2 {
		t.Errorf("%d tallies", len(l.tallies))
	}
}

func TestAMillionCallersAreCountedInBoundedMemory(t *testing.T) {
	var c counters
	callers := 1_000_000
	if raceEnabled {
		callers /= 100
	}
	by := from("192.0.2.1")
	for n := range callers {
		by.IP = netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
		c.count(okIndex, &by, epoch.UnixMilli())
	}
	got := tallies{}
	u := c.take([12]byte{1}, got)
	if u.OK != uint64(callers) || len(got) != mostCallers+mostPlaces+1 {
		t.Errorf("%d uses by %d callers", u.OK, len(got))
	}
	var sum uint64
	for _, n := range got {
		sum += n.N
	}
	if sum != uint64(callers) {
		t.Errorf("%d by caller", sum)
	}
}

func TestRefusedCallersLeaveCellsToAcceptedOnes(t *testing.T) {
	var c counters
	by := from("192.0.2.1")
	denied := keystore.IPDenied.Index()
	for n := range 1000 {
		by.Agent = fmt.Sprint(n)
		c.count(denied, &by, epoch.UnixMilli())
	}
	noted := 0
	for n := range 10 * mostCallers {
		by.Agent = fmt.Sprint(n)
		if c.count(okIndex, &by, epoch.UnixMilli()) {
			noted++
		}
	}
	if noted != mostCallers-mostCallers/2 {
		t.Errorf("%d accepted callers are noted", noted)
	}
}

func TestAFullCellGoesOnCounting(t *testing.T) {
	var c counters
	by := from("192.0.2.1")
	c.count(okIndex, &by, epoch.UnixMilli())
	c.first.word.Store(c.first.word.Load() | countMask)
	for range 3 {
		if c.count(okIndex, &by, epoch.UnixMilli()) {
			t.Error("a caller is new again")
		}
	}
	if u := c.take([12]byte{1}, tallies{}); u.OK != countMask+3 {
		t.Errorf("%d uses, want %d", u.OK, countMask+3)
	}
}

// A clock that is set back finds the last hour over: whoever comes in it is
// counted without a cell, and no more of them are told apart than otherwise.
func TestCallersInAnHourThatIsOverAreBounded(t *testing.T) {
	var c counters
	by, uses := from("192.0.2.1"), 0
	count := func(at time.Time) bool {
		uses++
		return c.count(okIndex, &by, at.UnixMilli())
	}
	count(epoch)
	noted := 0
	for range 2 {
		for n := range 2 * mostMet {
			by.Agent = fmt.Sprint(n)
			if count(epoch.Add(-time.Hour)) {
				noted++
			}
		}
	}
	if noted != mostMet-1 || len(c.details().met) != mostMet+1 {
		t.Errorf("%d noted, %d kept, want at most %d", noted, len(c.details().met), mostMet)
	}
	if u := c.take([12]byte{1}, tallies{}); u.OK != uint64(uses) {
		t.Errorf("%d counted, want %d", u.OK, uses)
	}
}

func TestCallersAreTakenForOthersByNone(t *testing.T) {
	seen := map[uint64]keystore.Caller{}
	long := strings.Repeat("x", 40)
	for _, text := range []string{"", "a", "b", "1234567", "12345678", "12345679", "123456789", "abcdefgh12345678", "abcdefgh123456789", long, long + "y", "y" + long, "xxxxxxxxxxxxxxxxxxxxy" + long[:20]} {
		for _, other := range []string{"", "GET /", "GET /v1/models", "POST /v1/chat/completions"} {
			for _, ip := range []string{"10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8::2", ""} {
				for _, c := range []keystore.Caller{{Agent: text, Route: other}, {Agent: other, Route: text}} {
					c.IP, _ = netip.ParseAddr(ip)
					fp := fingerprint(&c, okIndex, 1)
					if had, known := seen[fp]; known && had != c {
						t.Errorf("%+v and %+v have one fingerprint", had, c)
					}
					seen[fp] = c
				}
			}
		}
	}
	a, b := from("192.0.2.1"), from("::ffff:192.0.2.1")
	if fingerprint(&a, okIndex, 1) != fingerprint(&b, okIndex, 1) {
		t.Error("an address is told from itself")
	}
	if fingerprint(&a, okIndex, 1) == fingerprint(&a, okIndex, 2) || fingerprint(&a, okIndex, 1) == fingerprint(&a, okIndex+1, 1) {
		t.Error("hours or outcomes are not told apart")
	}
}

func TestWhatTheEvictedCountedIsKept(t *testing.T) {
	var c counters
	by := from("192.0.2.1")
	for hour := range 20 {
		for n := range 6 {
			by.Agent = fmt.Sprint(n)
			c.count(okIndex, &by, epoch.Add(time.Duration(hour)*time.Hour).UnixMilli())
		}
	}
	got := tallies{}
	if u := c.take([12]byte{1}, got); u.OK != 120 || !u.Last.Time.Equal(epoch.Add(19*time.Hour)) || !u.First.Time.Equal(epoch) {
		t.Errorf("%d uses from %v to %v", u.OK, u.First.Time, u.Last.Time)
	}
	hours := map[int64]uint64{}
	for k, n := range got {
		hours[k.Hour] += n.N
	}
	for h, n := range hours {
		if n != 6 {
			t.Errorf("%d uses in hour %d", n, h)
		}
	}
	if len(hours) != 20 {
		t.Errorf("%d hours", len(hours))
	}
}

func TestStrangersAreCountedByHourAndNetwork(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	k, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	l := &ledger{}
	v := f.verifier(Options{Record: l.record, MaxStale: 24 * time.Hour})
	for n := range 3 {
		v.Verify(Request{Key: forge(key), Caller: from(fmt.Sprintf("192.0.2.%d", n))})
		v.Verify(Request{Key: stray(t), Caller: from("192.0.2.9")})
	}
	f.clock.Add(time.Hour)
	must(t, v.sync(t.Context()))
	for range mostStrangers + 5 {
		v.Verify(Request{Key: stray(t), Caller: from("192.0.2.9")})
	}
	must(t, v.Flush(t.Context()))
	id := k.Current().ID
	if n := l.tallied(keystore.WrongSecret, func(t keystore.Tally) bool {
		return t.Secret == id && t.Hour == keystore.HourOf(epoch) && t.Caller == from("192.0.2.0").Family()
	}); n != 3 {
		t.Errorf("%d attempts on the key by the first of the network", n)
	}
	if n := l.tallied(keystore.Unknown, func(t keystore.Tally) bool { return t.Secret.IsZero() && t.Hour == keystore.HourOf(epoch) }); n != 3 {
		t.Errorf("%d attempts with unknown ids in the first hour", n)
	}
	if n := l.tallied(keystore.Unknown, func(t keystore.Tally) bool { return t.Caller == keystore.Caller{} }); n != 5 {
		t.Errorf("%d attempts beyond the bound", n)
	}
}

func TestWhoWatchesSaysSoEveryMinute(t *testing.T) {
	l := &ledger{}
	f := newFixture(t)
	v := f.verifier(Options{Record: l.record, MaxStale: 24 * time.Hour})
	flush := func(d time.Duration) {
		t.Helper()
		f.clock.Add(d)
		must(t, v.Flush(t.Context()))
	}
	flush(time.Hour)
	if len(l.watched) != 0 {
		t.Fatalf("%v: nobody watched yet", l.watched)
	}
	v.uses.watch(f.clock.Now())
	for range 150 {
		flush(time.Second)
	}
	v.Verify(Request{Key: "junk", Caller: from("192.0.2.1")})
	flush(time.Second)
	if len(l.watched) != 3 {
		t.Fatalf("%v: want one a minute, and one with the attempt", l.watched)
	}
	for i, s := range l.watched {
		if i > 0 && !s.From.Equal(l.watched[i-1].To) {
			t.Errorf("%v does not follow %v", s, l.watched[i-1])
		}
	}
	f.clock.Add(20 * time.Second)
	must(t, v.drain())
	if s := l.watched[3]; s.To.Sub(s.From) != 20*time.Second {
		t.Errorf("%v: the last seconds before the end were not said", s)
	}
	flush(-time.Hour)
	if s := l.watched[4]; !s.From.Equal(s.To) {
		t.Errorf("a clock that was set back watched %v", s)
	}
}

func TestAnUncountedVerifierRecordsNothing(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	_, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	v := f.verifier(Options{Uncounted: true, Record: func(context.Context, keystore.UseBatch) error {
		t.Error("a batch was recorded")
		return nil
	}})
	if d := v.Verify(Request{Key: key, Caller: from("192.0.2.1")}); !d.OK() {
		t.Errorf("%s", d.Outcome)
	}
	v.Verify(Request{Key: "junk", Caller: from("192.0.2.1")})
	must(t, v.Flush(t.Context()))
	if n := sum(v.Counts()); n != 0 {
		t.Errorf("%d counted", n)
	}
}

// Requests that overlap the turn of the hour must not start the old and the
// new hour again and again.
func TestRequestsAroundTheFullHourStartOneNewHour(t *testing.T) {
	var c counters
	a, b := from("192.0.2.1"), from("192.0.2.2")
	old, young := epoch, epoch.Add(time.Hour)
	notes := 0
	for _, use := range []struct {
		by *keystore.Caller
		at time.Time
	}{{&a, old}, {&b, young}, {&a, old}, {&b, young}, {&a, young}, {&b, old}, {&a, old}, {&b, young}} {
		if c.count(okIndex, use.by, use.at.UnixMilli()) {
			notes++
		}
	}
	if notes != 4 {
		t.Errorf("%d notes, want 4: each caller in each hour", notes)
	}
	if !c.count(okIndex, &b, old.Add(-5*time.Hour).UnixMilli()) {
		t.Error("after the clock was set back a caller is not noted")
	}
}
