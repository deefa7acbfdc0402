package httpauth

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultFailuresPerMinute is how many failures a network may have a minute.
const DefaultFailuresPerMinute = 60

// mostNetworks bounds the memory of a [Throttle], about 64 bytes each. When
// there are more that failed lately, the new ones share one allowance.
const mostNetworks = 8192

// sweepEvery is how often a full Throttle looks for networks to forget.
const sweepEvery = time.Second

// Throttle limits failed attempts by the network they come from
// ([verify.Network]). Only attempts that proved nothing count, and only they
// are refused with "too many": a good key works from a throttled network, and
// since nothing is counted by key id, nobody can lock out a key whose id he
// knows. Its methods may be called from several goroutines.
type Throttle struct {
	every time.Duration // one failure is forgiven in this time
	burst time.Duration // allowance when rested, as a time

	mu      sync.Mutex
	debts   map[netip.Prefix]time.Time // when all failures will be forgiven
	others  time.Time                  // the same, of networks beyond mostNetworks
	swept   time.Time
	refused atomic.Uint64
}

// NewThrottle allows each network a number of failures a minute, all at once
// if it was quiet before; 0 means [DefaultFailuresPerMinute].
func NewThrottle(perMinute int) *Throttle {
	if perMinute <= 0 {
		perMinute = DefaultFailuresPerMinute
	}
	return &Throttle{
		every: time.Minute / time.Duration(perMinute), burst: time.Minute,
		debts: map[netip.Prefix]time.Time{},
	}
}

// Fail counts a failure and returns how long the network should wait before
// the next one: 0 if it is within its allowance. A nil Throttle allows all.
func (t *Throttle) Fail(network netip.Prefix, now time.Time) time.Duration {
	if t == nil {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	debt, known := t.debts[network]
	shared := !known && !t.room(now)
	if shared {
		debt = t.others
	}
	if debt.Before(now) {
		debt = now
	}
	debt = debt.Add(t.every)
	if over := debt.Sub(now) - t.burst; over > 0 {
		t.refused.Add(1)
		return over
	}
	if shared {
		t.others = debt
	} else {
		t.debts[network] = debt
	}
	return 0
}

// room reports whether one more network can be kept apart.
func (t *Throttle) room(now time.Time) bool {
	if len(t.debts) < mostNetworks {
		return true
	}
	if now.Sub(t.swept) < sweepEvery {
		return false
	}
	t.swept = now
	for network, debt := range t.debts {
		if !debt.After(now) {
			delete(t.debts, network)
		}
	}
	return len(t.debts) < mostNetworks
}

// Refused returns how many failures were over the allowance.
func (t *Throttle) Refused() uint64 {
	if t == nil {
		return 0
	}
	return t.refused.Load()
}
