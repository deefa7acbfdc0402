//go:build unix

package bolt

import (
	"bytes"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// The keys lie in one bucket, and those with a prefix that [Create] was given in
// one each. A bucket is named after its prefix, so an opened store knows them.
const (
	bucketName = "kv"
	regionName = bucketName + ">"
)

// region is the bucket of the keys with a prefix.
type region struct {
	prefix []byte
	bucket *bbolt.Bucket
}

// fullPages is how full bbolt leaves a page that it splits. The default of one
// half suits keys that come anywhere; where they only rise, the first half of a
// page would stay as empty as it is for ever.
const fullPages = 1.0

func (h *handle) addRegion(name []byte, b *bbolt.Bucket) {
	b.FillPercent = fullPages
	h.regions = append(h.regions, region{bytes.Clone(name[len(regionName):]), b})
}

// bucketOf returns the bucket that a key is in.
func (h *handle) bucketOf(key []byte) *bbolt.Bucket {
	for _, r := range h.regions {
		if bytes.HasPrefix(key, r.prefix) {
			return r.bucket
		}
	}
	return h.bucket
}

// part is what lies of a range in a bucket.
type part struct {
	bucket *bbolt.Bucket
	rg     kv.Range
}

// partsOf returns the parts of a range in the order of a scan.
func (h *handle) partsOf(rg kv.Range) []part {
	var out []part
	from := rg.From
	add := func(b *bbolt.Bucket, to []byte) {
		if rg.To != nil && (to == nil || bytes.Compare(to, rg.To) > 0) {
			to = rg.To
		}
		if to == nil || bytes.Compare(from, to) < 0 {
			out = append(out, part{b, kv.Range{From: from, To: to, Reverse: rg.Reverse}})
		}
	}
	for _, r := range h.regions {
		in := kv.Prefix(r.prefix)
		if in.To != nil && bytes.Compare(from, in.To) >= 0 {
			continue
		}
		add(h.bucket, in.From)
		if bytes.Compare(from, in.From) < 0 {
			from = in.From
		}
		add(r.bucket, in.To)
		if from = in.To; from == nil { // nothing lies behind
			return ordered(out, rg.Reverse)
		}
	}
	add(h.bucket, nil)
	return ordered(out, rg.Reverse)
}

func ordered(parts []part, reverse bool) []part {
	if reverse {
		slices.Reverse(parts)
	}
	return parts
}
