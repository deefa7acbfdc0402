package usage

import (
	"net/netip"
	"slices"
	"strings"
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
	keys    keyUses
	blame   blame
}

// threeHours is the unit of a week's bars.
const threeHours = "3 h"

// keyUses is keys with their uses in the range: numbers of each key by its place,
// in columns, by which they are sorted.
type keyUses struct {
	keys    []keystore.KeyView
	refs    []string // user/name in lower case
	columns [colLast + 1][]int64
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

// usesOf returns keys with their uses.
func usesOf(keys []keystore.KeyView, sums map[token.ID]usage.Counts) keyUses {
	u := keyUses{keys: keys}
	for column := range u.columns {
		u.columns[column] = make([]int64, len(keys))
	}
	refs, places := make([]string, len(keys)), make([]int32, len(keys))
	for i := range keys {
		v := &keys[i]
		var c usage.Counts
		for _, s := range v.Secrets {
			c = c.Add(sums[s.ID])
		}
		u.columns[colUses][i], u.columns[colDenied][i] = int64(proven(c)), int64(c.Denied())
		u.columns[colLast][i] = v.Uses.Last.Time.UnixMilli()
		refs[i], places[i] = strings.ToLower(v.Ref()), int32(i)
	}
	u.refs = refs
	slices.SortFunc(places, func(a, b int32) int { return strings.Compare(refs[a], refs[b]) })
	for at, place := range places {
		u.columns[colWho][place] = int64(at)
	}
	return u
}
