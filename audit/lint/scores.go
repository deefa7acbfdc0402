package lint

import (
	"cmp"
	"slices"
)

// Score is how an object stands. A user answers for its keys.
type Score struct {
	Object Object
	Counts Counts
	Before *Counts // in the baseline; nil without one
}

// Scores returns how the objects with findings stand, and how their owners do,
// the worst first.
func Scores(list []Finding) []Score {
	t := tally{}
	for _, f := range list {
		t.count(f.Object, f.Owner, f.Severity, today)
	}
	return t.scores()
}

// Scores returns how objects stand and how they stood in the baseline. Those
// about which nothing is found any more are among them.
func (b *Baseline) Scores(list []Finding) []Score {
	t := tally{}
	for _, f := range b.Findings {
		t.count(f.Object, f.Owner, f.Severity, before)
	}
	for _, f := range list {
		t.count(f.Object, f.Owner, f.Severity, today)
	}
	out := t.scores()
	for i := range out {
		out[i].Before = &t[out[i].Object.key()].counts[before]
	}
	return out
}

// tally counts the findings of objects and owners, now and in the baseline.
type tally map[string]*tallied

type tallied struct {
	object Object
	counts [2]Counts
}

const (
	today = iota
	before
)

// key tells users by their names, because of an owner no more is known.
func (o Object) key() string {
	if o.Kind == KindUser {
		return o.Kind + " " + o.Name
	}
	return o.Kind + " " + o.ID
}

func (t tally) count(o Object, owner string, s Severity, when int) {
	t.of(o).counts[when].add(s)
	if o.Kind == KindKey && owner != "" {
		t.of(Object{Kind: KindUser, Name: owner}).counts[when].add(s)
	}
}

func (t tally) of(o Object) *tallied {
	x := t[o.key()]
	if x == nil {
		x = &tallied{object: o}
		t[o.key()] = x
	}
	if o.ID != "" {
		x.object = o
	}
	return x
}

func (t tally) scores() []Score {
	out := make([]Score, 0, len(t))
	for _, x := range t {
		out = append(out, Score{Object: x.object, Counts: x.counts[today]})
	}
	slices.SortFunc(out, func(a, b Score) int {
		return cmp.Or(
			cmp.Compare(a.Counts.Score(), b.Counts.Score()), cmp.Compare(a.Object.Kind, b.Object.Kind),
			cmp.Compare(a.Object.Name, b.Object.Name), cmp.Compare(a.Object.ID, b.Object.ID))
	})
	return out
}
