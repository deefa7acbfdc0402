package verify

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// ledger keeps the batches that a Verifier records.
type ledger struct {
	mu      sync.Mutex
	uses    keystore.Uses
	tallies tallies
	watched []keystore.Span
	notable []keystore.Use
	fail    func() bool // whether the next batch is refused
}

var errLedger = errors.New("the ledger is closed")

func (l *ledger) record(_ context.Context, b keystore.UseBatch) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil && l.fail() {
		return errLedger
	}
	for _, u := range b.Uses {
		l.uses = l.uses.Add(u)
	}
	if l.tallies == nil {
		l.tallies = tallies{}
	}
	for k, n := range b.Tallies {
		l.tallies.add(k, n)
	}
	if !b.Watched.IsZero() {
		l.watched = append(l.watched, b.Watched)
	}
	l.notable = append(l.notable, b.Notable...)
	return nil
}

// tallied returns how many uses with an outcome were told apart by f.
func (l *ledger) tallied(o keystore.Outcome, f func(keystore.Tally) bool) (n uint64) {
	for k, c := range l.tallies {
		if k.Outcome == o && f(k) {
			n += c.N
		}
	}
	return n
}

func anybody(keystore.Tally) bool { return true }

// noted returns how many notable uses had an outcome.
func (l *ledger) noted(o keystore.Outcome) (n int) {
	for _, u := range l.notable {
		if u.Outcome == o {
			n++
		}
	}
	return n
}

func TestNoUseIsLostOrCountedTwice(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot", "chat:read")
	_, open := f.key(keystore.NewKey{User: u.ID, Name: "open"})
	_, closed := f.key(keystore.NewKey{User: u.ID, Name: "closed", Rules: iprule.Rules{Allow: prefixes("10.0.0.0/8")}})
	turn := 0
	l := &ledger{fail: func() bool { turn++; return turn%2 == 0 }}
	v := f.verifier(Options{Record: l.record})
	requests := []Request{
		{Key: open, Caller: from("192.0.2.1")},
		{Key: open, Caller: from("192.0.2.2")},
		{Key: open, Caller: from("192.0.2.1"), Scope: "chat:write"},
		{Key: closed, Caller: from("192.0.2.1")},
		{Key: forge(open), Caller: from("192.0.2.1")},
		{Key: "junk", Caller: from("192.0.2.1")},
	}
	const workers, rounds = 8, 300
	var flushing, working sync.WaitGroup
	var done atomic.Bool
	for range 2 {
		flushing.Go(func() {
			for !done.Load() {
				_ = v.Flush(t.Context())
			}
		})
	}
	for range workers {
		working.Go(func() {
			for range rounds {
				for _, req := range requests {
					v.Verify(req)
				}
			}
		})
	}
	working.Wait()
	done.Store(true)
	flushing.Wait()
	for v.Flush(t.Context()) != nil {
	}
	const each = workers * rounds
	if l.uses.OK != 2*each || l.uses.Denied[keystore.ScopeDenied] != each || l.uses.Denied[keystore.IPDenied] != each {
		t.Errorf("recorded %d ok and %v, want %d of each request", l.uses.OK, l.uses.Denied, each)
	}
	for o, want := range map[keystore.Outcome]uint64{
		keystore.OK: 2 * each, keystore.ScopeDenied: each, keystore.IPDenied: each, keystore.WrongSecret: each, keystore.Malformed: each,
	} {
		if n := l.tallied(o, anybody); n != want {
			t.Errorf("%d %s by caller, want %d", n, o, want)
		}
	}
	want := map[keystore.Outcome]uint64{
		keystore.OK: 2 * each, keystore.ScopeDenied: each, keystore.IPDenied: each,
		keystore.WrongSecret: each, keystore.Malformed: each,
	}
	for i, n := range v.Counts() {
		if n != want[keystore.Outcomes[i]] {
			t.Errorf("Counts: %d %s, want %d", n, keystore.Outcomes[i], want[keystore.Outcomes[i]])
		}
	}
	for _, c := range []struct {
		outcome keystore.Outcome
		want    int
	}{
		{keystore.OK, 2},
		{keystore.ScopeDenied, 1},
		{keystore.IPDenied, 1},
		{keystore.WrongSecret, 1},
		{keystore.Malformed, 1},
	} {
		if n := l.noted(c.outcome); n != c.want {
			t.Errorf("%d notable uses are %s, want %d: the first of each caller", n, c.outcome, c.want)
		}
	}
}

func TestAChangedKeyKeepsItsCounts(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	k, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	v := f.verifier(Options{})
	v.Verify(Request{Key: key, Caller: from("192.0.2.1")})
	name := "renamed"
	_, err := f.EditKey(t.Context(), k.ID, 1, keystore.KeyEdit{Name: &name})
	must(t, err)
	must(t, v.sync(t.Context()))
	v.Verify(Request{Key: key, Caller: from("192.0.2.1")})
	must(t, v.Flush(t.Context()))
	if n := f.uses(k.ID).OK; n != 2 {
		t.Errorf("%d uses recorded, want 2", n)
	}
}

