package lint

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Bounds of how far back the journal is looked at for signs of life and jumps
// of the clock.
const (
	signsBack = 7 * day
	signsMost = 200_000 // records
)

// Sign is a record of a verifier: it began, ended, or was alive.
type Sign struct {
	Time time.Time
	Code int
}

// Jump is a record that is older than the one before it.
type Jump struct {
	Seq           int64
	Before, After time.Time // of the record before it, and of itself
}

// readSigns looks at the newest records. Uses are left out: they carry the time
// of the use, and are written later.
func (f *StoreFacts) readSigns(ctx context.Context, st *keystore.Store, now time.Time) error {
	from := []byte(journal.Stamp(now.Add(-signsBack)))
	var next journal.Glimpse // the record after the one that is looked at
	seen := 0
	err := st.JournalBackwards(ctx, -1, func(_ int64, raw []byte) error {
		g, ok := journal.Glance(raw)
		if seen++; !ok || seen > signsMost || string(g.Time) < string(from) {
			return kv.Stop
		}
		if g.Code/100 == journal.EventUse.Code/100 {
			return nil
		}
		g.Time = slices.Clone(g.Time)
		if next.Time != nil && string(next.Time) < string(g.Time) {
			f.Jumps = append(f.Jumps, Jump{next.Seq, stamped(g.Time), stamped(next.Time)})
		}
		if next = g; f.Newest.IsZero() {
			f.Newest = stamped(g.Time)
		}
		if g.Code/100 == journal.EventServeStart.Code/100 {
			f.Signs = append(f.Signs, Sign{stamped(g.Time), g.Code})
			f.readProxies(raw)
		}
		return nil
	})
	slices.Reverse(f.Signs)
	slices.Reverse(f.Jumps)
	return err
}

// readProxies adds the proxies that a verifier says it believes. What is no
// address, such as "unix", is no address of a client either.
func (f *StoreFacts) readProxies(raw []byte) {
	r, err := journal.Decode(raw)
	if err != nil {
		return
	}
	for _, c := range r.Diff {
		var list []string
		if after, ok := c.After.(json.RawMessage); !ok || c.Field != journal.FieldTrustedProxies || json.Unmarshal(after, &list) != nil {
			continue
		}
		for _, item := range list {
			p, err := netip.ParsePrefix(item)
			if a, problem := netip.ParseAddr(item); problem == nil {
				p, err = netip.PrefixFrom(a, a.BitLen()), nil
			}
			if err == nil && !slices.Contains(f.Proxies, p.Masked()) {
				f.Proxies = append(f.Proxies, p.Masked())
			}
		}
	}
}

// stamped reads the time of a record; the zero time if it is damaged.
func stamped(text []byte) time.Time {
	t, err := time.Parse("2006-01-02T15:04:05.000Z", string(text))
	if err != nil {
		return time.Time{}
	}
	return t
}

func silence(s *scene) (hits []hit) {
	signs := s.Store.Signs
	for i, sign := range signs {
		until := s.Now
		if i+1 < len(signs) {
			until = signs[i+1].Time
		}
		gap := until.Sub(sign.Time)
		if sign.Code == journal.EventServeStop.Code || gap <= s.Config.HeartbeatGap {
			continue
		}
		h := hit{
			text:     fmt.Sprintf("a verifier was silent for %s and had not ended", days(gap)),
			evidence: []string{fact("last sign", "%s", instant(sign.Time)), fact("next sign", "%s", instant(until))},
			fix:      advice("find out why it stopped: its log, the machine's"), mark: instant(sign.Time),
		}
		if i+1 == len(signs) {
			h.text = fmt.Sprintf("a verifier has been silent for %s and has not ended", days(gap))
			h.evidence[1] = fact("now", "%s", instant(s.Now))
		}
		hits = append(hits, h)
	}
	return hits
}

// ahead is how far the clock of another process may be ahead.
const ahead = time.Minute

func clockJumps(s *scene) (hits []hit) {
	for _, j := range s.Store.Jumps {
		if back := j.Before.Sub(j.After); back > s.Config.ClockJump {
			hits = append(hits, hit{
				text:     fmt.Sprintf("the clock went back by %v before record %d", back.Round(time.Second), j.Seq),
				evidence: []string{fact("before", "%s", instant(j.Before)), fact("after", "%s", instant(j.After))},
				fix:      advice("let the machine's clock be set by NTP, and ask who set it by hand"), mark: fmt.Sprint(j.Seq),
			})
		}
	}
	if lead := s.Store.Newest.Sub(s.Now); lead > ahead {
		hits = append(hits, hit{
			text:     fmt.Sprintf("the newest record is %v ahead of the clock here", lead.Round(time.Second)),
			evidence: []string{fact("record", "%s", instant(s.Store.Newest)), fact("now", "%s", instant(s.Now))},
			fix:      advice("let the clocks of all machines that use the store be set by NTP"), mark: "ahead",
		})
	}
	return hits
}

func onNetwork(s *scene) []hit {
	if s.Store.Disk == nil || s.Store.Disk.Network == "" {
		return nil
	}
	return one(hit{
		text:     "the store is on a network file system: " + s.Store.Disk.Network,
		evidence: []string{fact("store", "%s", s.Store.Path), fact("file system", "%s", s.Store.Disk.Network)},
		fix:      advice("move the store to a local disk"),
	})
}
