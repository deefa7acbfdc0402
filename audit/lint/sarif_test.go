package lint_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/pakdeck/pakdeck/audit/lint"
)

// sarifSchema returns the published schema. It names a site, but nothing is
// fetched.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	b, err := os.ReadFile("testdata/sarif/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	const url = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	if err := c.AddResource(url, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(url)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestSARIFKeepsToThePublishedSchema(t *testing.T) {
	schema := sarifSchema(t)
	base := report(lint.Error)
	old := lint.Baseline{Time: now}
	for _, f := range base.Findings[:3] {
		old.Findings = append(old.Findings, lint.Past{Fingerprint: f.Fingerprint, Rule: f.Rule, Object: f.Object})
	}
	compared := report(lint.Error)
	compared.Compare(&old)
	odd := report("")
	odd.Store, odd.Findings[0].Object.Name = "/odd \x01 path/%/store.db", "a\x1b[31m\ufffd \u202e"
	for name, r := range map[string]lint.Report{"full": base, "compared": compared, "empty": {Store: "/data/store.db", Time: now}, "odd": odd} {
		if err := validate(t, schema, written(t, lint.WriteSARIF, r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTheSchemaIsRead shows that the validation above can fail.
func TestTheSchemaIsRead(t *testing.T) {
	text := string(written(t, lint.WriteSARIF, report(lint.Error)))
	for _, change := range [][2]string{
		{`"level": "error"`, `"level": "fatal"`},
		{`"version": "2.1.0"`, `"version": "2.2"`},
		{`"executionSuccessful": true,`, ``},
		{`"kind": "external"`, `"kind": "somewhere"`},
		{`"results": [`, `"result": [`},
	} {
		broken := strings.Replace(text, change[0], change[1], 1)
		if broken == text {
			t.Fatalf("%s is not in the report", change[0])
		}
		if validate(t, sarifSchema(t), []byte(broken)) == nil {
			t.Errorf("with %s the report is still valid", change[1])
		}
	}
}
