package lint

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Waiver is a finding that was accepted on purpose: what a rule finds of an
// object is not counted until the waiver ends.
type Waiver struct {
	Rule   string
	Object Object // its name is that of the day when the waiver was made
	Reason string
	Author string    // user name of who accepted it
	Made   time.Time // UTC, milliseconds, as all times of the store
	Until  time.Time // it no longer holds from then on
}

// Holds reports whether the waiver counts at an instant.
func (w Waiver) Holds(now time.Time) bool { return now.Before(w.Until) }

// row is where the waiver lies in the annex.
func (w Waiver) row() []byte { return []byte(tableWaiver + w.Rule + "\x00" + w.Object.ID) }

// The rows of the annex "lint", by their first byte.
const (
	annex       = "lint"
	tableWaiver = "w" // w<rule>\x00<object id>: a waiver
	rowBaseline = "b" // time of the baseline and number of its rows
	tableChunk  = "B" // B<number>: a part of its findings
	tablePoint  = "t" // t<Unix time of a day>: counts of that day
)

type waiverRecord struct {
	Rule   string `cbor:"1,keyasint"`
	Kind   string `cbor:"2,keyasint"`
	ID     string `cbor:"3,keyasint"`
	Name   string `cbor:"4,keyasint"`
	Reason string `cbor:"5,keyasint"`
	Author string `cbor:"6,keyasint"`
	Made   int64  `cbor:"7,keyasint"` // Unix milliseconds
	Until  int64  `cbor:"8,keyasint"`
}

func encodeWaiver(w Waiver) ([]byte, error) {
	return cbor.Marshal(waiverRecord{
		w.Rule, w.Object.Kind, w.Object.ID, w.Object.Name, w.Reason, w.Author, w.Made.UnixMilli(), w.Until.UnixMilli(),
	})
}

func decodeWaiver(b []byte) (Waiver, error) {
	var r waiverRecord
	if err := cbor.Unmarshal(b, &r); err != nil {
		return Waiver{}, fmt.Errorf("damaged waiver: %w", err)
	}
	return Waiver{
		Rule: r.Rule, Object: Object{r.Kind, r.ID, r.Name}, Reason: r.Reason, Author: r.Author,
		Made: time.UnixMilli(r.Made).UTC(), Until: time.UnixMilli(r.Until).UTC(),
	}, nil
}

func allWaivers(r kv.Reader) (list []Waiver, err error) {
	err = r.Scan(kv.Prefix([]byte(tableWaiver)), func(_, value []byte) error {
		w, err := decodeWaiver(value)
		list = append(list, w)
		return err
	})
	slices.SortFunc(list, func(a, b Waiver) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Object.Name, b.Object.Name), cmp.Compare(a.Object.ID, b.Object.ID))
	})
	return list, err
}

// errNoSuchWaiver is wrapped with what was asked for.
var errNoSuchWaiver = errors.New("there is no such waiver")

// Waived is a finding that a waiver accepts.
type Waived struct {
	Finding
	Waiver Waiver
}

// pact is a waiver as the rules about waivers see it.
type pact struct {
	Waiver
	object Object // under its present name
	ref    string // names the object on a command line
	judged bool   // its rule had something to go by
	fires  bool   // its rule finds something
}

// unwaive proposes to take the waiver back.
func (p *pact) unwaive(text string) *Proposal {
	return &Proposal{
		Text: text, Command: strings.TrimSpace("pakdeck lint unwaive " + p.Rule + " " + p.ref),
		Change: &Change{Do: DropWaiver, Waiver: &p.Waiver},
	}
}

func (p *pact) terms() []string {
	return []string{
		fact("rule", "%s", p.Rule), fact("reason", "%q", p.Reason), fact("author", "%s", cmp.Or(p.Author, "nobody")),
		fact("made", "%s", instant(p.Made)), fact("until", "%s", instant(p.Until)),
	}
}

func waiverWithout(_ *scene, p *pact) []hit {
	if p.Reason != "" && p.Author != "" {
		return nil
	}
	lacks := "no author"
	if p.Reason == "" {
		lacks = "no reason"
	}
	return one(hit{
		text: "the waiver of " + p.Rule + " has " + lacks, evidence: p.terms(),
		fix: advice("waive it anew, with a reason and under a user name"),
	})
}

func waiverExpired(s *scene, p *pact) []hit {
	if p.Holds(s.Now) {
		return nil
	}
	return one(hit{
		text: "the waiver of " + p.Rule + " has ended", evidence: p.terms(),
		fix: p.unwaive("mend what was waived, then take the waiver away"),
	})
}

func waiverUnused(s *scene, p *pact) []hit {
	if !p.judged || p.fires || !p.Holds(s.Now) {
		return nil
	}
	return one(hit{
		text: "the waiver of " + p.Rule + " is not needed: the rule finds nothing", evidence: p.terms(),
		fix: p.unwaive("take the waiver away").safely(),
	})
}

func waiverTooLong(s *scene, p *pact) []hit {
	if p.Until.Sub(p.Made) <= s.Config.MaxWaiver || !p.Holds(s.Now) {
		return nil
	}
	return one(hit{
		text:     fmt.Sprintf("the waiver of %s holds for %s; at most %s", p.Rule, days(p.Until.Sub(p.Made)), days(s.Config.MaxWaiver)),
		evidence: p.terms(), fix: advice("waive it anew until a nearer day"),
	})
}
