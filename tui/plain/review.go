package plain

import (
	"errors"
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
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
		done, err := d.next(k)
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

// next considers a key as it is by now, unless somebody else has decided about it.
func (d *desk) next(k keystore.KeyView) (done bool, err error) {
	if d.s, err = review.Load(d.ctx, d.st, d.s.Number); err != nil {
		return false, err
	}
	if x, decided := d.s.Decisions[k.ID]; decided {
		d.say("%s: %s", k.Ref(), decisionWords(x))
		return true, nil
	}
	if k, err = d.st.Key(d.ctx, string(k.ID)); err != nil {
		return false, err
	}
	if !d.s.Covers(k) {
		d.say("%s is revoked by now.", k.Ref())
		return false, nil
	}
	return d.consider(k)
}

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
		if _, is := errors.AsType[*keystore.ConflictError](err); is {
			return false, err
		}
		d.fail(err)
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
