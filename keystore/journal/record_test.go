package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var fullRecord = Record{
	Seq: 17, Prev: Hash{0: 0xab, 31: 0x01}, Time: time.Date(2026, 11, 23, 15, 4, 5, 678_900_000, time.FixedZone("CET", 3600)),
	Code: EventKeyEdit.Code, Event: EventKeyEdit.Name, Outcome: "ok", Reason: "moved <build> & test",
	Actor:  Actor{UID: 1000, User: "ada", Via: "tui", Claims: Claims{SSHConnection: "203.0.113.9 50022 10.0.0.1 22", SudoUser: "grace"}},
	Object: Object{Kind: "key", ID: "01jdqk5y4h7w8x9z", Name: "ci-deploy"},
	Source: Source{IP: "198.51.100.7", Agent: "curl", Route: "/v1/größe", Fingerprint: "0011223344556677"},
	Diff:   []Change{{Field: "name", Before: nil, After: "ci"}, {Field: "limits", Before: 5, After: []any{true, 1.5, map[string]any{"b": "x", "a": nil}}}},
}

func TestEncodeWritesTheFieldsInTheirOrder(t *testing.T) {
	got, err := fullRecord.Encode()
	want := `{"seq":17,"prev":"ab00000000000000000000000000000000000000000000000000000000000001",` +
		`"time":"2026-11-23T14:04:05.678Z","code":301,"event":"key.edit","outcome":"ok","reason":"moved <build> & test",` +
		`"actor":{"uid":1000,"user":"ada","via":"tui","claims":{"ssh_connection":"203.0.113.9 50022 10.0.0.1 22","sudo_user":"grace"}},` +
		`"object":{"kind":"key","id":"01jdqk5y4h7w8x9z","name":"ci-deploy"},` +
		`"source":{"ip":"198.51.100.7","agent":"curl","route":"/v1/größe","fingerprint":"0011223344556677"},` +
		`"diff":[{"field":"name","before":null,"after":"ci"},{"field":"limits","before":5,"after":[true,1.5,{"a":null,"b":"x"}]}]}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
	if !json.Valid(got) {
		t.Error("not JSON")
	}
}

func TestEncodeLeavesOutWhatIsEmpty(t *testing.T) {
	r := Record{Time: testStart, Event: "use", Source: Source{Route: "/"}, Actor: Actor{Claims: Claims{SudoUser: "grace"}}}
	got, err := r.Encode()
	want := `{"seq":0,"prev":"` + strings.Repeat("0", 64) + `","time":"2026-11-23T04:00:00.000Z","code":0,"event":"use","outcome":"",` +
		`"actor":{"uid":0,"claims":{"sudo_user":"grace"}},"source":{"route":"/"}}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}

