package trail_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

func TestDeltasSayWhatWentAndWhatCame(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{`"ci"`, `"ci nightly"`, "-[ci] +[ci nightly] 0"},
		{`null`, `"2026-11-23T09:00:00Z"`, "-[] +[2026-11-23T09:00:00Z] 0"},
		{`"2026-11-23T09:00:00Z"`, `null`, "-[2026-11-23T09:00:00Z] +[] 0"},
		{`["a:b","c:d"]`, `["c:d","e:f"]`, "-[a:b] +[e:f] 1"},
		{`null`, `["10.0.0.0/8 # vpn"]`, "-[] +[10.0.0.0/8 # vpn] 0"},
		{`["a"]`, `[]`, "-[a] +[] 0"},
		{`false`, `true`, "-[false] +[true] 0"},
		{`""`, `"x"`, "-[] +[x] 0"},
		{`{"a":1}`, `{"a":2}`, `-[{"a":1}] +[{"a":2}] 0`},
	} {
		d := trail.DeltaOf(journal.Change{Field: "f", Before: json.RawMessage(c.before), After: json.RawMessage(c.after)})
		if got := fmt.Sprintf("-%v +%v %d", d.Removed, d.Added, d.Kept); got != c.want {
			t.Errorf("%s to %s: %s, want %s", c.before, c.after, got, c.want)
		}
	}
}
