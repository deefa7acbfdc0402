package board

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
)

// Verdict is what the linter says of the store at a time. It is shared: change
// nothing. The zero value says nothing.
type Verdict struct {
	At       time.Time // zero: nothing was judged yet
	Findings []lint.Finding
	Waived   []lint.Waived
	Counts   lint.Counts
	Roll     Roll
	Without  string // what was not judged, and why
	// Progress is what became of the findings of the baseline; nil: there is none.
	Progress *lint.Progress
	Trend    []lint.Point // of the store's score, the oldest first
	// Err says why nothing could be judged; the findings are then those from
	// before.
	Err error

	about   map[string][]int32 // places in Findings by the id of the object
	weights []int64            // of the keys that the board had
	edits   int                // of the board when the judging began
	cost    time.Duration
	stale   bool // something else than keys and users was changed
}

// Stale returns the verdict as one that is to be renewed at once, or, with
// false, as one that is being renewed.
func (v *Verdict) Stale(is bool) *Verdict {
	old := *v
	old.stale = is
	return &old
}

// IsStale reports whether it is to be renewed at once.
func (v *Verdict) IsStale() bool { return v.stale }

// Judge runs the linter over the store that b is a picture of, without
// verifying the journal. old is what was said before.
func Judge(ctx context.Context, st *keystore.Store, b *Board, old *Verdict) *Verdict {
	began := time.Now()
	v := new(*old)
	v.weights = nil
	s, err := lint.Take(ctx, st, lint.Options{Patience: usesPatience})
	if err == nil {
		found := lint.Judge(s, lint.Rules())
		v = NewVerdict(b, s.Now, found.Open, found.Waived)
		v.Without = s.Without
		err = v.compare(ctx, st, found)
	}
	v.stale = false
	v.At, v.Err, v.edits, v.cost = st.Now(), err, b.edits, time.Since(began)
	return v
}

// compare puts what was found beside what was remembered.
func (v *Verdict) compare(ctx context.Context, st *keystore.Store, found lint.Verdict) error {
	base, err := lint.Remembered(ctx, st)
	if err != nil {
		return err
	}
	if base != nil {
		p := base.Compare(found, lint.Rules())
		v.Progress = &p
		v.Roll.Groupings[ByNews] = newsOf(v)
	}
	v.Trend, err = lint.Trend(ctx, st)
	return err
}

// NewVerdict returns the verdict on b that findings make.
func NewVerdict(b *Board, at time.Time, findings []lint.Finding, waived []lint.Waived) *Verdict {
	v := &Verdict{
		At: at, Findings: findings, Waived: waived, Counts: lint.Count(findings), Roll: newRoll(findings, waived),
		about: map[string][]int32{}, edits: b.edits,
	}
	for i, f := range findings {
		v.about[f.Object.ID] = append(v.about[f.Object.ID], int32(i))
	}
	v.weights = v.weigh(b)
	return v
}

// Weights returns numbers that put the keys of b in order by their findings: one
// error weighs more than any number of warnings.
func (v *Verdict) Weights(b *Board) []int64 {
	if v.edits == b.edits && len(v.weights) == len(b.Keys) {
		return v.weights
	}
	return v.weigh(b) // what was changed is not judged yet
}

func (v *Verdict) weigh(b *Board) []int64 {
	out := make([]int64, len(b.Keys))
	for i := range b.Keys {
		c := v.CountsOf(string(b.Keys[i].ID))
		out[i] = int64(c.Error)<<32 + int64(c.Warning)
	}
	return out
}

// About returns the findings about an object, gravest first.
func (v *Verdict) About(id string) []lint.Finding {
	places := v.about[id]
	out := make([]lint.Finding, len(places))
	for i, at := range places {
		out[i] = v.Findings[at]
	}
	return out
}

// CountsOf counts the findings about an object.
func (v *Verdict) CountsOf(id string) lint.Counts {
	var c lint.Counts
	for _, at := range v.about[id] {
		switch v.Findings[at].Severity {
		case lint.Error:
			c.Error++
		case lint.Warning:
			c.Warning++
		default:
			c.Info++
		}
	}
	return c
}

// usesPatience is how long uses may be read for a verdict: a command has ten
// seconds.
const usesPatience = 5 * time.Second

// staleAfter is how old a verdict may become although nothing was changed:
// time and uses alone make findings.
const staleAfter = time.Minute

// Due reports whether b should be judged anew. Changed keys and users are
// judged at once, but no more than a twentieth of the time goes into that.
func (v *Verdict) Due(b *Board) bool {
	switch {
	case v.At.IsZero() || v.stale:
		return true
	case b.Now.Sub(v.At) < usesShare*v.cost:
		return false
	}
	return b.edits != v.edits || b.Now.Sub(v.At) >= staleAfter
}
