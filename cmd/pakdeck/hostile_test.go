package main

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/screen/form/draft"
	"github.com/pakdeck/pakdeck/tui/text"
)

// What a caller sends as its name is stored as it is. Nothing of it may reach
// the terminal raw, and --json must still hold all of it.
func TestWhatCallersSendIsHarmless(t *testing.T) {
	const agent = "curl\x1b]0;owned\a\x1b[2J\u009b31m\u202egpj.exe\u200b\x7f\r\n\U000e0041"
	b := newBench(t).filled()
	st := b.open()
	k, err := st.Key(t.Context(), "ci")
	if err != nil {
		t.Fatal(err)
	}
	seen := keystore.Sighting{Time: b.now.Add(-time.Minute), Caller: keystore.Caller{
		IP: netip.MustParseAddr("203.0.113.5"), Agent: agent, Route: "GET /\x1b[1m",
	}}
	id := k.Current().ID
	err = st.RecordUses(t.Context(), keystore.UseBatch{
		Uses: map[token.ID]keystore.Uses{id: {
			First: seen, Last: seen, OK: 41208,
			Denied: map[keystore.Outcome]uint64{keystore.IPDenied: 3}, LastDenied: seen, LastReason: keystore.IPDenied,
		}},
		Notable: []keystore.Use{{Sighting: seen, Outcome: keystore.OK, Key: k.ID, Ref: k.Ref(), Secret: id, Reason: "\x1b[5m"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"key", "show", "ci"},
		{"key", "list"},
		{"audit", "list"},
		{"audit", "tail"},
		{"key", "show", "ci", "--json"},
		{"key", "list", "--json"},
		{"audit", "list", "--json"},
		{"audit", "tail", "--json"},
		{},
	} {
		for line := range strings.Lines(b.must(args...)) {
			if line = strings.TrimSuffix(line, "\n"); text.Safe(line) != line {
				t.Errorf("%v writes %q", args, line)
			}
		}
	}
	var shown struct {
		LastUsed struct {
			Agent, Route, IP string
			Time             time.Time
		} `json:"last_used"`
		Denied     map[string]uint64
		LastDenied struct{ Outcome string } `json:"last_denied"`
		Uses       uint64
	}
	if err := json.Unmarshal([]byte(b.must("key", "show", "ci", "--json")), &shown); err != nil {
		t.Fatal(err)
	}
	if shown.LastUsed.Agent != agent || shown.LastUsed.IP != "203.0.113.5" || !shown.LastUsed.Time.Equal(seen.Time) {
		t.Errorf("--json changed what was stored: %+v", shown.LastUsed)
	}
	if shown.Uses != 41208 || shown.Denied["ip_denied"] != 3 || shown.LastDenied.Outcome != "ip_denied" {
		t.Errorf("counts: %+v", shown)
	}
}

func TestEveryLineIsMadeSafe(t *testing.T) {
	var out, notes bytes.Buffer
	a := newBench(t).app(nil, &out, &notes)
	if err := a.print("problem: \x1b[2J"); err != nil {
		t.Fatal(err)
	}
	a.note("%s", "first\x1b[2J\nsecond\u202e")
	a.warn("\u009b")
	a.json = true
	a.note("\u009b")
	if got, want := out.String(), "problem: \\x1b[2J\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	want := "first\\x1b[2J\nsecond\\u202e\nwarning: \\u009b\n{\"note\":\"\\u009b\"}\n"
	if got := notes.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzEscapeJSON(f *testing.F) {
	for _, s := range []string{"plain", "\x7f\u0085\u009b", "a\u202eb\u2066", "\U000e0041\U0001f600", "支払い\n\"\\", "\u2028\ufeff", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := marshal([]string{s}, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range strings.TrimSuffix(string(b), "\n") {
			if disturbs(r) || r == '\n' {
				t.Fatalf("%q holds %U", b, r)
			}
		}
		var got []string
		if err := json.Unmarshal(b, &got); err != nil || got[0] != strings.ToValidUTF8(s, "\ufffd") && strings.ToValidUTF8(s, "") == s {
			t.Fatalf("%q came back as %q (%v)", s, got, err)
		}
	})
}

// A draft holds what was typed, right or wrong. Only its owner wrote it, but it
// may have been pasted.
func TestAHostileDraftIsHarmless(t *testing.T) {
	b := newBench(t).filled()
	st := b.open()
	a := b.app(nil, nil, nil)
	d := draft.Draft{Began: b.now, Owner: "bot", Name: "ab\x1b[2J\u202ecd\a", Description: "\x1b]0;owned\a", Expires: "\u009b31m", Terminal: "\x1b[1m"}
	if _, err := a.desk(st).Save(t.Context(), d, 0); err != nil {
		t.Fatal(err)
	}
	if shown := b.must("key", "draft", "show"); !strings.Contains(shown, `ab\x1b[2J\u202ecd`) {
		t.Errorf("the draft is not shown: %q", shown)
	}
	for _, args := range [][]string{{"key", "draft", "show"}, {"key", "draft", "show", "--json"}, {"key", "draft", "save"}, {"key", "create", "--draft"}, {"key", "draft", "drop"}} {
		r := b.run(args...)
		for line := range strings.Lines(r.out + r.err) {
			if line = strings.TrimSuffix(line, "\n"); text.Safe(line) != line {
				t.Errorf("%v writes %q", args, line)
			}
		}
	}
}
