package lint_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
)

func report(failOn lint.Severity) lint.Report {
	w := spoilt()
	w.key().Name = `<a href="x">&"'`
	sealed := w.add("0000000000000k99", "sealed-device")
	sealed.Expires = time.Time{}
	w.Waivers = []lint.Waiver{{
		Rule: "PAK101", Object: lint.Object{Kind: lint.KindKey, ID: "0000000000000k99"},
		Reason: "sealed until 2028", Author: "mira", Made: now, Until: now.Add(day),
	}}
	v := lint.Judge(w.Snapshot, lint.Rules())
	r := lint.Report{
		Findings: v.Open, Waived: v.Waived, Rules: lint.Rules(), Store: "/data/my stores/store.db", Time: now, Version: "v1.2.3", FailOn: failOn,
	}
	r.Compare(nil)
	return r
}

func written(t *testing.T, write func(io.Writer, lint.Report) error, r lint.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, r); err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := write(&again, r); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("written twice, the report differs (%v)", err)
	}
	return b.Bytes()
}

func decoded(t *testing.T, b []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestJSONHasEveryFinding(t *testing.T) {
	r := report(lint.Error)
	v := decoded(t, written(t, lint.WriteJSON, r))
	if n := len(v["findings"].([]any)); n != len(r.Findings) {
		t.Errorf("%d findings, want %d", n, len(r.Findings))
	}
	if waived := v["waived"].([]any); len(waived) != 1 || waived[0].(map[string]any)["waiver"].(map[string]any)["author"] != "mira" {
		t.Errorf("waived: %v", waived)
	}
	first := v["findings"].([]any)[0].(map[string]any)
	for _, field := range []string{"rule", "severity", "title", "object", "finding", "evidence", "fix", "fingerprint"} {
		if first[field] == nil {
			t.Errorf("a finding lacks %s: %v", field, first)
		}
	}
	if scores := v["scores"].([]any); len(scores) != len(r.Scores) {
		t.Errorf("%d scores, want %d", len(scores), len(r.Scores))
	}
}

func TestJSONOfNothingHasEmptyLists(t *testing.T) {
	text := string(written(t, lint.WriteJSON, lint.Report{Time: now}))
	for _, want := range []string{`"findings": []`, `"scores": []`, `"score": 100`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %s", text, want)
		}
	}
}

func TestSARIFDeclaresWhatItUses(t *testing.T) {
	r := report(lint.Error)
	v := decoded(t, written(t, lint.WriteSARIF, r))
	if v["version"] != "2.1.0" || !strings.Contains(v["$schema"].(string), "sarif-schema-2.1.0.json") {
		t.Errorf("version %v, schema %v", v["version"], v["$schema"])
	}
	run := v["runs"].([]any)[0].(map[string]any)
	rules := run["tool"].(map[string]any)["driver"].(map[string]any)["rules"].([]any)
	if len(rules) != len(lint.Rules()) {
		t.Errorf("%d rules are declared, of %d", len(rules), len(lint.Rules()))
	}
	for _, x := range rules {
		rule := x.(map[string]any)
		if rule["help"].(map[string]any)["text"] == "" || rule["properties"].(map[string]any)["security-severity"] == nil {
			t.Errorf("rule %v lacks help or security-severity", rule["id"])
		}
	}
	results := run["results"].([]any)
	if last := results[len(results)-1].(map[string]any); last["suppressions"].([]any)[0].(map[string]any)["justification"] != "sealed until 2028" {
		t.Errorf("what was waived is not suppressed: %v", last)
	}
	if results = results[:len(results)-1]; len(results) != len(r.Findings) {
		t.Fatalf("%d results of %d findings", len(results), len(r.Findings))
	}
	level := map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Info: "note"}
	for i, x := range results {
		result, f := x.(map[string]any), r.Findings[i]
		declared := rules[int(result["ruleIndex"].(float64))].(map[string]any)["id"]
		if result["ruleId"] != f.Rule || declared != f.Rule || result["level"] != level[f.Severity] {
			t.Errorf("result %v of %+v (declared %v)", result, f, declared)
		}
		if prints := result["partialFingerprints"].(map[string]any); prints["pakdeckFinding/v1"] != f.Fingerprint {
			t.Errorf("fingerprints %v of %+v", prints, f)
		}
	}
	if base := run["originalUriBaseIds"].(map[string]any)["STORE"].(map[string]any)["uri"]; base != "file:///data/my%20stores/" {
		t.Errorf("base %v", base)
	}
}

func TestJUnitFailsFromASeverityOn(t *testing.T) {
	for _, failOn := range []lint.Severity{lint.Error, lint.Warning, lint.Info, ""} {
		r := report(failOn)
		var suites struct {
			Suite struct {
				Tests    int `xml:"tests,attr"`
				Failures int `xml:"failures,attr"`
				Cases    []struct {
					Class   string    `xml:"classname,attr"`
					Name    string    `xml:"name,attr"`
					Failure *struct{} `xml:"failure"`
					Skipped *struct{} `xml:"skipped"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		if err := xml.Unmarshal(written(t, lint.WriteJUnit, r), &suites); err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, f := range r.Findings {
			if f.Severity.AtLeast(failOn) {
				want++
			}
		}
		failed, skipped, classes := 0, 0, map[string]bool{}
		for _, c := range suites.Suite.Cases {
			classes[c.Class] = true
			if c.Failure != nil {
				failed++
			}
			if c.Skipped != nil {
				skipped++
			}
		}
		if skipped != 1 || failed != want || suites.Suite.Failures != want || suites.Suite.Tests != len(suites.Suite.Cases) || len(classes) != len(lint.Rules()) {
			t.Errorf("%q: %d failed, told %d, want %d; %d rules", failOn, failed, suites.Suite.Failures, want, len(classes))
		}
		if r.Failed() != (want > 0) {
			t.Errorf("%q: failed %v", failOn, r.Failed())
		}
	}
}

func TestCSVHasALineForEachFinding(t *testing.T) {
	r := report(lint.Error)
	r.Findings[0].Object.Name = `=HYPERLINK("http://x")`
	rows, err := csv.NewReader(bytes.NewReader(written(t, lint.WriteCSV, r))).ReadAll()
	if err != nil || len(rows) != len(r.Findings)+2 {
		t.Fatalf("%d rows (%v), want %d", len(rows), err, len(r.Findings)+1)
	}
	if name := rows[1][slices.Index(rows[0], "object")]; name != `'=HYPERLINK("http://x")` {
		t.Errorf("a formula is written as %q", name)
	}
	if got := rows[2][slices.Index(rows[0], "fingerprint")]; got != r.Findings[1].Fingerprint {
		t.Errorf("fingerprint %q, want %q", got, r.Findings[1].Fingerprint)
	}
}

// shut fails to write.
type shut struct{}

var errShut = errors.New("shut")

func (shut) Write([]byte) (int, error) { return 0, errShut }

func TestWritersTellOfAFailure(t *testing.T) {
	for name, write := range map[string]func(io.Writer, lint.Report) error{
		"json": lint.WriteJSON, "sarif": lint.WriteSARIF, "junit": lint.WriteJUnit, "findings": lint.WriteCSV, "credentials": lint.WriteCredentials,
	} {
		if err := write(shut{}, report(lint.Error)); !errors.Is(err, errShut) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