func TestDecodeGivesBackWhatWasEncoded(t *testing.T) {
	line, err := fullRecord.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(line)
	if err != nil {
		t.Fatal(err)
	}
	if got.Time != fullRecord.Time.UTC().Truncate(time.Millisecond) {
		t.Errorf("time is %v", got.Time)
	}
	raw, ok := got.Diff[1].After.(json.RawMessage)
	if !ok || string(raw) != `[true,1.5,{"a":null,"b":"x"}]` {
		t.Errorf("diff value is %T %s", got.Diff[1].After, raw)
	}
	got.Diff, got.Time = nil, time.Time{}
	want := fullRecord
	want.Diff, want.Time = nil, time.Time{}
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestEncodedLinesAreHarmlessToPrint(t *testing.T) {
	nasty := "a\x00\a\x1b[31m\n\r\t\x7f\u0080\u009b\u00ad\u061c\u180e\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\ufffb\U000e0041\"\\\xff\xc3z"
	r := testRecord(2)
	r.Reason, r.Source.Agent, r.Object.Name, r.Actor.User = nasty, nasty, nasty, nasty
	r.Diff = []Change{
		{Field: nasty, Before: nasty, After: []string{nasty}},
		{Field: "map", Before: map[string]string{nasty: nasty}, After: json.RawMessage("[ \"\xff\\n\\u202e\\/\" ,\t\"\u202e\" ]")},
	}
	line, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !utf8.Valid(line) {
		t.Error("not UTF-8")
	}
	for _, c := range string(line) {
		if c < 0x20 || 0x7f <= c && c < 0xa0 || strings.ContainsRune("\u00ad\u061c\u180e\u2028\u2029\ufeff\ufffb\U000e0041", c) ||
			0x200b <= c && c <= 0x200f || 0x202a <= c && c <= 0x202e || 0x2060 <= c && c <= 0x206f {
			t.Errorf("%U stands raw in the line", c)
		}
	}
	got, err := Decode(line)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.ToValidUTF8(nasty, "\ufffd"); got.Reason != want || got.Object.Name != want || got.Diff[0].Field != want {
		t.Errorf("reason came back as %q, want %q", got.Reason, want)
	}
	if want := `["` + "\ufffd" + `\u000a\u202e/","\u202e"]`; string(got.Diff[1].After.(json.RawMessage)) != want {
		t.Errorf("raw value became %s, want %s", got.Diff[1].After, want)
	}
	if !bytes.Contains(line, []byte(`\u001b[31m\u000a`)) || !bytes.Contains(line, []byte(`\udb40\udc41`)) {
		t.Errorf("escapes look different: %s", line)
	}
}

func TestLongTextsAreCutAtACharacter(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{strings.Repeat("x", 256), strings.Repeat("x", 256)},
		{strings.Repeat("x", 257), strings.Repeat("x", 253) + "…"},
		{strings.Repeat("ä", 129), strings.Repeat("ä", 126) + "…"},
		{strings.Repeat("x", 251) + "😀y", strings.Repeat("x", 251) + "😀y"},
		{strings.Repeat("x", 251) + "😀yz", strings.Repeat("x", 251) + "…"},
		{strings.Repeat("\xff", 300), "\ufffd"},
		{strings.Repeat("\xff-", 200), strings.Repeat("\ufffd-", 63) + "…"},
	} {
		r := testRecord(0)
		r.Source.Route, r.Object.Name = test.in, test.in
		line, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(line)
		if err != nil || got.Source.Route != test.want || got.Object.Name != test.want {
			t.Errorf("%q became %q, %v; want %q", test.in, got.Source.Route, err, test.want)
		}
	}
}

func TestDiffValuesAreNotCut(t *testing.T) {
	type entry struct {
		Prefix string `json:"prefix"`
		Note   string `json:"note"`
	}
	list := make([]entry, 100)
	for i := range list {
		list[i] = entry{"2001:0db8:1111:2222:3333:4444:5555:6666/128", strings.Repeat("n", 80)}
	}
	r := testRecord(0)
	r.Diff = []Change{{"allow", list, list}, {"deny", list, list}}
	line, err := r.Encode()
	if err != nil {
		t.Fatalf("a change of two full lists must fit: %v", err)
	}
	got, err := Decode(line)
	if err != nil {
		t.Fatal(err)
	}
	var back []entry
	if err := json.Unmarshal(got.Diff[1].After.(json.RawMessage), &back); err != nil || len(back) != 100 || back[99] != list[99] {
		t.Errorf("%d entries came back, %v", len(back), err)
	}
}

