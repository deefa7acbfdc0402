package trail_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// used is a store with a key that was used and refused, by somebody who wants to
// hurt whoever opens the export.
func used(t *testing.T) *keystore.Store {
	t.Helper()
	st := newStore(t, 1)
	err := st.RecordUses(t.Context(), keystore.UseBatch{Notable: []keystore.Use{
		{Sighting: keystore.Sighting{Time: now, Caller: keystore.Caller{IP: netip.MustParseAddr("203.0.113.70"), Agent: "=cmd|' /C calc'!A0", Route: "GET /\x1b[31m\r\n"}}, Outcome: keystore.Unknown, Fingerprint: "0123456789abcdef"},
		{Sighting: keystore.Sighting{Time: now, Caller: keystore.Caller{IP: netip.MustParseAddr("2001:db8::7"), Agent: "curl", Route: "POST /v1/chat"}}, Outcome: keystore.OK, Key: "k1", Ref: "usera/ci"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func export(t *testing.T, st *keystore.Store, expr string, format trail.Format) string {
	t.Helper()
	f, err := trail.Parse(expr, now)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	n, err := trail.Export(t.Context(), st, f, format, &out, func(int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	if lines := int64(strings.Count(out.String(), "\n")); format != trail.CSV && lines != n || format == trail.CSV && lines != n+1 {
		t.Errorf("%d records in %d lines", n, lines)
	}
	return out.String()
}

func TestNDJSONIsTheStoredBytes(t *testing.T) {
	st := used(t)
	head, err := st.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text := export(t, st, "", trail.NDJSON)
	rep, err := journal.VerifyLines(strings.NewReader(text), []journal.Checkpoint{head})
	if err != nil || !rep.Intact || rep.Size != 4 {
		t.Errorf("%+v, %v", rep, err)
	}
	if some := export(t, st, "outcome:denied", trail.NDJSON); strings.Count(some, "\n") != 1 || !strings.Contains(text, some) {
		t.Errorf("selected: %s", some)
	}
}

func TestCSVIsHarmlessInASpreadsheet(t *testing.T) {
	text := export(t, used(t), "event:use", trail.CSV)
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v: %q", err, text)
	}
	at := func(row int, name string) string {
		for i, heading := range rows[0] {
			if heading == name {
				return rows[row][i]
			}
		}
		t.Fatalf("no column %s", name)
		return ""
	}
	if got := at(1, "agent"); got != "'=cmd|' /C calc'!A0" {
		t.Errorf("agent %q", got)
	}
	if got := at(1, "uid"); got != "-1" {
		t.Errorf("uid %q", got)
	}
	if strings.ContainsAny(text, "\x1b\r") || at(2, "name") != "usera/ci" || at(2, "outcome") != "ok" {
		t.Errorf("%q", text)
	}
}

func TestOCSFHasWhatTheSchemaRequires(t *testing.T) {
	text := export(t, used(t), "", trail.OCSF)
	classes := map[float64]int{}
	for line := range strings.Lines(text) {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		class := e["class_uid"].(float64)
		classes[class]++
		for _, problem := range ocsfObjects[fmt.Sprint(class)].check("", e) {
			t.Errorf("%s in %s", problem, line)
		}
		if e["type_uid"] != 100*class+e["activity_id"].(float64) {
			t.Errorf("type_uid %v", e["type_uid"])
		}
		var record journal.Record
		raw, _ := json.Marshal(e["unmapped"])
		if json.Unmarshal(raw, &map[string]any{}) != nil || strings.Contains(line, "\x1b") {
			t.Errorf("%s %+v", line, record)
		}
	}
	if classes[3002] != 2 || classes[3004] != 2 {
		t.Errorf("classes %v", classes)
	}
	for _, want := range []string{`"status_code":"unknown"`, `"status":"Failure"`, `"src_endpoint":{"ip":"203.0.113.70"}`, `"activity_name":"Create"`, `"name":"usera"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in\n%s", want, text)
		}
	}
}

// ocsfObject is what version 1.3.0 of the schema says of the attributes that are
// exported of an object: their types, which are required, of which there must be
// one, and what numbers mean anything.
type ocsfObject struct {
	types           map[string]string // "text", "number", "any", or an object
	required, oneOf []string
	numbers         map[string][]float64
}

var ocsfObjects = func() map[string]ocsfObject {
	event := func(more map[string]string, activities []float64, required ...string) ocsfObject {
		o := ocsfObject{
			types: map[string]string{
				"activity_id": "number", "activity_name": "text", "category_uid": "number", "class_uid": "number", "type_uid": "number",
				"severity_id": "number", "status_id": "number", "status": "text", "status_code": "text", "status_detail": "text", "time": "number",
				"metadata": "metadata", "actor": "actor", "src_endpoint": "endpoint", "http_request": "request", "unmapped": "any",
			},
			required: append(required, "activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid"),
			numbers: map[string][]float64{
				"category_uid": {3}, "activity_id": activities, "severity_id": {0, 1, 2, 3, 4, 5, 6, 99}, "status_id": {0, 1, 2, 99},
				"auth_protocol_id": {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99},
			},
		}
		maps.Copy(o.types, more)
		return o
	}
	logon := event(map[string]string{"user": "user", "service": "service", "auth_protocol_id": "number", "auth_protocol": "text"}, []float64{0, 1, 2, 3, 4, 5, 6, 99}, "user")
	logon.oneOf = []string{"service", "dst_endpoint"}
	return map[string]ocsfObject{
		"3002": logon,
		"3004": event(map[string]string{"entity": "entity", "comment": "text"}, []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 99}, "entity"),
		"metadata": {types: map[string]string{
			"version": "text", "product": "product", "event_code": "text", "log_name": "text", "original_time": "text", "sequence": "number", "uid": "text",
		}, required: []string{"product", "version"}},
		"product":  {types: map[string]string{"name": "text", "vendor_name": "text"}, required: []string{"vendor_name"}},
		"actor":    {types: map[string]string{"app_name": "text", "user": "user"}, oneOf: []string{"user", "app_name"}},
		"user":     {types: map[string]string{"name": "text", "uid": "text", "credential_uid": "text"}, oneOf: []string{"name", "uid"}},
		"service":  {types: map[string]string{"name": "text"}, oneOf: []string{"name", "uid"}},
		"endpoint": {types: map[string]string{"ip": "text"}, oneOf: []string{"ip"}},
		"request":  {types: map[string]string{"user_agent": "text"}},
		"entity":   {types: map[string]string{"type": "text", "uid": "text", "name": "text"}, oneOf: []string{"name", "uid"}},
	}
}()

func (o ocsfObject) check(path string, got map[string]any) (problems []string) {
	complain := func(format string, args ...any) { problems = append(problems, path+fmt.Sprintf(format, args...)) }
	for _, name := range o.required {
		if _, ok := got[name]; !ok {
			complain("%s is missing", name)
		}
	}
	if o.oneOf != nil && !slices.ContainsFunc(o.oneOf, func(name string) bool { _, ok := got[name]; return ok }) {
		complain("none of %v", o.oneOf)
	}
	for name, value := range got {
		number, isNumber := value.(float64)
		text, isText := value.(string)
		switch kind := o.types[name]; {
		case kind == "":
			complain("%s is not in the schema", name)
		case kind == "any":
		case kind == "number" && !isNumber, kind == "text" && (!isText || text == ""):
			complain("%s is %v, no %s", name, value, kind)
		case isNumber && o.numbers[name] != nil && !slices.Contains(o.numbers[name], number):
			complain("%s is %v", name, value)
		case !isNumber && !isText:
			inner, _ := value.(map[string]any)
			problems = append(problems, ocsfObjects[kind].check(path+name+".", inner)...)
		}
	}
	return problems
}

func TestEveryEventHasAnActivity(t *testing.T) {
	st := newStore(t, 0)
	for _, e := range journal.Events() {
		if err := st.RecordEvent(t.Context(), e, ""); err != nil {
			t.Fatal(err)
		}
	}
	for line := range strings.Lines(export(t, st, "event:store,user,key,use,serve !event:heartbeat", trail.OCSF)) {
		if strings.Contains(line, `"activity_id":99`) {
			t.Errorf("no activity for %s", line)
		}
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		for _, problem := range ocsfObjects[fmt.Sprint(e["class_uid"])].check("", e) {
			t.Errorf("%s in %s", problem, line)
		}
	}
}

func TestAnExportFileIsPrivateAndNew(t *testing.T) {
	st := used(t)
	path := filepath.Join(t.TempDir(), "journal.ndjson")
	n, err := trail.ExportFile(t.Context(), st, trail.Filter{}, trail.NDJSON, path, func(int64, int64) {})
	if err != nil || n != 4 {
		t.Fatalf("%d, %v", n, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := trail.ExportFile(t.Context(), st, trail.Filter{}, trail.NDJSON, path, func(int64, int64) {}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file: %v", err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(t.TempDir(), "target"), link); err != nil {
		t.Fatal(err)
	}
	if _, err := trail.ExportFile(t.Context(), st, trail.Filter{}, trail.NDJSON, link, func(int64, int64) {}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a link: %v", err)
	}
	other := path + "2"
	if _, err := trail.ExportFile(t.Context(), st, trail.Filter{}, "xml", other, func(int64, int64) {}); err == nil {
		t.Error("an unknown format is accepted")
	}
	if _, err := os.Stat(other); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a failed export left a file: %v", err)
	}
}
