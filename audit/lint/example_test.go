package lint_test

import (
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
)

func ExampleRun() {
	w := newWorld()
	w.key().Expires = time.Time{}
	for _, f := range lint.Run(w.Snapshot) {
		fmt.Println(f.Severity, f.Rule, f.Object.Name, f.Text)
		fmt.Println(f.Fix.Command)
	}
	// Output:
	// warning PAK101 build-bot/ci-deploy never expires
	// pakdeck key edit build-bot/ci-deploy --expires 2027-01-12T14:32:00Z
}
