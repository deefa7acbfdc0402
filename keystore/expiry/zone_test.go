package expiry_test

import (
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/expiry"
)

func TestZonesByName(t *testing.T) {
	for name, want := range map[string]string{
		"UTC": "UTC", "utc": "UTC", "z": "UTC", "Europe/Berlin": "Europe/Berlin", "europe/berlin": "Europe/Berlin",
	} {
		loc, err := expiry.Zone(name)
		if err != nil || loc.String() != want {
			t.Errorf("Zone(%q) = %v, %v; want %s", name, loc, err, want)
		}
	}
	for _, name := range []string{"", "CET", "Berlin", "Europe/Atlantis", "../../etc/passwd", "posix/Europe/Berlin", "Europe/Berlin\x1b[2J"} {
		if loc, err := expiry.Zone(name); err == nil {
			t.Errorf("Zone(%q) = %v", name, loc)
		}
	}
	secret := strings.Repeat("aB3", 20)
	if _, err := expiry.Zone(secret); strings.Contains(err.Error(), secret) {
		t.Errorf("what may be a secret is repeated: %v", err)
	}
}
