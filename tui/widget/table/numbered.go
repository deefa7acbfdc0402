package table

import (
	"iter"
	"math/bits"
	"slices"
)

// Numbered is a Source whose rows have small numbers of their own, whatever is
// listed and in which order. A hundred thousand marks of such rows are made in no
// time and take hardly any room.
type Numbered interface {
	Source
	// Number returns the number of row i.
	Number(i int) int
	// NumberOf returns the number of the row with an id, listed or not.
	NumberOf(id string) (number int, ok bool)
	// Named returns the id of the row with a number, listed or not.
	Named(number int) string
	// Numbering changes when numbers come to stand for other rows.
	Numbering() any
}

// numbering gives numbers to the ids of a Source that has none, as they come up.
type numbering struct {
	Source
	known *known
}

type known struct {
	numbers map[string]int
	ids     []string
}

func (n numbering) Number(i int) int {
	id := n.ID(i)
	number, ok := n.known.numbers[id]
	if !ok {
		number = len(n.known.ids)
		n.known.numbers[id] = number
		n.known.ids = append(n.known.ids, id)
	}
	return number
}

func (n numbering) NumberOf(id string) (int, bool) {
	number, ok := n.known.numbers[id]
	return number, ok
}

func (n numbering) Named(number int) string { return n.known.ids[number] }
func (n numbering) Numbering() any          { return n.known }

// number returns the rows of s with numbers; ids keep those that they had.
func (m Model) number(s Source) Numbered {
	if n, ok := s.(Numbered); ok {
		return n
	}
	if old, ok := m.numbers.(numbering); ok {
		return numbering{s, old.known}
	}
	return numbering{s, &known{numbers: map[string]int{}}}
}

// marks is a set of numbers. It is a value: what changes it makes a new one.
type marks struct {
	words []uint64
	count int
}

func (m marks) has(number int) bool {
	at := number / 64
	return at < len(m.words) && m.words[at]>>(number%64)&1 != 0
}

// with returns the set with numbers put in or taken out.
func (m marks) with(on bool, numbers iter.Seq[int]) marks {
	words := slices.Clone(m.words)
	for number := range numbers {
		for number/64 >= len(words) {
			words = append(words, 0)
		}
		words[number/64] &^= 1 << (number % 64)
		if on {
			words[number/64] |= 1 << (number % 64)
		}
	}
	out := marks{words: words}
	for _, w := range words {
		out.count += bits.OnesCount64(w)
	}
	return out
}

// all returns the numbers in their order.
func (m marks) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for at, w := range m.words {
			for ; w != 0; w &= w - 1 {
				if !yield(at*64 + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}