func TestEncodeRefuses(t *testing.T) {
	deep := any("x")
	for range maxDepth + 1 {
		deep = []any{deep}
	}
	for name, spoil := range map[string]func(r *Record){
		"a negative number":   func(r *Record) { r.Seq = -1 },
		"a negative code":     func(r *Record) { r.Code = -1 },
		"no event":            func(r *Record) { r.Event = "" },
		"no time":             func(r *Record) { r.Time = time.Time{} },
		"less than no time":   func(r *Record) { r.Time = time.Time{}.Add(time.Microsecond) },
		"the year 10000":      func(r *Record) { r.Time = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"the year -1":         func(r *Record) { r.Time = time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC) },
		"a channel":           func(r *Record) { r.Diff = []Change{{"f", nil, make(chan int)}} },
		"not a number":        func(r *Record) { r.Diff = []Change{{"f", math.NaN(), nil}} },
		"broken JSON":         func(r *Record) { r.Diff = []Change{{"f", json.RawMessage(`{"a":`), nil}} },
		"too deep a value":    func(r *Record) { r.Diff = []Change{{"f", deep, nil}} },
		"too large a record":  func(r *Record) { r.Diff = []Change{{"f", strings.Repeat("x", MaxRecord), nil}} },
		"more than six times": func(r *Record) { r.Diff = []Change{{"f", strings.Repeat("\n", MaxRecord/6), nil}} },
	} {
		r := testRecord(0)
		spoil(&r)
		if line, err := r.Encode(); err == nil {
			t.Errorf("%s was encoded as %.100s", name, line)
		}
	}
	r := testRecord(0)
	r.Diff = []Change{{"f", strings.Repeat("x", MaxRecord), nil}}
	if _, err := r.Encode(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
}

func TestDecodeAcceptsNothingButTheCanonicalForm(t *testing.T) {
	line, err := fullRecord.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, old, new string }{
		{"white space", `"code":301`, `"code": 301`},
		{"a newline at the end", `]}]}`, "]}]}\n"},
		{"a second object", `]}]}`, "]}]}{}"},
		{"an unknown field", `"code":301`, `"code":301,"level":1`},
		{"an unknown field in an object", `"via":"tui"`, `"via":"tui","tty":"1"`},
		{"a duplicate field", `"code":301`, `"code":301,"code":301`},
		{"another order", `"code":301,"event":"key.edit"`, `"event":"key.edit","code":301`},
		{"a missing field", `"code":301,`, ``},
		{"an empty text", `"user":"ada"`, `"user":""`},
		{"an empty object", `"object":{"kind":"key","id":"01jdqk5y4h7w8x9z","name":"ci-deploy"},`, `"object":{},`},
		{"an empty event", `"event":"key.edit"`, `"event":""`},
		{"an upper-case hash", `"prev":"ab`, `"prev":"AB`},
		{"a short hash", `"prev":"ab`, `"prev":"a`},
		{"a leading zero", `"seq":17`, `"seq":017`},
		{"a plus", `"seq":17`, `"seq":+17`},
		{"a negative number", `"seq":17`, `"seq":-17`},
		{"minus zero", `"uid":1000`, `"uid":-0`},
		{"a fraction", `"seq":17`, `"seq":17.0`},
		{"a number without end", `"seq":17`, `"seq":17000000000000000000000`},
		{"microseconds", `05.678Z`, `05.678900Z`},
		{"seconds only", `05.678Z`, `05Z`},
		{"a comma for a point", `05.678Z`, `05,678Z`},
		{"another zone", `05.678Z`, `05.678+00:00`},
		{"the zero time", `2026-11-23T14:04:05.678Z`, `0001-01-01T00:00:00.000Z`},
		{"an impossible date", `2026-11-23T`, `2026-02-30T`},
		{"a leap second", `14:04:05.678Z`, `23:59:60.678Z`},
		{"an escape without need", `"user":"ada"`, `"user":"\u0061da"`},
		{"a short escape", `"user":"ada"`, `"user":"\n"`},
		{"an escaped slash", `"/v1`, `"\/v1`},
		{"an upper-case escape", `"user":"ada"`, `"user":"\u001B"`},
		{"a lone surrogate", `"user":"ada"`, `"user":"\udb40"`},
		{"half a pair", `"user":"ada"`, `"user":"\udb40\u0041"`},
		{"a raw control character", `"user":"ada"`, "\"user\":\"\x1b\""},
		{"a raw direction override", `"user":"ada"`, "\"user\":\"\u202e\""},
		{"broken UTF-8", `"user":"ada"`, "\"user\":\"\xff\""},
		{"a text without end", `"after":[true,1.5,{"a":null,"b":"x"}]}]}`, `"after":"x`},
		{"a text over the limit", `"user":"ada"`, `"user":"` + strings.Repeat("x", 257) + `"`},
		{"an empty diff", `"diff":[{"field":"name","before":null,"after":"ci"},{"field":"limits","before":5,"after":[true,1.5,{"a":null,"b":"x"}]}]`, `"diff":[]`},
		{"a comma after the last", `"b":"x"}]}]`, `"b":"x"}]},]`},
		{"white space in a value", `[true,1.5`, `[true, 1.5`},
		{"an escape without need in a value", `"b":"x"`, `"b":"\u0078"`},
		{"a bad number", `1.5`, `1.`},
		{"a bad exponent", `1.5`, `1.5e`},
		{"a number with a zero before", `1.5`, `01.5`},
		{"a word", `true`, `True`},
		{"no value", `"before":5`, `"before":`},
		{"a name without a value", `"b":"x"`, `"b"`},
		{"a value too deep", `"before":5`, `"before":` + strings.Repeat("[", 17) + strings.Repeat("]", 17)},
	} {
		spoiled := strings.Replace(string(line), test.old, test.new, 1)
		if spoiled == string(line) {
			t.Fatalf("%s: %q is not in the line", test.name, test.old)
		}
		if _, err := Decode([]byte(spoiled)); err == nil {
			t.Errorf("%s was accepted", test.name)
		}
	}
	for cut := range len(line) {
		if _, err := Decode(line[:cut]); err == nil {
			t.Errorf("the first %d bytes were accepted", cut)
		}
	}
}

