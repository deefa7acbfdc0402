package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/text"
)

const (
	day = 24 * time.Hour
	// usageDays are told of if nothing else is said.
	usageDays = 30
	// daysTold are the last days that are told one by one, mostSources the
	// addresses, mostKeys the keys.
	daysTold    = 7
	mostSources = 10
	mostKeys    = 10
)

// usage says how much a key was used and by whom, or the keys of a user were, or
// all keys: "build-bot/ci 90d", "user:edge", "7d".
func (t *talk) usage(typed string) error {
	days := usageDays
	words := strings.Fields(typed)
	if n := len(words); n > 0 {
		if d, err := expiry.ParseSpan(words[n-1]); err == nil {
			words, days = words[:n-1], max(1, int((d+day-1)/day))
		}
	}
	which, of, err := t.used(strings.Join(words, " "))
	if err != nil {
		return err
	}
	now := t.st.Now()
	in := usage.LastDays(now, days, t.zone)
	r, err := usage.Load(t.ctx, t.st, which, in)
	if err != nil {
		return err
	}
	t.tellUses(r, fmt.Sprintf("%s, last %s", of, text.Plural(days, "day")))
	if quiet, watched := r.Quiet(now); quiet > 0 && len(words) > 0 {
		t.say("Quiet for %s, of which verifiers watched %s.", text.Ago(quiet), text.Ago(watched.Round(time.Minute)))
	}
	if len(words) > 0 {
		return nil
	}
	return t.busiest(in)
}

// used returns whose uses are meant, and their name.
func (t *talk) used(ref string) (usage.Selection, string, error) {
	if ref == "" {
		return usage.Everything(), "All keys", nil
	}
	name, user := strings.CutPrefix(ref, "user:")
	if !user {
		v, err := t.pickKey(ref)
		return usage.OfKeys(v.Key), v.Ref(), err
	}
	u, err := t.st.User(t.ctx, name)
	if err != nil {
		return usage.Selection{}, "", err
	}
	all, err := t.st.Keys(t.ctx)
	var keys []keystore.Key
	for _, v := range all {
		if v.User == u.ID {
			keys = append(keys, v.Key)
		}
	}
	return usage.OfKeys(keys...), "Keys of " + u.Name, err
}

func (t *talk) tellUses(r *usage.Report, of string) {
	sum := r.Sum()
	t.say("%s: %s accepted, %s refused, %s without the secret.", of,
		number(sum.OK()), number(sum.Denied()), number(sum.Unproven()))
	for _, why := range sum.Reasons() {
		t.say("Refused as %s: %s", why.Outcome, number(why.N))
	}
	days := r.Days(t.zone)
	for _, b := range days[max(0, len(days)-daysTold):] {
		t.say("%s: %s", b.Start.Format("Mon 2006-01-02"), dayWords(b))
	}
	for _, a := range r.Top(mostSources) {
		t.say("From %s: %s, %s refused, last %s", a.IP, uses(a.OK()), number(a.Total()-a.OK()), ago(t.st.Now().Sub(a.Last)))
	}
}

// busiest tells the keys that were used most, by number.
func (t *talk) busiest(in keystore.Span) error {
	sums, err := usage.Sums(t.ctx, t.st, in)
	if err != nil {
		return err
	}
	keys, err := t.st.Keys(t.ctx)
	if err != nil {
		return err
	}
	uses := map[keystore.KeyID]usage.Counts{}
	for _, v := range keys {
		for _, s := range v.Secrets {
			uses[v.ID] = uses[v.ID].Add(sums[s.ID])
		}
	}
	keys = slices.DeleteFunc(keys, func(v keystore.KeyView) bool { return uses[v.ID].Total() == 0 })
	slices.SortStableFunc(keys, func(a, b keystore.KeyView) int { return cmp.Compare(uses[b.ID].Total(), uses[a.ID].Total()) })
	keys = keys[:min(len(keys), mostKeys)]
	t.offer(keys)
	t.list(len(keys), func(i int) string {
		c := uses[keys[i].ID]
		return fmt.Sprintf("%s: %s accepted, %s refused", keys[i].Ref(), number(c.OK()), number(c.Total()-c.OK()))
	})
	return nil
}

func dayWords(b usage.Bucket) string {
	if b.Gap() {
		return "not known, no verifier was counting"
	}
	return fmt.Sprintf("%s accepted, %s refused", number(b.OK()), number(b.Total()-b.OK()))
}

// number writes a number as a voice can read it: in one piece.
func number(n uint64) string { return strconv.FormatUint(n, 10) }

func uses(n uint64) string { return number(n) + when(n == 1, " use") + when(n != 1, " uses") }
