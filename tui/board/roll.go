package board

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore/filter/haystack"
)

// Roll is what lists of findings are searched and put in groups by: of the open
// ones and then the waived ones, by their places. It is made where the linter
// runs.
type Roll struct {
	Search    *haystack.Texts // severity, rule, object and text
	Groupings [len(GroupedBy)]Grouping
	Auto      bool // one of them can be put right without a question

	places map[string]int32 // by fingerprint
}

// Len returns how many findings there are.
func (r *Roll) Len() int { return len(r.Groupings[0].Groups) }

// Place returns the place of the finding with a fingerprint.
func (r *Roll) Place(fingerprint string) (place int, ok bool) {
	at, ok := r.places[fingerprint]
	return int(at), ok
}

// GroupedBy names what findings can be put in groups by.
var GroupedBy = [...]string{"severity", "rule", "key", "owner", "news"}

// ByNews is the place in GroupedBy of what became of the baseline, which there
// must be.
const ByNews = len(GroupedBy) - 1

// Grouping is one way of putting findings in groups.
type Grouping struct {
	Titles []string // of the groups, in their order
	Groups []int64  // of each finding, its place in Titles
}

// Found returns the finding with a place in the roll, and why it is waived, if it
// is.
func (v *Verdict) Found(place int) (lint.Finding, *lint.Waiver) {
	if place < len(v.Findings) {
		return v.Findings[place], nil
	}
	w := &v.Waived[place-len(v.Findings)]
	return w.Finding, &w.Waiver
}

func newRoll(open []lint.Finding, waived []lint.Waived) Roll {
	list := make([]*lint.Finding, 0, len(open)+len(waived))
	for i := range open {
		list = append(list, &open[i])
	}
	for i := range waived {
		list = append(list, &waived[i].Finding)
	}
	places := make(map[string]int32, len(list))
	for i, f := range list {
		places[f.Fingerprint] = int32(i)
	}
	rules := map[string]string{}
	for _, r := range lint.Rules() {
		rules[r.ID] = r.ID + " " + r.Title
	}
	return Roll{
		places: places,
		Auto:   slices.ContainsFunc(open, lint.Finding.Auto),
		Search: haystack.Of(len(list), func(i int) string {
			f := list[i]
			return strings.Join([]string{string(f.Severity), rules[f.Rule], f.Object.Name, f.Text}, " ")
		}),
		Groupings: [...]Grouping{ // as in GroupedBy
			group(list, func(f *lint.Finding) title {
				return title{severityRank[f.Severity], strings.ToUpper(string(f.Severity))}
			}),
			group(list, func(f *lint.Finding) title { return title{text: rules[f.Rule]} }),
			group(list, func(f *lint.Finding) title { return title{kindRank[f.Object.Kind], ObjectName(*f)} }),
			group(list, func(f *lint.Finding) title { return title{text: cmp.Or(f.Owner, "the store")} }),
			{Titles: []string{"NOT REMEMBERED"}, Groups: make([]int64, len(list))}, // see newsOf
		},
	}
}

// newsOf groups the findings by what became of the baseline.
func newsOf(v *Verdict) Grouping {
	const fresh, same, waived = 0, 1, 2
	g := Grouping{Titles: []string{"NEW", "UNCHANGED", "WAIVED"}, Groups: make([]int64, v.Roll.Len())}
	for i := range g.Groups {
		f, w := v.Found(i)
		switch {
		case w != nil:
			g.Groups[i] = waived
		case v.Progress.New[f.Fingerprint]:
			g.Groups[i] = fresh
		default:
			g.Groups[i] = same
		}
	}
	return g
}

var (
	severityRank = map[lint.Severity]int{lint.Error: 0, lint.Warning: 1, lint.Info: 2}
	kindRank     = map[string]int{lint.KindKey: 0, lint.KindUser: 1, lint.KindStore: 2}
)

// title is of a group; the rank goes before the text.
type title struct {
	rank int
	text string
}

func group(list []*lint.Finding, of func(*lint.Finding) title) Grouping {
	places := map[title]int64{}
	for _, f := range list {
		places[of(f)] = 0
	}
	titles := make([]title, 0, len(places))
	for t := range places {
		titles = append(titles, t)
	}
	slices.SortFunc(titles, func(a, b title) int { return cmp.Or(cmp.Compare(a.rank, b.rank), strings.Compare(a.text, b.text)) })
	g := Grouping{Titles: make([]string, len(titles)), Groups: make([]int64, len(list))}
	for i, t := range titles {
		places[t], g.Titles[i] = int64(i), t.text
	}
	for i, f := range list {
		g.Groups[i] = places[of(f)]
	}
	return g
}

// ObjectName is what a finding is about; of the store only its file.
func ObjectName(f lint.Finding) string {
	if f.Object.Kind == lint.KindStore {
		return "store " + f.Object.Name[strings.LastIndexByte(f.Object.Name, '/')+1:]
	}
	return f.Object.Name
}
