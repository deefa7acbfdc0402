package journal

import (
	"bytes"
	"testing"
	"time"
)

func TestAGlanceSaysWhatTheRecordSays(t *testing.T) {
	f := newFixture(t, 120, 7)
	for seq := range int64(120) {
		r, err := Decode(f.raw(seq))
		if err != nil {
			t.Fatal(err)
		}
		g, ok := Glance(f.raw(seq))
		if !ok || g.Seq != seq || string(g.Prev) != r.Prev.String() || string(g.Time) != Stamp(r.Time) || g.Code != r.Code {
			t.Errorf("record %d: %v, %+v", seq, ok, g)
		}
	}
}

func TestAGlanceAtSomethingElseSaysSo(t *testing.T) {
	f := newFixture(t, 1, 1)
	whole := f.raw(0)
	for n := range bytes.Index(whole, []byte(`"code":`)) + len(`"code":`) {
		if _, ok := Glance(whole[:n]); ok {
			t.Errorf("%q is taken for a record", whole[:n])
		}
	}
	for _, head := range []string{`{"seq":01,`, `{"seq":-1,`, `{"seq":1234567890123456789012,`, `{ "seq":1,`} {
		if _, ok := Glance(bytes.Replace(whole, []byte(`{"seq":0,`), []byte(head), 1)); ok {
			t.Errorf("%s is taken for the head of a record", head)
		}
	}
}

func TestStampsSortAsTimes(t *testing.T) {
	at := testStart
	for _, step := range []time.Duration{time.Millisecond, time.Second, time.Hour, 40 * 24 * time.Hour, 400 * 24 * time.Hour} {
		if next := at.Add(step); Stamp(at) >= Stamp(next) {
			t.Errorf("%s does not sort before %s", Stamp(at), Stamp(next))
		}
	}
}

func FuzzGlance(f *testing.F) {
	raw, _ := testRecord(3).Encode()
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		g, ok := Glance(raw)
		if r, err := Decode(raw); err == nil && r.Seq < 1e18 && r.Code < 1e9 {
			if !ok || g.Seq != r.Seq || g.Code != r.Code || string(g.Time) != Stamp(r.Time) || string(g.Prev) != r.Prev.String() {
				t.Errorf("%q: %v %+v, want %+v", raw, ok, g, r)
			}
		}
	})
}
