package lint_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
)

func TestParseConfigReadsEverySetting(t *testing.T) {
	got, err := lint.ParseConfig(`
[key]
max_lifetime = "90d"
[lint]
max_lifetime = "1d"
longest_life = "2d"
expires_soon = "3d"
expires_now = "4h"
in_use = "5d"
expired_kept = "6d"
dormant = "7d"
never_used = "8d"
removable = "9d"
removable_uses = 10
temporary = "11d"
disabled_kept = "12d"
widest_v4 = 13
widest_v6 = 14
most_entries = 15
allow_admin_keys = true
most_keys = 16
rotate = "17d"
shortest_name = 18
name_distance = 9
free_megabytes = 20
free_inodes = 21
retention = "22d"
max_waiver = "23d"
evidence_uses = 24
evidence_days = "25d"
cover_entries = 26
wider_than_use = 27
stale_uses = 28
busy_per_day = 29
shared_networks = 30
shared_agents = 31
denied_burst = 32
wrong_secrets = 33
hours_uses = 34
jump_uses = 35
jump_times = 36
longest_grace = "37d"
quiet_grace = "38h"
heartbeat_gap = "39h"
clock_jump = "40s"
witness = "41h"
unused_scope = "42d"
backup = "43d"
restore_test = "44d"
`)
	want := lint.Config{
		MaxLifetime: day, LongestLife: 2 * day, ExpiresSoon: 3 * day, ExpiresNow: 4 * time.Hour, InUse: 5 * day,
		ExpiredKept: 6 * day, Dormant: 7 * day, NeverUsed: 8 * day, Removable: 9 * day, RemovableUses: 10,
		Temporary: 11 * day, DisabledKept: 12 * day, WidestV4: 13, WidestV6: 14, MostEntries: 15, AllowAdminKeys: true,
		MostKeys: 16, Rotate: 17 * day, ShortestName: 18, NameDistance: 9, FreeMegabytes: 20, FreeInodes: 21, Retention: 22 * day,
		MaxWaiver: 23 * day, EvidenceUses: 24, EvidenceDays: 25 * day, CoverEntries: 26, WiderThanUse: 27, StaleUses: 28,
		BusyPerDay: 29, SharedNetworks: 30, SharedAgents: 31, DeniedBurst: 32, WrongSecrets: 33, HoursUses: 34,
		JumpUses: 35, JumpTimes: 36, LongestGrace: 37 * day, QuietGrace: 38 * time.Hour, HeartbeatGap: 39 * time.Hour, ClockJump: 40 * time.Second,
		Witness: 41 * time.Hour, UnusedScope: 42 * day, Backup: 43 * day, RestoreTest: 44 * day,
	}
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
}

func TestParseConfigRefusesWhatItDoesNotKnow(t *testing.T) {
	for text, want := range map[string]string{
		"[lint]\nrotat = \"90d\"":         `unknown setting "lint.rotat"; [lint] has `,
		"[lint]\nrotate = 90":             "number of days or hours",
		"[lint]\nrotate = \"90\"":         "number of days or hours",
		"[lint]\nrotate = \"\"":           "number of days or hours",
		"[lint]\nrotate = \"0d\"":         "number of days or hours",
		"[lint]\nrotate = \"1dh\"":        "number of days or hours",
		"[lint]\nrotate = \"-1d\"":        "number of days or hours",
		"[lint]\nmost_keys = 0":           "whole number from 1",
		"[lint]\nmost_keys = 1.5":         "whole number from 1",
		"[lint]\nmost_entries = 101":      "whole number from 1 to 100",
		"[lint]\nallow_admin_keys = 1":    "true or false",
		"[lint.rotate]\nx = 1":            "unknown setting",
		"[lnit]\nrotate = \"90d\"":        "unknown setting",
		"lint = 3":                        "policy",
		"[[lint]]\nrotate = \"90d\"":      "policy",
		"[lint]\nrotate = \"90d":          "policy",
		"[lint]\nrotate=\"1d\"\nrotate=1": "policy",
	} {
		if _, err := lint.ParseConfig(text); !errors.Is(err, lint.ErrConfig) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestReadConfigWithoutAFileGivesTheDefaults(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.toml")
	if c, err := lint.ReadConfig(path); err != nil || c != lint.DefaultConfig() {
		t.Errorf("%+v, %v", c, err)
	}
	if err := os.WriteFile(path, []byte("[lint]\nx = 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := lint.ReadConfig(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("%v, want the path", err)
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add("[lint]\nrotate = \"90d\"\nmost_keys = 3")
	f.Add("[key]\nx = 1\n[lint]\nallow_admin_keys = true")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := lint.ParseConfig(text)
		if err != nil {
			if !errors.Is(err, lint.ErrConfig) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if c.Rotate <= 0 || c.MostKeys < 1 || c.WidestV4 > 32 || c.NameDistance < 0 {
			t.Errorf("%q gives %+v", text, c)
		}
	})
}

// The policy file of the README is read by all who read policy files.
func TestThePolicyOfTheReadmeIsUnderstood(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(b), "```toml\n")
	text, _, found := strings.Cut(text, "```")
	if !found || !strings.Contains(text, "[usage]") {
		t.Fatal("the README shows no policy file")
	}
	if _, err := lint.ParseConfig(text); err != nil {
		t.Error(err)
	}
	if _, err := keystore.ParsePolicy(text); err != nil {
		t.Error(err)
	}
	if r, err := review.ParsePolicy(text); err != nil || !r.FourEyes {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := usage.ParseRetention(text); err != nil || r.Hours != 100 {
		t.Errorf("%+v, %v", r, err)
	}
}
