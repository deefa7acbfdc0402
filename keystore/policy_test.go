package keystore_test

import (
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
)

func TestThePolicyLeavesTheTableOfTheLinterAlone(t *testing.T) {
	p, err := keystore.ParsePolicy("[key]\nrequire_allow = true\n[lint]\nrotate = \"30d\"\n[lint.more]\nx = 1\n")
	if err != nil || !p.RequireAllow {
		t.Errorf("policy %+v, %v; want require_allow and no error", p, err)
	}
}

func TestThePolicyRefusesEveryOtherTable(t *testing.T) {
	for _, text := range []string{
		"lint = 3", "[[lint]]\nrotate = \"30d\"", "[lints]\nrotate = \"30d\"", "[key.lint]\nrotate = \"30d\"",
		"[lint]\nrotate = \"30d\"\n[kye]\nrequire_allow = true",
	} {
		if _, err := keystore.ParsePolicy(text); err == nil || !strings.Contains(err.Error(), "unknown setting") {
			t.Errorf("%q: %v, want an unknown setting", text, err)
		}
	}
}
