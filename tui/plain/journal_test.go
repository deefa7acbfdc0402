package plain_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

func TestTheJournalIsToldInPages(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(t, st, "journal", "", "", "0", "journal", "back", "journal event:user.create", "journal x:y", "history legacy/legacy-sync")
	want(t, said, "40 records in the journal, newest first.", "Enter goes on with older ones, a dot stops", "40 records told.", "record 0:", "6 records told.", "Failed: ")
	if strings.Count(said, "key.create legacy/legacy-sync") != 2 {
		t.Errorf("not once in the journal and once in its history:\n%s", said)
	}
}

func TestAProofIsSavedAndHolds(t *testing.T) {
	st := decktest.Sample(t)
	dir := filepath.Dir(st.Path())
	want(t, converse(t, st, "prove x", "prove 99", "prove 3", "", "prove 3", "", "back"), `"x" is no number of a record`, "Saved the proof of record 3", "exists already", "Nothing was changed.")
	b, err := os.ReadFile(filepath.Join(dir, "record-3.tlog-proof"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := journal.OpenProof(b, st.Verifier()); err != nil {
		t.Error(err)
	}
}

func TestRecordsAreExported(t *testing.T) {
	st := decktest.Sample(t)
	for ending, begin := range map[string]string{".ndjson": `{"seq":`, ".csv": "seq,"} {
		path := filepath.Join(t.TempDir(), "records"+ending)
		want(t, converse(t, st, "export event:user.create", path), "Exported 6 records to "+path)
		keys := filepath.Join(t.TempDir(), "keys"+ending)
		want(t, converse(t, st, "exportkeys user:edge", keys), "Exported 3 keys to "+keys)
		if b, err := os.ReadFile(keys); err != nil || !strings.Contains(string(b), "edge-gateway-eu") {
			t.Errorf("%v: %.80q", err, b)
		}
		if b, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(b), begin) {
			t.Errorf("%v: %.80q", err, b)
		}
	}
}
