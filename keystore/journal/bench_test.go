package journal

import (
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

func BenchmarkEncode(b *testing.B) {
	records := make([]Record, 64)
	for i := range records {
		records[i] = testRecord(i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := records[i%len(records)].Encode(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	lines := make([][]byte, 64)
	for i := range lines {
		lines[i], _ = testRecord(i).Encode()
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := Decode(lines[i%len(lines)]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	f := newFixture(b, 1000, 1000)
	r := testRecord(2)
	a, err := Begin(f.tx)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Append(r); err != nil {
			b.Fatal(err)
		}
	}
}

// One transaction with one record, as an operator's change makes it.
func BenchmarkBeginAppendCommit(b *testing.B) {
	f := newFixture(b, 1000, 1000)
	r := testRecord(2)
	for b.Loop() {
		a, err := Begin(f.tx)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := a.Append(r); err != nil {
			b.Fatal(err)
		}
		if _, err := a.Commit(f.signer, testStart); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	const n = 50_000
	f := newFixture(b, n, n/10)
	var bytes int
	for seq := range int64(n) {
		bytes += len(f.raw(seq))
	}
	b.ReportAllocs()
	for b.Loop() {
		if rep := f.verify(b, f.side...); !rep.Intact {
			b.Fatal(rep)
		}
	}
	perRecord := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / n
	b.ReportMetric(perRecord, "ns/record")
	b.ReportMetric(1e9/perRecord, "records/s")
	b.ReportMetric(float64(bytes)/n, "B/record")
}

func BenchmarkProveRecord(b *testing.B) {
	const n = 20_000
	f := newFixture(b, n, n)
	for i := int64(0); b.Loop(); i++ {
		var _ tlog.RecordProof
		if _, err := ProveRecord(f.tx, n, i*7919%n); err != nil {
			b.Fatal(err)
		}
	}
}
