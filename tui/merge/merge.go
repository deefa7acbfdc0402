// Package merge settles what two people made of one record at the same time,
// field by field.
//
// It compares three states: the one that both began with, mine, and theirs. A
// field that only one of them changed goes to that one. A field that both
// changed alike is settled, too. What is left is for the operator to choose;
// nothing is ever mixed within a field. What a record is, and what its values
// mean, is the caller's business: two values are the same if their texts are.
package merge

import (
	"maps"
	"slices"
)

// Field is one field of a record in three states.
type Field struct{ Name, Base, Mine, Theirs string }

// Result is the fields by who changed them, in the order that they were given.
type Result struct {
	Kept  []Field // only mine differs
	Taken []Field // only theirs differs
	Both  []Field // both differ, and from each other

	chosen map[string]bool // of Both, by name: whether mine was chosen
}

// Fields compares the fields of a record. Names are unique.
func Fields(all ...Field) Result {
	var r Result
	for _, f := range all {
		switch {
		case f.Mine == f.Theirs:
		case f.Theirs == f.Base:
			r.Kept = append(r.Kept, f)
		case f.Mine == f.Base:
			r.Taken = append(r.Taken, f)
		default:
			r.Both = append(r.Both, f)
		}
	}
	return r
}

// Open returns the fields that nothing was chosen for yet.
func (r Result) Open() []Field {
	return slices.DeleteFunc(slices.Clone(r.Both), func(f Field) bool {
		_, done := r.chosen[f.Name]
		return done
	})
}

// Choose returns the result with a field of Both settled.
func (r Result) Choose(name string, mine bool) Result {
	chosen := maps.Clone(r.chosen)
	if chosen == nil {
		chosen = map[string]bool{}
	}
	chosen[name] = mine
	r.chosen = chosen
	return r
}

// Mine reports whether a field has my value. Every other one has theirs, those
// that are still open included.
func (r Result) Mine(name string) bool {
	return r.chosen[name] || slices.ContainsFunc(r.Kept, func(f Field) bool { return f.Name == name })
}
