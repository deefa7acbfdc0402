package filter

import (
	"hash/maphash"
	"net/netip"
	"slices"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// kinds numbers keys by something that many of them have in common, so that it is
// looked into once for all of those.
type kinds struct {
	of    []int32 // the kind of each key, by its place
	first []int32 // the place of a key of each kind
}

// sorting tells keys apart by what same compares. Equal ones have equal hashes;
// others that do as well may get a kind of their own, which only costs time.
type sorting struct {
	kinds
	hash  func(*keystore.KeyView) uint64
	same  func(a, b *keystore.KeyView) bool
	known map[uint64]int32
}

// add takes the next of the keys.
func (s *sorting) add(keys []keystore.KeyView) {
	i := len(s.of)
	h := s.hash(&keys[i])
	kind, ok := s.known[h]
	if !ok || !s.same(&keys[i], &keys[s.first[kind]]) {
		kind = int32(len(s.first))
		s.known[h] = kind
		s.first = append(s.first, int32(i))
	}
	s.of = append(s.of, kind)
}

// ask returns what is(key) says of the key with a place, which only depends on its
// kind.
func (k *kinds) ask(keys []keystore.KeyView, is func(*keystore.KeyView) bool) test {
	const yes, no = 1, 2
	known := make([]uint8, len(k.first))
	return func(i int) bool {
		kind := k.of[i]
		if known[kind] == 0 {
			known[kind] = no
			if is(&keys[k.first[kind]]) {
				known[kind] = yes
			}
		}
		return known[kind] == yes
	}
}

// link is a value behind others in a list that is hashed.
type link[T comparable] struct {
	before uint64
	value  T
}

func newSorting(n int, hash func(*keystore.KeyView) uint64, same func(a, b *keystore.KeyView) bool) sorting {
	return sorting{kinds{of: make([]int32, 0, n)}, hash, same, map[uint64]int32{}}
}

func byScopes(n int) sorting {
	seed := maphash.MakeSeed()
	return newSorting(n, func(v *keystore.KeyView) (h uint64) {
		for _, s := range v.Scopes {
			h = maphash.Comparable(seed, link[keystore.Scope]{h, s})
		}
		return h
	}, func(a, b *keystore.KeyView) bool { return slices.Equal(a.Scopes, b.Scopes) })
}

func byOwner(n int) sorting {
	seed := maphash.MakeSeed()
	return newSorting(n, func(v *keystore.KeyView) uint64 {
		return maphash.String(seed, v.Owner.Name)
	}, func(a, b *keystore.KeyView) bool {
		x, y := &a.Owner, &b.Owner
		return x.Name == y.Name && x.Admin == y.Admin && slices.Equal(x.Permissions, y.Permissions)
	})
}

func byRules(n int) sorting {
	seed := maphash.MakeSeed()
	hash := func(h uint64, list []iprule.Entry) uint64 {
		for i := range list {
			h = maphash.Comparable(seed, link[netip.Prefix]{h, list[i].Prefix})
		}
		return h
	}
	same := func(a, b []iprule.Entry) bool {
		return slices.EqualFunc(a, b, func(x, y iprule.Entry) bool { return x.Prefix == y.Prefix })
	}
	return newSorting(n, func(v *keystore.KeyView) uint64 {
		return hash(hash(0, v.Rules.Allow)+1, v.Rules.Deny)
	}, func(a, b *keystore.KeyView) bool {
		return same(a.Rules.Allow, b.Rules.Allow) && same(a.Rules.Deny, b.Rules.Deny)
	})
}
