package iprule

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
)

func entry(prefix, note string) Entry { return Entry{netip.MustParsePrefix(prefix), note} }

func TestEntryJSON(t *testing.T) {
	r := Rules{Allow: []Entry{entry("10.0.0.0/8", "vpn"), entry("2001:db8::1/128", "")}}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"allow":[{"prefix":"10.0.0.0/8","note":"vpn"},{"prefix":"2001:db8::1/128"}]}`
	if string(b) != want {
		t.Errorf("got %s, want %s", b, want)
	}
	var again Rules
	if err := json.Unmarshal(b, &again); err != nil || len(again.Allow) != 2 || again.Allow[0] != r.Allow[0] || again.Allow[1] != r.Allow[1] {
		t.Errorf("read back as %v, %v", again, err)
	}
}

func TestEntryJSONNormalises(t *testing.T) {
	for in, want := range map[string]Entry{
		`{"prefix":"::ffff:10.0.0.9/104","other":1}`:     entry("10.0.0.0/8", ""),
		`{"prefix":"192.0.2.1","note":"a"}`:              entry("192.0.2.1/32", "a"),
		`{"prefix":"0.0.0.0/0"}`:                         entry("0.0.0.0/0", ""),
		`{"prefix":"10.0.0.0-10.0.0.255","note":"# #b"}`: entry("10.0.0.0/24", "# #b"),
	} {
		var e Entry
		if err := json.Unmarshal([]byte(in), &e); err != nil || e != want {
			t.Errorf("%s is read as %v, %v; want %v", in, e, err, want)
		}
	}
}

func TestEntryJSONRefuses(t *testing.T) {
	for in, want := range map[string]string{
		`{}`:                               `"" lacks an address`,
		`[]`:                               `address rule: json: `,
		`{"prefix":"junk"}`:                `"junk" is no address`,
		`{"prefix":"10.0.0.1-10.0.0.2"}`:   `"10.0.0.1-10.0.0.2" is 2 prefixes: make one entry of each`,
		`{"prefix":"10.0.0.0/8","note":1}`: `address rule: json: `,
	} {
		e := entry("10.0.0.0/8", "before")
		if err := json.Unmarshal([]byte(in), &e); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
		if e != entry("10.0.0.0/8", "before") {
			t.Errorf("%s changed the entry to %v", in, e)
		}
	}
}

func TestEntryText(t *testing.T) {
	for _, e := range []Entry{entry("10.0.0.0/8", ""), entry("10.0.0.0/8", "vpn"), entry("2001:db8::/32", "a # b")} {
		b, err := e.MarshalText()
		if err != nil || string(b) != e.String() {
			t.Errorf("MarshalText = %q, %v", b, err)
		}
		var again Entry
		if err := again.UnmarshalText(b); err != nil || again != e {
			t.Errorf("%q is read as %v, %v", b, again, err)
		}
	}
}

func TestEntryWithoutPrefixIsNotWritten(t *testing.T) {
	if b, err := (Entry{Note: "x"}).MarshalText(); err == nil {
		t.Errorf("text %q", b)
	}
	if b, err := json.Marshal(Entry{Note: "x"}); err == nil {
		t.Errorf("JSON %s", b)
	}
}

func TestLabel(t *testing.T) {
	r := Rules{Allow: []Entry{entry("10.0.0.0/8", "")}, Deny: []Entry{entry("10.1.0.0/16", ""), entry("10.2.0.0/16", "")}}
	if a, d := Allow.Label(0), Deny.Label(9); a != "a1" || d != "d10" {
		t.Errorf("labels %s, %s", a, d)
	}
	if len(r.Entries(Allow)) != 1 || len(r.Entries(Deny)) != 2 {
		t.Errorf("entries %v, %v", r.Entries(Allow), r.Entries(Deny))
	}
}
