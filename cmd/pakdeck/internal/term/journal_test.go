package term

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The journal in a real terminal: filter, a record with its proof, a check, an
// export; wrong keys and pasted rubbish do nothing.
func TestTheJournalInTmux(t *testing.T) {
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%dx%d", size.w, size.h), func(t *testing.T) {
			c := newCLI(t)
			c.ok("init")
			c.ok("user", "add", "build-bot", "--permission", "deploy:*")
			c.ok("key", "create", "--user", "build-bot", "--name", "ci deploy", "--expires", "90d")
			c.ok("key", "edit", "ci deploy", "--description", "nightly", "--allow", "203.0.113.0/24")
			m := inTmux(t, c, size.w, size.h)
			m.see("ci deploy")
			// An escape that is read together with what follows it is another key.
			back := func() {
				m.press(":")
				m.typed("back")
				m.press("Enter")
			}
			m.press("4")
			m.see("4 records", "following", "key.edit", "store.init")
			m.press("z", "%", "F5")
			m.paste("rubbish\x1b[31m\nmore rubbish")
			m.see("4 records", "following")

			m.press("/")
			m.typed(`key:"ci deploy" event:key.edit`)
			m.press("Enter")
			m.see("1 record of 4")
			m.press("Enter")
			m.see("record 3", "description", "nightly", "+ 203.0.113.0/24")
			m.press("G")
			m.see("Proof", "2 steps from the leaf to the signed root", "root")
			m.press("P")
			m.see("record-3.tlog-proof")
			m.press("Enter")
			m.see("saved the proof of record 3")
			c.ok("audit", "check-proof", filepath.Join(c.home, "record-3.tlog-proof"))

			back()
			m.see("1 record of 4")
			m.press("v")
			m.see("journal: intact up to 4")
			m.press("E")
			m.see("export to")
			m.press("Enter")
			m.see("exported 1 record")
			files, err := filepath.Glob(filepath.Join(c.home, "pakdeck-journal-*.ndjson"))
			if err != nil || len(files) != 1 {
				t.Fatalf("%v, %v", files, err)
			}
			info, err := os.Stat(files[0])
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info, err)
			}

			m.press("f")
			m.see("f follows")
			c.ok("key", "disable", "ci deploy")
			m.see("1 new, f follows")
			back()
			m.see("5 records", "key.disable", "0 new, f follows")
			m.press("f")
			m.see("5 records   following")
			m.press("q")
			m.see("exit 0")
			if log := c.ok("audit", "verify"); !strings.HasPrefix(log, "intact: 5 records") {
				t.Errorf("audit verify: %s", log)
			}
		})
	}
}
