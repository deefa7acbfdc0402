package httpauth

import (
	"net/netip"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func network(n int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(n >> 8), byte(n), 0}), 24)
}

func TestANetworkHasItsAllowanceAtOnceAndThenByAndBy(t *testing.T) {
	th := NewThrottle(60)
	for i := range 60 {
		if wait := th.Fail(network(1), noon); wait != 0 {
			t.Fatalf("failure %d has to wait %v", i+1, wait)
		}
	}
	if wait := th.Fail(network(1), noon); wait != time.Second {
		t.Errorf("failure 61 has to wait %v, want 1s", wait)
	}
	if wait := th.Fail(network(1), noon.Add(999*time.Millisecond)); wait != time.Millisecond {
		t.Errorf("after 999 ms: %v", wait)
	}
	if wait := th.Fail(network(1), noon.Add(time.Second)); wait != 0 {
		t.Errorf("after a second: %v", wait)
	}
	if wait := th.Fail(network(1), noon.Add(time.Second)); wait == 0 {
		t.Error("a second one in that second was allowed")
	}
	if wait := th.Fail(network(2), noon); wait != 0 {
		t.Errorf("another network has to wait %v", wait)
	}
	if n := th.Refused(); n != 3 {
		t.Errorf("%d refused, want 3", n)
	}
}

func TestARestedNetworkHasNoMoreThanItsAllowance(t *testing.T) {
	th := NewThrottle(10)
	allowed := 0
	for range 3 {
		th.Fail(network(1), noon)
	}
	for range 30 {
		if th.Fail(network(1), noon.Add(24*time.Hour)) == 0 {
			allowed++
		}
	}
	if allowed != 10 {
		t.Errorf("%d allowed after a day's rest, want 10", allowed)
	}
}

func TestTheThrottleForgetsNetworksThatAreQuiet(t *testing.T) {
	th := NewThrottle(60)
	for n := range 3 * mostNetworks {
		now := noon.Add(time.Duration(n/mostNetworks) * time.Minute)
		if wait := th.Fail(network(n), now); wait != 0 {
			t.Fatalf("network %d has to wait %v", n, wait)
		}
		if len(th.debts) > mostNetworks {
			t.Fatalf("%d networks are kept", len(th.debts))
		}
	}
}

func TestNetworksBeyondTheLimitShareOneAllowance(t *testing.T) {
	th := NewThrottle(60)
	for n := range mostNetworks {
		th.Fail(network(n), noon)
	}
	refused := 0
	for n := range 100 {
		if th.Fail(network(mostNetworks+n), noon) > 0 {
			refused++
		}
	}
	if refused != 40 || len(th.debts) != mostNetworks {
		t.Errorf("%d of 100 refused and %d networks kept, want 40 and %d", refused, len(th.debts), mostNetworks)
	}
	if th.Fail(network(0), noon) != 0 {
		t.Error("a network that is kept apart pays for the others")
	}
}

func TestAThrottleThatIsNotThereAllowsAll(t *testing.T) {
	var th *Throttle
	if th.Fail(network(1), noon) != 0 || th.Refused() != 0 {
		t.Error("a nil throttle refuses")
	}
}

func TestTheDefaultAllowanceIsSixtyAMinute(t *testing.T) {
	th := NewThrottle(0)
	n := 0
	for th.Fail(network(1), noon) == 0 {
		n++
	}
	if n != 60 {
		t.Errorf("%d", n)
	}
}

func TestAThrottleCountsExactlyUnderLoad(t *testing.T) {
	th := NewThrottle(60)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				th.Fail(network(1), noon)
			}
		})
	}
	all.Wait()
	if n := th.Refused(); n != 740 {
		t.Errorf("%d refused of 800, want 740", n)
	}
}
