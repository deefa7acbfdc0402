package whatif

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// String tells the effect in one sentence: "would have refused 3 of 12,345 uses
// of the last 30 days (first: 2026-11-02T08:00:00Z)".
func (e Effect) String() string {
	var parts []string
	switch {
	case e.Uses == 0 && e.Admitted == 0:
		parts = append(parts, "no use was seen in the last "+e.span())
	default:
		parts = append(parts, fmt.Sprintf("would have refused %s of %s uses of the last %s (%s)",
			Grouped(e.Refused), Grouped(e.Uses), e.span(), e.first()))
	}
	if e.Admitted > 0 {
		parts = append(parts, "would have accepted "+Grouped(e.Admitted)+" that were refused")
	}
	if e.Uncertain > 0 {
		parts = append(parts, fmt.Sprintf("%s uncertain: %s", Grouped(e.Uncertain), e.Why))
	}
	if !e.Closes.IsZero() {
		parts = append(parts, "refuses everybody from "+e.Closes.UTC().Format(time.RFC3339)+" on")
	}
	if !e.Opens.IsZero() {
		parts = append(parts, "refuses everybody until "+e.Opens.UTC().Format(time.RFC3339))
	}
	return strings.Join(parts, "; ")
}

func (e Effect) first() string {
	if e.First.IsZero() {
		return "first: never"
	}
	return "first: " + e.First.UTC().Format(time.RFC3339)
}

// span returns the length of the evidence in days.
func (e Effect) span() string {
	if n := int(e.To.Sub(e.From).Hours()+12) / 24; n != 1 {
		return strconv.Itoa(n) + " days"
	}
	return "day"
}

// Grouped returns a number with a comma between thousands.
func Grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
