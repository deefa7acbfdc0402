//go:build unix && !linux

package bolt

import (
	"os"
	"testing"
)

// asOrdinaryUser runs fn, unless root does, for whom permissions do not count.
func asOrdinaryUser(t *testing.T, _ string, fn func()) {
	t.Helper()
	if os.Geteuid() == 0 {
		t.Skip("root may do everything")
	}
	fn()
}
