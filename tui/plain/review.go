package plain

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/trend"
	"github.com/pakdeck/pakdeck/tui/words"
)

// review begins a review or goes on with it: key by key, or about one key.
func (t *talk) review(ref string) error {
	s, err := t.openReview()
	if err != nil {
		return err
	}
	judged, err := lint.Take(t.ctx, t.st, lint.Options{})
	if err != nil {
		return err
	}
	d := &desk{talk: t, s: s, found: lint.Run(judged)}
	if ref != "" {
		v, err := t.pickKey(ref)
		if err == nil {
			_, err = d.consider(v)
		}
		return err
	}
	keys, err := t.st.Keys(t.ctx)
	if err != nil {
		return err
	}
	left := s.Left(keys)
	decided, all := len(s.Decisions), len(s.Decisions)+len(left)
	t.say("Review %d, begun %s by %s: %d of %d decided.", s.Number, t.when(s.Began), s.By, decided, all)
	for i, k := range left {
		t.say("%d more.", len(left)-i)
		done, err := d.consider(k)
		if err != nil {
			t.say("%d of %d decided. review goes on.", decided, all)
			return notBack(err)
		}
		if done {
			decided++
		}
	}
	if decided == all {
		t.say("Every key is decided about. endreview ends the review.")
	}
	return nil
}

// openReview returns the open review; if there is none, it begins one after a yes.
func (t *talk) openReview() (review.State, error) {
	s, err := review.Load(t.ctx, t.st, 0)
	switch {
	case errors.Is(err, review.ErrNone):
		t.say("There was no review yet.")
	case err != nil || s.Ended.IsZero():
		return s, err
	default:
		t.say("Review %d ended %s.", s.Number, t.when(s.Ended))
	}
	if err := t.agree("A new review is about every key that is not revoked. No key is changed by it."); err != nil {
		return s, err
	}
	if _, err := review.Begin(t.ctx, t.st); err != nil {
		return s, err
	}
	return review.Load(t.ctx, t.st, 0)
}

// desk is a review at work.
type desk struct {
	*talk
	s     review.State
	found []lint.Finding
	asked bool // the verdicts were listed
}

// Answers besides the verdicts.
const (
	skipKey     = "skip"
	withComment = "comment"
)

// consider tells of a key and asks for a verdict on it, until there is one or the
// key is left for later.
func (d *desk) consider(k keystore.KeyView) (done bool, err error) {
	if !d.s.Covers(k) {
		return false, fmt.Errorf("%s is not in the review: it is revoked, or was made after it began", k.Ref())
	}
	about := d.about(k)
	if err := d.tell(k, about); err != nil {
		return false, err
	}
	options := make([]option, 0, len(review.Verdicts)+2)
	for _, v := range review.Verdicts {
		options = append(options, option{name: string(v), help: v.Means()})
	}
	options = append(options, option{name: withComment, help: "keep it, with a comment"}, option{name: skipKey, help: "decide later"})
	for {
		name, err := d.chooseAgain("Verdict on "+k.Ref(), skipKey, d.asked, options...)
		d.asked = true
		if err != nil || name == skipKey {
			return false, err
		}
		verdict := review.Verdict(name)
		comment := ""
		if verdict != review.Keep {
			if name == withComment {
				verdict = review.Keep
			}
			if comment, err = d.comment(k, verdict, about); err != nil {
				return false, err
			}
		}
		if _, err = review.Decide(d.ctx, d.st, k, verdict, comment); err == nil {
			d.say("%s: %s.", k.Ref(), verdict)
			return true, nil
		}
		d.fail(err)
		if conflict, is := errors.AsType[*keystore.ConflictError](err); is {
			return false, conflict
		}
	}
}

// comment asks why.
func (d *desk) comment(k keystore.KeyView, v review.Verdict, about []lint.Finding) (string, error) {
	standard := d.s.Decisions[k.ID].Comment
	if standard == "" {
		standard = words.Comment(v, about)
	}
	help := "It stands in the report, for whoever does what is decided."
	if v == review.Ask {
		help = "Write what the owner is to be asked."
	}
	return d.ask(string(v)+", because", standard, keystore.CheckReason, help)
}

// about returns the findings about a key.
func (d *desk) about(k keystore.KeyView) (out []lint.Finding) {
	for _, f := range d.found {
		if f.Object.ID == string(k.ID) {
			out = append(out, f)
		}
	}
	return out
}

// tell says what helps to decide.
func (d *desk) tell(k keystore.KeyView, about []lint.Finding) error {
	d.describe(k)
	uses, err := trend.Load(d.ctx, d.st, k.Key, d.st.Now(), d.zone)
	if err != nil {
		return err
	}
	d.say("In 14 days: %s", uses.Words())
	by, err := review.CreatorOf(d.ctx, d.st, k)
	if err != nil {
		return err
	}
	d.say("Owner: %s, %s%s%s", k.Owner.Name, k.Owner.Kind, when(k.Owner.Disabled, ", disabled"), when(k.Owner.Contact != "", ", "+k.Owner.Contact))
	if by.User != "" {
		d.say("Made by: %s", by.User)
	}
	for _, f := range about {
		d.say("Finding: %s, %s, %s", f.Severity, f.Rule, f.Text)
	}
	if x, ok := d.s.Decisions[k.ID]; ok {
		d.say("Decided: %s", decisionWords(x))
	}
	if d.s.Before != nil {
		if x, ok := d.s.Before.Decisions[k.ID]; ok {
			d.say("Last time: %s", decisionWords(x))
		}
	}
	stake, err := review.StakeOf(d.ctx, d.st, k)
	if stake != review.NoStake {
		d.say("Attention: the report will say: %s", stake.Words(d.st.Actor().User))
	}
	return err
}

func decisionWords(d review.Decision) string {
	return fmt.Sprintf("%s%s, by %s on %s", d.Verdict, when(d.Comment != "", ", "+d.Comment), d.By, d.At.Format(time.DateOnly))
}

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
