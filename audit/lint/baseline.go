package lint

import (
	"fmt"
	"slices"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Baseline is what counted in an earlier run, to tell what is new.
type Baseline struct {
	Time     time.Time
	Findings []Past // in the order of that run
}

// Past is a finding of an earlier run.
type Past struct {
	Fingerprint string
	Rule        string
	Severity    Severity
	Object      Object    // under the name that it had
	Owner       string    // name of the user it belongs to, if any
	First       time.Time // of the first run in a row that had it
}

// Progress is what became of the findings of a baseline.
type Progress struct {
	Since time.Time // of the baseline
	New   map[string]bool
	Fixed []Past
	Same  int
}

// Compare tells which of the findings that count are new, and which of the
// baseline are gone. What is waived since is neither; nor is what the rules
// that ran could not have found.
func (b *Baseline) Compare(v Verdict, rules []Rule) Progress {
	p := Progress{Since: b.Time, New: map[string]bool{}}
	old := make(map[string]bool, len(b.Findings))
	for _, f := range b.Findings {
		old[f.Fingerprint] = true
	}
	there := make(map[string]bool, len(v.Open)+len(v.Waived))
	for _, f := range v.Open {
		there[f.Fingerprint] = true
		if old[f.Fingerprint] {
			p.Same++
		} else {
			p.New[f.Fingerprint] = true
		}
	}
	for _, f := range v.Waived {
		there[f.Fingerprint] = true
	}
	for _, f := range b.Findings {
		ran := slices.ContainsFunc(rules, func(r Rule) bool { return r.ID == f.Rule && !r.Slow() })
		if ran && !there[f.Fingerprint] {
			p.Fixed = append(p.Fixed, f)
		}
	}
	return p
}

// baselineChunk is how many findings lie in one row.
const baselineChunk = 2000

type baselineRecord struct {
	Time   int64 `cbor:"1,keyasint"` // Unix milliseconds
	Chunks int   `cbor:"2,keyasint"`
}

type pastRecord struct {
	_           struct{} `cbor:",toarray"`
	Fingerprint string
	Rule        string
	Severity    string
	Kind        string
	ID          string
	Name        string
	Owner       string
	First       int64
}

func chunkRow(i int) []byte { return fmt.Appendf(nil, "%s%08d", tableChunk, i) }

// read returns the stored baseline, nil if there is none.
func readBaseline(r kv.Reader) (*Baseline, error) {
	head, err := readBaselineHead(r)
	if err != nil || head.Time == 0 {
		return nil, err
	}
	b := &Baseline{Time: time.UnixMilli(head.Time).UTC()}
	for i := range head.Chunks {
		row, err := r.Get(chunkRow(i))
		if err != nil {
			return nil, err
		}
		var list []pastRecord
		if err := cbor.Unmarshal(row, &list); err != nil {
			return nil, fmt.Errorf("damaged baseline: %w", err)
		}
		for _, p := range list {
			b.Findings = append(b.Findings, Past{
				p.Fingerprint, p.Rule, Severity(p.Severity), Object{p.Kind, p.ID, p.Name}, p.Owner, time.UnixMilli(p.First).UTC(),
			})
		}
	}
	return b, nil
}

func readBaselineHead(r kv.Reader) (head baselineRecord, err error) {
	row, err := r.Get([]byte(rowBaseline))
	if err != nil || row == nil {
		return head, err
	}
	if err := cbor.Unmarshal(row, &head); err != nil {
		return head, fmt.Errorf("damaged baseline: %w", err)
	}
	return head, nil
}

// writeBaseline replaces the stored baseline.
func writeBaseline(w kv.Writer, b Baseline) error {
	old, err := readBaselineHead(w)
	if err != nil {
		return err
	}
	n := 0
	for part := range slices.Chunk(b.Findings, baselineChunk) {
		list := make([]pastRecord, len(part))
		for i, p := range part {
			list[i] = pastRecord{
				Fingerprint: p.Fingerprint, Rule: p.Rule, Severity: string(p.Severity),
				Kind: p.Object.Kind, ID: p.Object.ID, Name: p.Object.Name, Owner: p.Owner, First: p.First.UnixMilli(),
			}
		}
		if err := putCBOR(w, chunkRow(n), list); err != nil {
			return err
		}
		n++
	}
	for i := n; i < old.Chunks; i++ {
		if err := w.Delete(chunkRow(i)); err != nil {
			return err
		}
	}
	return putCBOR(w, []byte(rowBaseline), baselineRecord{b.Time.UnixMilli(), n})
}

func putCBOR(w kv.Writer, row []byte, v any) error {
	b, err := cbor.Marshal(v)
	if err != nil {
		return err
	}
	return w.Put(row, b)
}
