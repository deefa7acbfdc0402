package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/text"
)

// ranked returns keys with their counts, the most used first.
func ranked(keys []keystore.KeyView, sums map[token.ID]usage.Counts) []keyUses {
	out := make([]keyUses, len(keys))
	for i, k := range keys {
		out[i] = keyUses{k, countsOf(k.Key, sums)}
	}
	slices.SortStableFunc(out, func(a, b keyUses) int {
		return cmp.Or(cmp.Compare(b.Total(), a.Total()), strings.Compare(a.Ref(), b.Ref()))
	})
	return out
}

// atMost returns the first n of a list, or all if n is 0.
func atMost[T any](list []T, n int) []T {
	if n == 0 {
		return list
	}
	return list[:min(n, len(list))]
}

func (a *app) printUsage(u uses, f usageFlags) error {
	if err := a.printRows(u.summary()); err != nil {
		return err
	}
	if err := a.print(""); err != nil {
		return err
	}
	if err := a.printTable([]string{"FROM", "USES", "DENIED", ""}, seriesRows(u.series(f.by), f.by)); err != nil {
		return err
	}
	if len(u.keys) > 0 {
		if err := a.section([]string{"KEY", "USES", "DENIED", "LAST"}, u.keyRows(f.callers), len(u.keys)); err != nil {
			return err
		}
	}
	callers := u.report.Callers()
	if len(callers) == 0 {
		return nil
	}
	return a.section(callerHead, callerRows(atMost(callers, f.callers), u.now), len(callers))
}

// section writes a table below another, and notes what is left out of it.
func (a *app) section(heading []string, rows [][]string, all int) error {
	if err := a.print(""); err != nil {
		return err
	}
	if err := a.printTable(heading, rows); err != nil {
		return err
	}
	if left := all - len(rows); left > 0 {
		a.note("%d more; --callers 0 shows all", left)
	}
	return nil
}

// summary says what the span comes to.
func (u uses) summary() [][]string {
	r := u.report
	sum := r.Sum()
	rows := [][]string{
		{"of", cmp.Or(u.key, u.user, "all keys")},
		{"from", instant(r.From).String()},
		{"to", instant(r.To).String()},
	}
	unwatched, hours := unknown(r.Hours())
	if unwatched == hours && sum.OK()+sum.Denied() == 0 {
		rows = append(rows, []string{"uses", "unknown"})
	} else {
		rows = append(rows, []string{"uses", number(sum.OK() + sum.Denied())}, []string{"denied", reasonText(sum, true)})
	}
	if sum.Unproven() > 0 {
		rows = append(rows, []string{"attempts", reasonText(sum, false)})
	}
	rows = append(rows, []string{"first used", instant(r.Total.First.Time).Or("never")}, []string{"last used", instant(r.Total.Last.Time).Or("never")})
	if rhythm := r.Rhythm(); rhythm.Usual > 0 {
		rows = append(rows, []string{"usual gap", text.Ago(rhythm.Usual) + ", longest " + text.Ago(rhythm.Longest)})
	}
	if unwatched > 0 {
		rows = append(rows, []string{"unknown", fmt.Sprintf("%d of %d hours: no verifier was counting", unwatched, hours)})
	}
	return rows
}

func number(n uint64) string { return text.Count(n) }

// reasonText lists outcomes other than ok: of proven secrets, or of the others.
func reasonText(c usage.Counts, proven bool) string {
	var parts []string
	for _, r := range c.Reasons() {
		if r.Outcome.Proven() == proven {
			parts = append(parts, number(r.N)+" "+string(r.Outcome))
		}
	}
	return cmp.Or(strings.Join(parts, ", "), "0")
}

func unknown(hours []usage.Bucket) (n, all int) {
	for _, h := range hours {
		if h.Gap() {
			n++
		}
	}
	return n, len(hours)
}

func (u uses) series(by string) []usage.Bucket {
	if by == "hour" {
		return u.report.Hours()
	}
	return u.report.Days(time.UTC)
}

// barWidth is the length of the longest bar.
const barWidth = 30

func seriesRows(series []usage.Bucket, by string) [][]string {
	layout := time.DateOnly
	if by == "hour" {
		layout = "2006-01-02T15:04Z"
	}
	var top uint64
	for _, b := range series {
		top = max(top, b.OK()+b.Denied())
	}
	rows := make([][]string, len(series))
	for i, b := range series {
		rows[i] = []string{b.Start.Format(layout), "unknown", "", ""}
		if n := b.OK() + b.Denied(); !b.Gap() {
			rows[i] = []string{b.Start.Format(layout), number(n), number(b.Denied()), bar(n, top)}
		}
	}
	return rows
}

// bar is as long as n of top; whatever is above zero can be seen.
func bar(n, top uint64) string {
	if n == 0 {
		return ""
	}
	return strings.Repeat("#", max(1, int(float64(n)/float64(top)*barWidth+0.5)))
}

func (u uses) keyRows(most int) [][]string {
	var rows [][]string
	for _, k := range atMost(u.keys, most) {
		rows = append(rows, []string{k.Ref(), number(k.OK() + k.Denied()), number(k.Denied()), ago(k.Uses.Last.Time, u.now)})
	}
	return rows
}

var callerHead = []string{"CALLER", "USES", "DENIED", "FIRST", "LAST", "AGENT", "ROUTE"}

func callerRows(callers []usage.Caller, now time.Time) [][]string {
	rows := make([][]string, len(callers))
	for i, c := range callers {
		who := "all others"
		if c.IP.IsValid() {
			who = c.IP.String()
		}
		rows[i] = []string{
			who, number(c.Total()), number(c.Denied() + c.Unproven()), ago(c.First, now), ago(c.Last, now),
			severalText(c.Agent), severalText(c.Route),
		}
	}
	return rows
}

func severalText(s string) string {
	switch s {
	case usage.Several:
		return "(several)"
	case "":
		return "-"
	}
	return s
}
