package plain_test

import (
	"bytes"
	"regexp"
	"testing"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/plain"
	"github.com/pakdeck/pakdeck/tui/text"
)

// FuzzConversation: whatever is typed, the program ends by itself, changes
// nothing that it was not agreed to, and says nothing that could act on a
// terminal.
func FuzzConversation(f *testing.F) {
	f.Add([]byte("keys state:expiring\nkey 1\nusers\nuser edge\njournal event:key.create\nlint\n.\nquit\n"))
	f.Add([]byte("new\nbuild-bot\n\x1b[2J\n.\nkeys \"\nkey \x9b31m\n"))
	f.Add([]byte("disable 1\nyes\n"))
	f.Add([]byte("incident\n\npak_4kTMd9zqW8aB_012\n..\n2\n1\n24h\nkeys by -name\n1-3\n2\ntest 1\n?\n::1\n"))
	f.Add([]byte("waivers\nverdicts\nreport\nfinding 1\nusage user:edge 9d\nprove 1\nproof\nhistory 1\nlint.open\n"))
	folder := f.TempDir()
	elsewhere := regexp.MustCompile(`(?m)^\s*(/|~|\.\./)`)
	st := decktest.Sample(f, keystore.WithReadOnly())
	f.Fuzz(func(t *testing.T, typed []byte) {
		if elsewhere.Match(typed) {
			t.Skip("it may name a file of this machine")
		}
		t.Chdir(folder) // a report or a proof may be saved to what is typed
		var out bytes.Buffer
		if err := plain.Run(t.Context(), plain.Options{Store: st.Store, In: bytes.NewReader(typed), Out: &out}); err != nil {
			t.Fatalf("Run = %v", err)
		}
		for line := range bytes.Lines(out.Bytes()) {
			if _, bad := text.Unsafe(string(bytes.TrimRight(line, "\n"))); bad || !utf8.Valid(line) {
				t.Errorf("%q is answered with %q", typed, line)
			}
		}
	})
}
