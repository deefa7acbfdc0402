package usage

import (
	"net/netip"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// picture is everything that is drawn, worked out.
type picture struct {
	series  []usage.Bucket
	unit    string // what a bar stands for
	sum     usage.Counts
	heat    usage.Heat
	median  uint64 // uses in an hour in which somebody counted
	watched time.Duration
	callers []usage.Caller
	beyond  usage.Counts
	total   keystore.Uses
	keys    []keyUse
	blame   blame
}

// threeHours is the unit of a week's bars.
const threeHours = "3 h"

// keyUse is a key with its uses in the range.
type keyUse struct {
	keystore.KeyView
	usage.Counts
}

// blame is the address with the most refused uses.
type blame struct {
	ip netip.Addr
	n  uint64
}

// paint works out a picture from what was read.
func paint(r *usage.Report, q question) picture {
	p := picture{
		sum: r.Sum(), heat: r.Heat(q.zone), callers: r.Callers(), beyond: r.Beyond(), total: r.Total,
	}
	hours := r.Hours()
	switch {
	case q.reach.days == 0:
		p.series, p.unit = hours, "hour"
	case q.reach.days <= 7:
		p.series, p.unit = join(hours, 3), threeHours
	default:
		p.series, p.unit = r.Days(q.zone), "day"
	}
	for i := range p.series {
		p.series[i].Start = p.series[i].Start.In(q.zone)
	}
	p.median = median(hours)
	for _, h := range hours {
		p.watched += h.Watched
	}
	for _, a := range r.Addresses() {
		if n := a.Denied(); n > p.blame.n {
			p.blame = blame{a.IP, n}
		}
	}
	return p
}

// join sums n hours at a time.
func join(hours []usage.Bucket, n int) []usage.Bucket {
	var out []usage.Bucket
	for chunk := range slices.Chunk(hours, n) {
		sum := usage.Bucket{Start: chunk[0].Start, End: chunk[len(chunk)-1].End}
		for _, h := range chunk {
			sum.Counts = sum.Add(h.Counts)
			sum.Watched += h.Watched
		}
		out = append(out, sum)
	}
	return out
}

// median returns the uses of an hour in the middle, of those in which
// somebody counted.
func median(hours []usage.Bucket) uint64 {
	var known []uint64
	for _, h := range hours {
		if !h.Gap() {
			known = append(known, proven(h.Counts))
		}
	}
	if len(known) == 0 {
		return 0
	}
	slices.Sort(known)
	return known[len(known)/2]
}

func proven(c usage.Counts) uint64 { return c.OK() + c.Denied() }

// rank returns keys with their uses.
func rank(keys []keystore.KeyView, sums map[token.ID]usage.Counts) []keyUse {
	out := make([]keyUse, len(keys))
	for i, v := range keys {
		out[i].KeyView = v
		for _, s := range v.Secrets {
			out[i].Counts = out[i].Add(sums[s.ID])
		}
	}
	return out
}