func TestABatchThatCannotBeWrittenIsKept(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	_, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	broken := true
	l := &ledger{fail: func() bool { return broken }}
	v := f.verifier(Options{Record: l.record})
	for i := range 3 {
		f.clock.Add(time.Second)
		v.Verify(Request{Key: key, Caller: from(fmt.Sprintf("192.0.2.%d", i+1))})
		if err := v.Flush(t.Context()); !errors.Is(err, errLedger) {
			t.Fatalf("Flush: %v", err)
		}
	}
	broken = false
	must(t, v.Flush(t.Context()))
	if l.uses.OK != 3 || len(l.notable) != 3 {
		t.Errorf("%d uses and %d notes, want 3 and 3", l.uses.OK, len(l.notable))
	}
	if !l.uses.First.Time.Equal(epoch.Add(time.Second)) || l.uses.First.IP != netip.MustParseAddr("192.0.2.1") {
		t.Errorf("first use %+v", l.uses.First)
	}
	if !l.uses.Last.Time.Equal(epoch.Add(3*time.Second)) || l.uses.Last.IP != netip.MustParseAddr("192.0.2.3") {
		t.Errorf("last use %+v", l.uses.Last)
	}
	must(t, v.Flush(t.Context()))
	if l.uses.OK != 3 {
		t.Errorf("%d uses after an empty flush", l.uses.OK)
	}
}

func TestTwoBatchesPutBackAreBothKept(t *testing.T) {
	r := newRecorder(func(string) string { return "" })
	id := token.ID([]byte("4kTMd9zqW8aB"))
	one := func(route string) keystore.UseBatch {
		return keystore.UseBatch{
			Uses:    map[token.ID]keystore.Uses{id: {OK: 1}},
			Tallies: map[keystore.Tally]keystore.Count{{Secret: id}: {N: 1}},
			Watched: keystore.Span{From: epoch.Add(-time.Duration(len(route)) * time.Second), To: epoch},
			Notable: []keystore.Use{{Sighting: keystore.Sighting{Caller: keystore.Caller{Route: route}}}},
		}
	}
	r.putBack(one("a"))
	r.putBack(one("bb"))
	b := r.take(epoch, false)
	if b.Uses[id].OK != 2 || len(b.Notable) != 2 || b.Tallies[keystore.Tally{Secret: id}].N != 2 || b.Watched.To.Sub(b.Watched.From) != 2*time.Second {
		t.Errorf("%+v, want both", b)
	}
}

func TestAStoreThatCannotBeWrittenCostsBoundedMemory(t *testing.T) {
	r := newRecorder(func(string) string { return "" })
	for range 3 {
		for range mostPending + 10 {
			r.note(keystore.Use{})
		}
		r.putBack(r.take(epoch, false))
	}
	if n := len(r.take(epoch, false).Notable); n != mostPending {
		t.Errorf("%d notes wait, want %d", n, mostPending)
	}
}

func TestACallerIsNotedOnceAnHour(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	_, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	l := &ledger{}
	v := f.verifier(Options{Record: l.record, MaxStale: 24 * time.Hour})
	use := func(ip, agent, route string) {
		for range 5 {
			v.Verify(Request{Key: key, Caller: keystore.Caller{IP: netip.MustParseAddr(ip), Agent: agent, Route: route}})
		}
	}
	for range 2 { // 14:32 and 15:32
		use("192.0.2.1", "curl", "GET /a")
		use("192.0.2.1", "curl", "GET /b")
		use("192.0.2.1", "wget", "GET /a")
		use("192.0.2.2", "curl", "GET /a")
		use("::ffff:192.0.2.2", "curl", "GET /a") // the same as the one before
		f.clock.Add(time.Hour)
	}
	must(t, v.Flush(t.Context()))
	if n := l.noted(keystore.OK); n != 8 {
		t.Errorf("%d notes, want 4 callers in 2 hours", n)
	}
}

func TestACallerWhoIsRefusedAndAcceptedIsNotedForBoth(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot", "chat:read")
	k, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	v := f.verifier(Options{})
	f.clock.Add(time.Second)
	v.Verify(Request{Key: key, Caller: from("192.0.2.1")})
	f.clock.Add(time.Second)
	v.Verify(Request{Key: key, Caller: from("192.0.2.1"), Scope: "admin:all"})
	must(t, v.Flush(t.Context()))
	got := f.uses(k.ID)
	if got.OK != 1 || got.Denied[keystore.ScopeDenied] != 1 || got.LastReason != keystore.ScopeDenied {
		t.Errorf("%+v", got)
	}
	if !got.Last.Time.Equal(epoch.Add(time.Second)) || !got.LastDenied.Time.Equal(epoch.Add(2*time.Second)) {
		t.Errorf("last %v, last denied %v", got.Last.Time, got.LastDenied.Time)
	}
	if got.Last.Caller != from("192.0.2.1") || got.LastDenied.Caller != from("192.0.2.1") {
		t.Errorf("callers %+v and %+v", got.Last.Caller, got.LastDenied.Caller)
	}
}

