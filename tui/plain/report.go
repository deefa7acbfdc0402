package plain

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// listVerdicts tells what the newest review says of each key.
func (t *talk) listVerdicts(string) error {
	s, err := review.Load(t.ctx, t.st, 0)
	if err != nil {
		return err
	}
	keys, err := t.st.Keys(t.ctx)
	if err != nil {
		return err
	}
	in := keys[:0]
	for _, k := range keys {
		if _, decided := s.Decisions[k.ID]; decided || s.Covers(k) {
			in = append(in, k)
		}
	}
	slices.SortFunc(in, func(a, b keystore.KeyView) int { return strings.Compare(a.Ref(), b.Ref()) })
	t.say("Review %d: %d of %s decided.", s.Number, len(s.Decisions), text.Plural(len(in), "key"))
	t.offer(in)
	t.list(len(in), func(i int) string {
		if x, ok := s.Decisions[in[i].ID]; ok {
			return in[i].Ref() + ": " + decisionWords(x)
		}
		return in[i].Ref() + ": not decided"
	})
	return nil
}

// endReview closes the review for good.
func (t *talk) endReview(string) error {
	s, err := review.Load(t.ctx, t.st, 0)
	if err == nil && !s.Ended.IsZero() {
		err = review.ErrNone
	}
	if err != nil {
		return err
	}
	keys, err := t.st.Keys(t.ctx)
	if err != nil {
		return err
	}
	if left := s.Left(keys); len(left) > 0 {
		t.say("%s without a decision: the report will name them.", text.Plural(len(left), "key"))
	}
	if err := t.agree(fmt.Sprintf("Review %d cannot be gone on with then. The signed report is saved next.", s.Number)); err != nil {
		return err
	}
	if _, err := review.End(t.ctx, t.st); err != nil {
		return err
	}
	t.say("Ended review %d.", s.Number)
	return notBack(t.saveReport(""))
}

// saveReport saves the signed report of the newest review.
func (t *talk) saveReport(string) error {
	s, err := review.Load(t.ctx, t.st, 0)
	if err != nil {
		return err
	}
	name := filepath.Join(t.home, fmt.Sprintf("pakdeck-review-%d.md", s.Number))
	path, err := t.askFile("Save the report to", name, "It is signed with the key of the journal. A file of JSON is written beside it. Both are new, and only you can read them.")
	if err != nil {
		return err
	}
	beside, err := review.Save(t.ctx, t.st, s.Number, path)
	if err != nil {
		return err
	}
	t.say("Saved %s and %s.", path, strings.TrimPrefix(beside, filepath.Dir(path)+"/"))
	return nil
}
