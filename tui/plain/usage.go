package plain

import (
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/tui/text"
)

const (
	usageDays = 30
	// daysTold are the last days that are told one by one, mostSources the
	// addresses.
	daysTold    = 7
	mostSources = 10
)

// usage says how much a key was used and by whom, or all keys were.
func (t *talk) usage(ref string) error {
	which, of := usage.Everything(), "All keys"
	if ref != "" {
		v, err := t.pickKey(ref)
		if err != nil {
			return err
		}
		which, of = usage.OfKeys(v.Key), v.Ref()
	}
	now := t.st.Now()
	r, err := usage.Load(t.ctx, t.st, which, usage.LastDays(now, usageDays, t.zone))
	if err != nil {
		return err
	}
	sum := r.Sum()
	t.say("%s, last %d days: %s accepted, %s refused, %s without the secret.", of, usageDays,
		text.Count(int64(sum.OK())), text.Count(int64(sum.Denied())), text.Count(int64(sum.Unproven())))
	for _, why := range sum.Reasons() {
		t.say("Refused as %s: %s", why.Outcome, text.Count(int64(why.N)))
	}
	days := r.Days(t.zone)
	for _, b := range days[max(0, len(days)-daysTold):] {
		t.say("%s: %s", b.Start.Format("Mon 2006-01-02"), dayWords(b))
	}
	for _, a := range r.Top(mostSources) {
		t.say("From %s: %s, %s refused, last %s", a.IP, text.Plural(int64(a.OK()), "use"), text.Count(int64(a.Total()-a.OK())), ago(now.Sub(a.Last)))
	}
	if quiet, watched := r.Quiet(now); quiet > 0 && ref != "" {
		t.say("Quiet for %s, of which verifiers watched %s.", text.Ago(quiet), text.Ago(watched.Round(time.Minute)))
	}
	return nil
}

func dayWords(b usage.Bucket) string {
	if b.Gap() {
		return "not known, no verifier was counting"
	}
	return fmt.Sprintf("%s accepted, %s refused", text.Count(int64(b.OK())), text.Count(int64(b.Total()-b.OK())))
}