func TestCallersBeyondTheLimitAreCountedTogether(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	_, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	l := &ledger{}
	v := f.verifier(Options{Record: l.record})
	const callers = 10 * mostCallers
	last := netip.MustParseAddr("10.0.0.0")
	for range 2 {
		last = netip.MustParseAddr("10.0.0.0")
		for range callers {
			last = last.Next()
			f.clock.Add(time.Millisecond)
			v.Verify(Request{Key: key, Caller: keystore.Caller{IP: last}})
		}
	}
	must(t, v.Flush(t.Context()))
	if n := l.noted(keystore.OK); n != mostCallers {
		t.Errorf("%d notes, want %d", n, mostCallers)
	}
	if l.uses.OK != 2*callers {
		t.Errorf("%d uses, want %d: all are counted", l.uses.OK, 2*callers)
	}
	if got := l.uses.Last.IP; got != last {
		t.Errorf("last used from %v, want %v", got, last)
	}
}

func TestStrangersAreNotedByNetworkAndBounded(t *testing.T) {
	f := newFixture(t)
	l := &ledger{}
	v := f.verifier(Options{Record: l.record})
	for i := range 200 {
		v.Verify(Request{Key: "junk", Caller: from(fmt.Sprintf("192.0.2.%d", i))})
		v.Verify(Request{Key: "junk", Caller: from(fmt.Sprintf("2001:db8::%x", i))})
	}
	must(t, v.Flush(t.Context()))
	if n := l.noted(keystore.Malformed); n != 2 {
		t.Errorf("%d notes, want one for each of two networks", n)
	}
	if fp := l.notable[0].Fingerprint; fp != f.Fingerprint("junk") {
		t.Errorf("fingerprint %q", fp)
	}
	for i := range mostStrangers + 50 {
		v.Verify(Request{Key: "junk", Caller: from(fmt.Sprintf("10.%d.%d.1", i/256, i%256))})
	}
	must(t, v.Flush(t.Context()))
	if n := l.noted(keystore.Malformed); n != mostStrangers {
		t.Errorf("%d notes, want %d", n, mostStrangers)
	}
	if n := sum(v.Counts()); n != 400+mostStrangers+50 {
		t.Errorf("%d counted", n)
	}
	f.clock.Add(time.Hour)
	must(t, v.sync(t.Context()))
	v.Verify(Request{Key: "junk", Caller: from("192.0.2.1")})
	must(t, v.Flush(t.Context()))
	if n := l.noted(keystore.Malformed); n != mostStrangers+1 {
		t.Errorf("%d notes in the next hour, want one more", n)
	}
}

func TestAWrongSecretIsNotedWithTheKeyItWasTriedOn(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	k, key := f.key(keystore.NewKey{User: u.ID, Name: "ci"})
	l := &ledger{}
	v := f.verifier(Options{Record: l.record})
	v.Verify(Request{Key: forge(key), Caller: from("192.0.2.1")})
	must(t, v.Flush(t.Context()))
	if n := l.notable[0]; n.Key != k.ID || n.Ref != "bot/ci" || n.Secret != k.Secrets[0].ID || n.Fingerprint != f.Fingerprint(forge(key)) {
		t.Errorf("%+v", n)
	}
	if len(l.uses.Denied) != 0 || l.uses.OK != 0 {
		t.Errorf("%+v: who lacks the secret is no user of the key", l.uses)
	}
}

func TestARefusedUseIsRecordedWithItsReason(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	_, key := f.key(keystore.NewKey{User: u.ID, Name: "k", Rules: iprule.Rules{Deny: prefixes("192.0.2.0/24")}})
	l := &ledger{}
	v := f.verifier(Options{Record: l.record})
	v.Verify(Request{Key: key, Caller: from("192.0.2.1")})
	must(t, v.Flush(t.Context()))
	if r := l.notable[0].Reason; !strings.Contains(r, "denied by d1 192.0.2.0/24") {
		t.Errorf("reason %q", r)
	}
}

// A client may send any byte in a User-Agent. What is stored must be readable
// again and harmless on a terminal.
func TestWhatACallerSaysOfItselfIsStoredAsPlainText(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	k, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	v := f.verifier(Options{})
	for _, agent := range []string{
		"\xff\xfe", "\x1b[31mred", "\u009b31m", "a\u202eb", strings.Repeat("é", 400), "\xe2\x82", "ok/1.0",
	} {
		f.clock.Add(time.Second)
		v.Verify(Request{Key: key, Caller: keystore.Caller{IP: netip.MustParseAddr("192.0.2.1"), Agent: agent, Route: agent}})
		must(t, v.Flush(t.Context()))
		last := f.uses(k.ID).Last
		for _, s := range []string{last.Agent, last.Route} {
			if !utf8.ValidString(s) || len(s) > mostText || strings.ContainsAny(s, "\x1b\u009b\u202e") {
				t.Errorf("%q is stored as %q", agent, s)
			}
		}
		if agent == "ok/1.0" && last.Agent != agent {
			t.Errorf("%q is stored as %q", agent, last.Agent)
		}
	}
}
