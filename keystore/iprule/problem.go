package iprule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Level says how much a [Problem] matters.
type Level string

// The levels. Rules with an error cannot be saved.
const (
	LevelError   Level = "error"
	LevelWarning Level = "warning"
	LevelInfo    Level = "info"
)

// Code names a kind of [Problem].
type Code string

// The kinds of problems, by level.
const (
	CodeInvalid     Code = "invalid"      // error: an entry has no valid prefix
	CodeAllCovering Code = "all-covering" // error: an entry, or a list as a whole, covers a whole address family
	CodeDead        Code = "dead"         // error: an allow entry lies inside the deny list and can never match
	CodeEmpty       Code = "empty"        // error: the deny list leaves nothing of the allow list
	CodeTooMany     Code = "too-many"     // error: a list has more than MaxEntries entries
	CodeBadNote     Code = "bad-note"     // error: see CheckNote

	CodeSpecialUse Code = "special-use" // warning: an allow entry lies in a range that no client on the internet has
	CodeNAT64      Code = "nat64"       // warning: IPv6 spelling of IPv4 addresses (RFC 6052), which no client arrives with
	CodeMapped     Code = "mapped"      // warning: IPv4-mapped, or an IPv6 entry that seems to include IPv4

	CodeDuplicate    Code = "duplicate"     // info: the same prefix twice in a list
	CodeRedundant    Code = "redundant"     // info: inside another entry of the same list
	CodeMergeable    Code = "mergeable"     // info: two entries are the halves of one prefix
	CodeHostBits     Code = "host-bits"     // info: the prefix is not masked
	CodePartlyDenied Code = "partly-denied" // info: the deny list carves addresses out of an allow entry
	CodeNoEffect     Code = "no-effect"     // info: a deny entry touches nothing of the allow list
	CodeDenyOnly     Code = "deny-only"     // info: deny list without an allow list: all other addresses pass
)

// Problem is something an operator should know about rules.
type Problem struct {
	Code      Code
	Level     Level
	List      List   // where it is
	Index     int    // which entry, from 0; -1 if it is the list as a whole
	OtherList List   // where the entry is that it clashes with; "" if Other is -1
	Other     int    // the entry it clashes with, the first if there are several; -1 if none
	Text      string // one sentence without a full stop: "a3 is inside a2 203.0.113.0/24: redundant"
}

// Problems returns all problems of the rules: errors first, then warnings, then
// info, each in the order of the lists, allow before deny. If a list has more
// than [MaxEntries] entries, the entries are not compared with each other.
func (r Rules) Problems() []Problem {
	c := newChecker(r)
	for _, l := range []*list{c.allow, c.deny} {
		c.checkEntries(l)
		c.checkWhole(l)
	}
	if len(r.Allow) <= MaxEntries && len(r.Deny) <= MaxEntries {
		c.checkNesting(c.allow)
		c.checkNesting(c.deny)
		c.checkAgainstDeny()
	}
	slices.SortStableFunc(c.found, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(slices.Index(levels, a.Level), slices.Index(levels, b.Level)),
			cmp.Compare(a.List, b.List),
			cmp.Compare(a.Index, b.Index))
	})
	return c.found
}

// levels is the order of urgency.
var levels = []Level{LevelError, LevelWarning, LevelInfo}

// Validate reports whether the rules may be saved: it returns nil, or a
// [*ProblemError] with all problems of level [LevelError].
func (r Rules) Validate() error {
	problems := r.Problems()
	bad := slices.DeleteFunc(problems, func(p Problem) bool { return p.Level != LevelError })
	if len(bad) == 0 {
		return nil
	}
	return &ProblemError{bad}
}

// ProblemError says why rules may not be saved. It has at least one problem.
type ProblemError struct {
	Problems []Problem
}

// Error returns the text of the first few problems and the number of the rest.
func (e *ProblemError) Error() string {
	const shown = 3
	var texts []string
	for _, p := range e.Problems[:min(shown, len(e.Problems))] {
		texts = append(texts, p.Text)
	}
	if more := len(e.Problems) - shown; more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return "address rules: " + strings.Join(texts, "; ")
}