func TestDecodeAcceptsEveryKindOfValue(t *testing.T) {
	for _, value := range []string{
		`null`, `true`, `false`, `0`, `-0`, `12`, `-1.5e-7`, `1E+400`, `""`, `"\"\\\u0000\udb40\udc41"`, `[]`, `{}`, `[[],{}]`, `{"":{"b":1,"a":[2]}}`,
		strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth),
	} {
		r := testRecord(0)
		r.Diff = []Change{{"f", json.RawMessage(value), nil}}
		line, err := r.Encode()
		if err != nil {
			t.Errorf("Encode of %s: %v", value, err)
			continue
		}
		got, err := Decode(line)
		if err != nil || string(got.Diff[0].Before.(json.RawMessage)) != value {
			t.Errorf("%s came back as %s, %v", value, got.Diff, err)
		}
	}
}

func TestDecodeErrorsSayWhereAndWhat(t *testing.T) {
	_, err := Decode([]byte(`{"seq":x}`))
	if want := `record is not in its canonical form: want an integer at byte 7, found "x}"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestHashTextIsLowerCaseHex(t *testing.T) {
	var h Hash
	text := "00ff" + strings.Repeat("a1", 30)
	if err := h.UnmarshalText([]byte(text)); err != nil || h.String() != text || h.IsZero() {
		t.Errorf("%s became %s, %v", text, h, err)
	}
	if got, err := h.MarshalText(); err != nil || string(got) != text {
		t.Errorf("MarshalText = %s, %v", got, err)
	}
	for _, bad := range []string{"", text[2:], text + "00", strings.ToUpper(text), text[:62] + "0g", text[:62] + "g0"} {
		if h.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestEventsAreDifferentAndInOrder(t *testing.T) {
	last := 0
	for _, e := range Events() {
		if e.Code <= last {
			t.Errorf("%v comes after %d", e, last)
		}
		last = e.Code
		if got, ok := EventNamed(e.Name); !ok || got != e {
			t.Errorf("EventNamed(%q) = %v", e.Name, got)
		}
	}
	if _, ok := EventNamed("key.destroy"); ok {
		t.Error("found an event that does not exist")
	}
	if Events()[0].Name = "x"; Events()[0].Name == "x" {
		t.Error("the table can be changed from outside")
	}
}

func FuzzDecode(f *testing.F) {
	for i := range 4 {
		line, _ := testRecord(i).Encode()
		f.Add(line)
	}
	line, _ := fullRecord.Encode()
	f.Add(line)
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := Decode(line)
		if err != nil {
			return
		}
		again, err := r.Encode()
		if err != nil || !bytes.Equal(again, line) {
			t.Errorf("%q was decoded, but is encoded as %q, %v", line, again, err)
		}
		if !json.Valid(line) {
			t.Errorf("%q was decoded, but is not JSON", line)
		}
	})
}

func FuzzEncode(f *testing.F) {
	f.Add("reason", "agent", `{"a":[1,"b"]}`, int64(1e12))
	f.Add("\x1b\xff", "\u202e", "[\"\xff\\ud800\", 1e5 ]", int64(-1))
	f.Fuzz(func(t *testing.T, reason, agent, value string, ms int64) {
		r := testRecord(0)
		r.Reason, r.Source.Agent, r.Event, r.Time = reason, agent, agent, time.UnixMilli(ms)
		r.Diff = []Change{{Field: reason, Before: json.RawMessage(value), After: value}}
		line, err := r.Encode()
		if err != nil {
			return
		}
		if _, err := Decode(line); err != nil {
			t.Errorf("%q was encoded, but not decoded: %v", line, err)
		}
	})
}
