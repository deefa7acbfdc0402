package trail

import (
	"fmt"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// shapes are records of all kinds, with texts that could mislead a search in the
// bytes.
func shapes() []journal.Record {
	var out []journal.Record
	texts := []string{"", "ci-deploy", "CI-Deploy", `"outcome":"ok"`, `a"b`, `{"ip":"10.0.0.1"`, "größe", "\u212aelvin", "支払い", "x\u202ey", `tail\`}
	for i, e := range journal.Events() {
		for j, s := range texts {
			out = append(out, journal.Record{
				Time: noon.Add(-time.Duration(i*j) * time.Hour), Code: e.Code, Event: e.Name,
				Outcome: string(keystore.Outcomes[(i+j)%len(keystore.Outcomes)]), Reason: s,
				Actor:  journal.Actor{User: texts[(i+1)%len(texts)], Via: []string{"cli", "tui", "serve"}[i%3], Claims: journal.Claims{SudoUser: s}},
				Object: journal.Object{Kind: []string{"key", "user", "store"}[j%3], ID: fmt.Sprintf("1m4dyv7r0vr08%03d", i), Name: "bot/" + s},
				Source: journal.Source{IP: []string{"", "10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1"}[i%4], Agent: s, Route: texts[(j+3)%len(texts)], Secret: "4kTMd9zqW8aB"},
				Diff:   []journal.Change{{Field: "source", Before: map[string]any{"ip": "10.0.0.1"}, After: map[string]any{"outcome": "ok"}}},
			})
		}
	}
	return out
}

// What a glance says of a record is what decoding it says.
func TestAGlanceNeverSaysAnotherThing(t *testing.T) {
	records := shapes()
	raws := make([][]byte, len(records))
	for i, r := range records {
		raw, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		raws[i] = raw
		if records[i], err = journal.Decode(raw); err != nil {
			t.Fatal(err)
		}
	}
	told := 0
	for _, expr := range []string{
		"", "key:ci-deploy", "!key:CI", "key:1m4dyv7r0vr08003", "!key:1m4dyv7r0vr08004", "user:bot", "operator:ci", `operator:"größe"`, "operator:kelvin",
		"event:use", "!event:use", "event:key.create,user", "outcome:ok", "!outcome:ok", "outcome:denied", "outcome:expired,ip_denied",
		"ip:10.0.0.1", "!ip:10.0.0.0/8", "ip:2001:db8::/32", "agent:ci", `agent:"a\"b"`, "route:支", "via:tui", "!via:serve",
		"secret:4kTMd9zqW8aB", "!secret:4kTMd9zqW8aB", "fingerprint:00", "since:20h", "until:20h", "kelvin", "deploy", `tail\`,
		"event:key outcome:ok via:cli since:3d", "!deploy !key:kelvin",
	} {
		f, err := Parse(expr, noon)
		if err != nil {
			t.Fatalf("%q: %v", expr, err)
		}
		for i, raw := range raws {
			want, got := f.Match(records[i]), f.glance(raw)
			if got == yes && !want || got == no && want {
				t.Errorf("%q: a glance says %v, decoding %v of\n%s", expr, got, want, raw)
			}
			if got != maybe {
				told++
			}
		}
	}
	t.Logf("told by a glance: %d of %d", told, len(raws)*34)
}

func TestSearchesEndAWhileBeforeSince(t *testing.T) {
	f, err := Parse("since:2d", noon)
	if err != nil {
		t.Fatal(err)
	}
	s := newSearch(&f)
	for _, c := range []struct {
		age  time.Duration
		over bool
	}{{0, false}, {47 * time.Hour, false}, {49 * time.Hour, false}, {71 * time.Hour, false}, {73 * time.Hour, true}} {
		raw, err := journal.Record{Time: noon.Add(-c.age), Event: "use"}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if s.over(raw) != c.over {
			t.Errorf("a record %v old ends the search: %v", c.age, !c.over)
		}
	}
}

func BenchmarkGlance(b *testing.B) {
	raw, err := shapes()[14*11].Encode()
	if err != nil {
		b.Fatal(err)
	}
	for _, expr := range []string{"event:key", "outcome:expired", "key:1m4dyv7r0vr0zzzz", "key:ci-deplox", "ip:192.0.2.1", "since:1h"} {
		f, err := Parse(expr, noon)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(expr, func(b *testing.B) {
			for b.Loop() {
				f.glance(raw)
			}
		})
	}
}
