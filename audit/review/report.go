package review

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// Report is what a session came to. Times are RFC 3339 in UTC; fields may be
// added, but none is removed.
type Report struct {
	Store      string          `json:"store"` // origin of its checkpoints
	Review     int             `json:"review"`
	Began      string          `json:"began"`
	By         string          `json:"by"`
	Ended      *string         `json:"ended"` // null: it goes on
	Time       string          `json:"time"`  // of the report
	Checkpoint Checkpoint      `json:"checkpoint"`
	Coverage   Coverage        `json:"coverage"`
	Verdicts   map[Verdict]int `json:"verdicts"`
	Self       int             `json:"self_reviewed"` // decisions by the key's owner or creator
	Decisions  []Line          `json:"decisions"`     // by owner and name
	Left       []string        `json:"left"`          // keys without a decision
	Since      *Difference     `json:"since_last"`
}

// Checkpoint is how far the journal was when the report was made.
type Checkpoint struct {
	Size int64  `json:"size"`
	Root string `json:"root"` // hexadecimal
}

// Coverage is how many of the keys were decided about.
type Coverage struct {
	Keys    int `json:"keys"`
	Decided int `json:"decided"`
}

// Line is one decision.
type Line struct {
	Key     keystore.KeyID `json:"id"`
	Ref     string         `json:"key"`
	Verdict Verdict        `json:"verdict"`
	Comment string         `json:"comment"`
	By      string         `json:"by"`
	At      string         `json:"time"`
	// Before is the verdict of the session before, "" if there was none.
	Before Verdict `json:"before"`
	// Changed says that the key was changed after it was looked at.
	Changed bool `json:"changed_since"`
	// Self says why who decided was no second pair of eyes.
	Self Stake `json:"self_review"`
}

// Difference is what is different from the session before.
type Difference struct {
	Review  int      `json:"review"`
	New     []string `json:"new"`     // keys that were not there
	Gone    []string `json:"gone"`    // keys that were, and are revoked
	Changed int      `json:"changed"` // keys with another verdict
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Make sums a session up, from the keys as they are now.
func Make(ctx context.Context, st *keystore.Store, s State) (Report, error) {
	keys, err := st.Keys(ctx)
	if err != nil {
		return Report{}, err
	}
	head, err := st.Head(ctx)
	if err != nil {
		return Report{}, err
	}
	r := Report{
		Store: st.Origin(), Review: s.Number, Began: stamp(s.Began), By: s.By, Time: stamp(st.Now()),
		Checkpoint: Checkpoint{head.Size, hex.EncodeToString(head.Root[:])},
		Verdicts:   map[Verdict]int{}, Decisions: []Line{}, Left: []string{},
	}
	if !s.Ended.IsZero() {
		end := stamp(s.Ended)
		r.Ended = &end
	}
	for _, k := range s.Left(keys) {
		r.Left = append(r.Left, k.Ref())
	}
	r.addDecisions(s, keys)
	r.Coverage = Coverage{len(r.Decisions) + len(r.Left), len(r.Decisions)}
	r.compare(s, keys)
	return r, nil
}

func (r *Report) addDecisions(s State, keys []keystore.KeyView) {
	now := make(map[keystore.KeyID]keystore.KeyView, len(keys))
	for _, k := range keys {
		now[k.ID] = k
	}
	for _, d := range s.Decisions {
		r.Verdicts[d.Verdict]++
		l := Line{d.Key, d.Ref, d.Verdict, d.Comment, d.By, stamp(d.At), "", now[d.Key].Version != d.Version, d.Self}
		if d.Self != NoStake {
			r.Self++
		}
		if s.Before != nil {
			l.Before = s.Before.Decisions[d.Key].Verdict
		}
		r.Decisions = append(r.Decisions, l)
	}
	slices.SortFunc(r.Decisions, func(a, b Line) int { return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Key, b.Key)) })
}

func (r *Report) compare(s State, keys []keystore.KeyView) {
	if s.Before == nil {
		return
	}
	d := Difference{Review: s.Before.Number, New: []string{}, Gone: []string{}}
	for _, k := range keys {
		switch {
		case s.Covers(k) && k.Created.After(s.Before.Began):
			d.New = append(d.New, k.Ref())
		case !k.Revoked.IsZero() && k.Revoked.After(s.Before.Began):
			d.Gone = append(d.Gone, k.Ref())
		}
	}
	for _, l := range r.Decisions {
		if l.Before != "" && l.Before != l.Verdict {
			d.Changed++
		}
	}
	slices.Sort(d.New)
	slices.Sort(d.Gone)
	r.Since = &d
}

// JSON returns the report as it is hashed: indented by two blanks, with a line
// end, no character escaped that need not be. That is what jq writes.
func (r Report) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(r)
	return b.Bytes(), err
}

// Sign returns the report as Markdown in a signed note (C2SP), made with the
// key of the journal. The note names the SHA-256 of [Report.JSON], so that it
// vouches for that as well.
func Sign(st *keystore.Store, r Report) ([]byte, error) {
	b, err := r.JSON()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	return st.SignReport(r.markdown(hex.EncodeToString(sum[:])))
}
