package kvtest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// modelChecks compare the engine with a sorted map.
var modelChecks = []check{
	{"random transactions agree with a sorted map", agreesWithModel},
}

// model is the reference: what the store should hold.
type model map[string]string

func (m model) pairs(rg kv.Range) (all []string) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if rg.Contains([]byte(k)) {
			all = append(all, k+"="+m[k])
		}
	}
	if rg.Reverse {
		slices.Reverse(all)
	}
	return all
}

// step is one operation of a random transaction.
type step struct {
	op    string
	key   string
	value string
	rg    kv.Range
}

// script is a random transaction. It is drawn before it runs, so that it may
// run twice.
type script struct {
	steps []step
	abort bool
}

var errAbort = errors.New("the script ends without a commit")

func agreesWithModel(t *testing.T, s kv.Store) {
	scripts := rapid.SliceOfN(rapid.Custom(drawScript), 1, 5)
	rapid.Check(t, func(rt *rapid.T) {
		if err := s.Update(t.Context(), removeAll); err != nil {
			rt.Fatal(err)
		}
		m := model{}
		for i, sc := range scripts.Draw(rt, "scripts") {
			after := m
			err := s.Update(t.Context(), func(w kv.Writer) (err error) {
				after, err = sc.run(w, maps.Clone(m))
				return err
			})
			switch {
			case sc.abort && errors.Is(err, errAbort):
			case !sc.abort && err == nil:
				m = after
			default:
				rt.Fatalf("script %d: %v", i, err)
			}
			if err := s.View(t.Context(), func(r kv.Reader) error { return m.compare(r, kv.Range{}) }); err != nil {
				rt.Fatalf("after script %d: %v", i, err)
			}
		}
	})
}

// run applies the script to the store and to the model and compares every
// answer.
func (sc script) run(w kv.Writer, m model) (model, error) {
	for _, st := range sc.steps {
		if err := st.run(w, m); err != nil {
			return m, err
		}
	}
	if sc.abort {
		return m, errAbort
	}
	return m, nil
}

func (st step) run(w kv.Writer, m model) error {
	switch st.op {
	case "put":
		m[st.key] = st.value
		return w.Put([]byte(st.key), []byte(st.value))
	case "delete":
		delete(m, st.key)
		return w.Delete([]byte(st.key))
	case "get":
		v, err := w.Get([]byte(st.key))
		if string(v) != m[st.key] {
			return fmt.Errorf("Get(%q) = %q, want %q", st.key, v, m[st.key])
		}
		return err
	}
	return m.compare(w, st.rg)
}

func (m model) compare(r kv.Reader, rg kv.Range) error {
	got, err := pairs(r, rg)
	if err != nil {
		return err
	}
	if wanted := m.pairs(rg); !slices.Equal(got, wanted) {
		return fmt.Errorf("scan of %q to %q (reverse %v): got %q, want %q", rg.From, rg.To, rg.Reverse, got, wanted)
	}
	return nil
}

func removeAll(w kv.Writer) error {
	var keys [][]byte
	err := w.Scan(kv.Range{}, func(k, _ []byte) error {
		keys = append(keys, slices.Clone(k))
		return nil
	})
	for _, k := range keys {
		err = errors.Join(err, w.Delete(k))
	}
	return err
}

func drawScript(rt *rapid.T) script {
	return script{
		steps: rapid.SliceOfN(rapid.Custom(drawStep), 0, 12).Draw(rt, "steps"),
		abort: rapid.IntRange(0, 4).Draw(rt, "abort") == 4,
	}
}

func drawStep(rt *rapid.T) step {
	return step{
		op:    rapid.SampledFrom([]string{"put", "put", "put", "delete", "get", "scan"}).Draw(rt, "op"),
		key:   drawKey(rt, "key"),
		value: drawValue(rt),
		rg: kv.Range{
			From:    drawBound(rt, "from"),
			To:      drawBound(rt, "to"),
			Reverse: rapid.Bool().Draw(rt, "reverse"),
		},
	}
}

// drawKey draws from few keys, so that steps meet on the same ones; bytes at
// the ends of the scale and keys that are prefixes of others are among them.
func drawKey(rt *rapid.T, label string) string {
	letters := rapid.SampledFrom([]byte{0x00, 'a', 'b', 0xff})
	return string(rapid.SliceOfN(letters, 1, 3).Draw(rt, label))
}

// drawValue draws short values and such as do not fit on a page.
func drawValue(rt *rapid.T) string {
	n := rapid.SampledFrom([]int{1, 2, 300, 5000}).Draw(rt, "size")
	return string(slices.Repeat([]byte{rapid.Byte().Draw(rt, "byte")}, n))
}

func drawBound(rt *rapid.T, label string) []byte {
	if rapid.Bool().Draw(rt, label+" open") {
		return nil
	}
	return []byte(drawKey(rt, label))
}
