package lint

import "github.com/pakdeck/pakdeck/keystore/token"

// bySecret holds a T for each secret, for who reads the rows of one day after the
// other: those of every day come in the order of their secrets, so the next one is
// mostly that which came next before, and nothing has to be looked up.
type bySecret[T any] struct {
	all  map[token.ID]*ofSecret[T]
	last *ofSecret[T]
}

type ofSecret[T any] struct {
	id   token.ID
	it   T
	next *ofSecret[T] // that came after it
}

// of returns what belongs to a secret, and makes it if there is nothing.
func (b *bySecret[T]) of(id token.ID) *T {
	switch {
	case b.last == nil:
		b.all = map[token.ID]*ofSecret[T]{}
		b.last = new(ofSecret[T])
	case b.last.id == id:
		return &b.last.it
	case b.last.next != nil && b.last.next.id == id:
		b.last = b.last.next
		return &b.last.it
	}
	x := b.all[id]
	if x == nil {
		x = &ofSecret[T]{id: id}
		b.all[id] = x
	}
	b.last.next, b.last = x, x
	return &x.it
}
