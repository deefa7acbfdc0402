package past

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// A journal of a later version may hold other values: they are an error, and
// never a crash.
func FuzzApply(f *testing.F) {
	f.Add("allow", []byte(`["10.0.0.0/8 # vpn"]`))
	f.Add("secrets", []byte(`["4kTMd9zqW8aB current"]`))
	f.Add("expires", []byte(`"2026-11-23T09:00:00Z"`))
	f.Add("permissions", []byte(`null`))
	f.Fuzz(func(t *testing.T, field string, after []byte) {
		for _, kind := range []string{"user", "key"} {
			w := newWorld(time.Time{})
			err := w.apply(journal.Record{
				Time: time.Unix(1, 0), Object: journal.Object{Kind: kind, ID: "1", Name: "bot/ci"},
				Diff: []journal.Change{{Field: field, After: json.RawMessage(after)}},
			})
			if err == nil {
				w.Able(Question{})
			}
		}
	})
}
