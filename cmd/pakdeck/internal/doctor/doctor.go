// Package doctor looks at what is around a store and a terminal when something
// does not work, and says of each thing whether it is well, what was found and
// what to do.
//
// It looks in the order in which a person would, from outside to inside: the path,
// the folder and the files, the room, then the open store, its keyring and its
// journal, the verifiers, the files with settings, and at last the terminal. It
// works with no store and with a damaged one; what cannot be looked at for that
// reason is named in [Report.Unseen] and not complained of once more.
//
// It changes nothing: no file is made, no record written, no lock waited for
// longer than [Patient.Timeout]. It is quick rather than thorough: of the journal it
// looks at the end alone, and a finding of the linter that stops nobody from
// working is left to the linter.
package doctor

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
)

// Grade is how a thing is.
type Grade string

// The grades, from good to bad.
const (
	OK   Grade = "ok"
	Warn Grade = "warn" // works, but somebody should look at it
	Fail Grade = "fail"
)

// Check is what was found of one thing.
type Check struct {
	Grade Grade  `json:"grade"`
	Name  string `json:"check"`
	Found string `json:"found"`
	Do    string `json:"do"` // what helps, with a command where there is one; "" if it is well
}

func ok(name, format string, args ...any) Check {
	return Check{Grade: OK, Name: name, Found: fmt.Sprintf(format, args...)}
}

// Patient is what is looked at. Store, Call, Now and Terminal.Getenv are required.
type Patient struct {
	Build    string // which pakdeck this is
	Store    string // the path
	From     string // who says so, in words: "from --store"
	Call     string // pakdeck on this store, in a shell: "pakdeck --store FILE"
	Standard string // the path of the store if nobody says so
	Config   string // the operator's config.toml; "": none
	ReadOnly bool   // nothing shall be changed, so what can only be read is well
	Timeout  time.Duration
	Now      func() time.Time
	Terminal Terminal
}

// Report is what was found.
type Report struct {
	Checks []Check
	Unseen []string // what could not be looked at without an open store
}

// Look looks at everything, unless ctx ends.
func Look(ctx context.Context, p Patient) Report {
	var r Report
	if whole, err := filepath.Abs(p.Store); err == nil {
		p.Store = whole
	}
	folder := p.folder()
	r.add(ok("version", "%s", p.Build), p.path(), folder)
	if folder.Grade != Fail {
		p.beside(ctx, &r)
	}
	r.add(p.settings())
	r.add(p.Terminal.checks(ctx)...)
	for _, name := range needStore {
		if !slices.ContainsFunc(r.Checks, func(c Check) bool { return c.Name == name }) {
			r.Unseen = append(r.Unseen, name)
		}
	}
	return r
}

// needStore are the checks that cannot be made without the folder, the file, or
// without opening it.
var needStore = []string{"store", "content", "keyring", "holder", "journal", "checkpoints", "clock", "verifiers", "policy"}

// beside looks at what lies in the folder of the store.
func (p Patient) beside(ctx context.Context, r *Report) {
	r.add(p.store())
	if facts, err := lint.LookAt(p.Store); err == nil {
		config := p.thresholds()
		r.add(files(facts, config), disk(facts, config))
	}
	p.inside(ctx, r)
	r.add(p.policy())
}

func (r *Report) add(checks ...Check) {
	for _, c := range checks {
		if c.Name != "" {
			c.Found, c.Do = oneLine(c.Found), oneLine(c.Do)
			r.Checks = append(r.Checks, c)
		}
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Count returns how many checks have a grade.
func (r Report) Count(g Grade) (n int) {
	for _, c := range r.Checks {
		if c.Grade == g {
			n++
		}
	}
	return n
}

// String sums up in one sentence.
func (r Report) String() string {
	said := fmt.Sprintf("%d checks: ", len(r.Checks))
	failed, look := r.Count(Fail), r.Count(Warn)
	switch {
	case failed == 0 && look == 0:
		said += "all is well"
	case look == 0:
		said += fmt.Sprintf("%d failed", failed)
	case failed == 0:
		said += fmt.Sprintf("none failed, %d to look at", look)
	default:
		said += fmt.Sprintf("%d failed, %d to look at", failed, look)
	}
	if len(r.Unseen) > 0 {
		said += "; not looked at without an open store: " + strings.Join(r.Unseen, ", ")
	}
	return said
}

// judged is what rules of the linter find of the store.
func judged(s lint.Snapshot, ids ...string) []lint.Finding {
	return lint.RunRules(s, slices.DeleteFunc(lint.Rules(), func(r lint.Rule) bool { return !slices.Contains(ids, r.ID) }))
}

// told puts findings into one check, as grave as the gravest of them.
func told(name string, found []lint.Finding) Check {
	c := Check{Grade: Warn, Name: name}
	var texts, todo []string
	joint := "; "
	if !slices.ContainsFunc(found, func(f lint.Finding) bool { return f.Fix.Command == "" }) {
		joint = " && "
	}
	for _, f := range found {
		if f.Severity == lint.Error {
			c.Grade = Fail
		}
		texts = append(texts, f.Text)
		do := f.Fix.Text
		if f.Fix.Command != "" {
			do = f.Fix.Command
		}
		if !slices.Contains(todo, do) {
			todo = append(todo, do)
		}
	}
	c.Found, c.Do = strings.Join(texts, "; "), strings.Join(todo, joint)
	return c
}
