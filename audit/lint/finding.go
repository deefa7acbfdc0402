package lint

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// The kinds of objects that findings are about.
const (
	KindKey   = "key"
	KindUser  = "user"
	KindStore = "store"
)

// Object is what a finding is about.
type Object struct {
	Kind string // KindKey, KindUser or KindStore
	ID   string // never changes
	Name string // user/name of a key, the path of a store; redacted if it holds a secret
}

// owner returns the name of the user that the object belongs to: the one of a
// key stands before its slash.
func (o Object) owner() string {
	if o.Kind == KindStore {
		return ""
	}
	user, _, _ := strings.Cut(o.Name, "/")
	return user
}

// Proposal is what would put a finding right.
type Proposal struct {
	Text string // what to do, in a sentence without a full stop
	// Command does it when it is run as it stands in a POSIX shell; "" if there
	// is something to decide first.
	Command string
	// Change does it here and now; nil if there is something to decide first, or
	// if it cannot be done without handing a secret out.
	Change *Change
	Auto   bool // safe enough to be done without asking
}

// Finding is what a rule says of an object.
type Finding struct {
	Rule     string // id of the rule
	Severity Severity
	Object   Object
	Owner    string   // name of the user whose key it is, or who it is; "" of the store
	Text     string   // what is wrong, without a full stop
	Evidence []string // the facts, one a line: "created  2026-02-02T09:00:00Z"
	Fix      *Proposal
	// Fingerprint names the same finding in every run: the first 16 hex digits
	// of SHA-256 over rule, object id and what tells several findings of a rule
	// about one object apart. The wording does not count.
	Fingerprint string
}

// hit is what a check found of an object.
type hit struct {
	severity Severity // "": that of the rule
	text     string
	evidence []string
	fix      *Proposal
	mark     string // tells several hits of one rule on one object apart
}

func (r *Rule) finding(o Object, h hit) Finding {
	return Finding{
		Rule: r.ID, Severity: cmp.Or(h.severity, r.Severity), Object: o, Owner: o.owner(), Text: h.text,
		Evidence: h.evidence, Fix: h.fix, Fingerprint: fingerprint(r.ID, o.ID, h.mark),
	}
}

func fingerprint(rule, object, mark string) string {
	var room [128]byte // most fit, and take no memory
	b := append(append(room[:0], rule...), 0)
	b = append(append(b, object...), 0)
	sum := sha256.Sum256(append(b, mark...))
	return hex.EncodeToString(sum[:8])
}

// order sorts findings by severity, rule, name and id of the object; several
// of a rule on one object by their text.
func order(list []Finding) {
	slices.SortFunc(list, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Severity.rank(), b.Severity.rank()),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Object.Name, b.Object.Name),
			cmp.Compare(a.Object.ID, b.Object.ID),
			cmp.Compare(a.Text, b.Text),
			cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
}

// Counts is how many findings there are of each severity.
type Counts struct {
	Error   int `json:"error"`
	Warning int `json:"warning"`
	Info    int `json:"info"`
}

// Count counts findings by severity.
func Count(list []Finding) Counts {
	var c Counts
	for _, f := range list {
		c.add(f.Severity)
	}
	return c
}

func (c *Counts) add(s Severity) {
	switch s {
	case Error:
		c.Error++
	case Warning:
		c.Warning++
	case Info:
		c.Info++
	}
}

// Total returns the number of findings.
func (c Counts) Total() int { return c.Error + c.Warning + c.Info }

// Score returns 100 less 25 for each error, 8 for each warning and 1 for each
// piece of information, but at least 0.
func (c Counts) Score() int { return max(0, 100-25*c.Error-8*c.Warning-c.Info) }

// ByObject counts the findings about each object, by its id.
func ByObject(list []Finding) map[string]Counts {
	out := make(map[string]Counts)
	for _, f := range list {
		c := out[f.Object.ID]
		c.add(f.Severity)
		out[f.Object.ID] = c
	}
	return out
}
