package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

const day = 24 * time.Hour

// ErrConfig is in the chain of errors about the policy file.
var ErrConfig = errors.New("policy")

// Config is the thresholds of the rules. They are set in the table [lint] of
// the policy file, ages as a number of days or hours:
//
//	[lint]
//	rotate = "90d"
//	most_keys = 5
//	allow_admin_keys = false
//
// The names are those of the fields in lower case with underscores.
type Config struct {
	MaxLifetime   time.Duration // PAK102: from creation to expiry
	LongestLife   time.Duration // PAK102: an error beyond it
	ExpiresSoon   time.Duration // PAK103, PAK104: so long before the expiry
	ExpiresNow    time.Duration // PAK103: an error from then on
	InUse         time.Duration // PAK103, PAK104: used within so long
	ExpiredKept   time.Duration // PAK105: since the expiry
	Dormant       time.Duration // PAK106: since the last use
	NeverUsed     time.Duration // PAK107: since it could be used
	Removable     time.Duration // PAK108: since the last use
	RemovableUses uint64        // PAK108: fewer uses than that, ever
	Temporary     time.Duration // PAK109: since creation
	DisabledKept  time.Duration // PAK110: since it was disabled

	EvidenceUses uint64        // PAK201, PAK204: accepted uses in 30 days
	EvidenceDays time.Duration // PAK201, PAK204: from the first of them to the last
	CoverEntries int           // PAK201, PAK204: entries of a proposed list
	WiderThanUse float64       // PAK204: times as many addresses as the callers need
	StaleUses    uint64        // PAK215: uses in 30 days

	BusyPerDay uint64 // PAK303: uses a day

	SharedNetworks int    // PAK401: networks in 7 days
	SharedAgents   int    // PAK402: kinds of user agents in 7 days
	DeniedBurst    uint64 // PAK405: refusals of one kind in an hour
	WrongSecrets   uint64 // PAK406: attempts with a wrong secret from one network
	HoursUses      uint64 // PAK408: uses in 30 days
	JumpUses       uint64 // PAK409: uses today
	JumpTimes      uint64 // PAK409: times the usual day

	LongestGrace time.Duration // PAK502: until the old secret ends
	QuietGrace   time.Duration // PAK503, PAK504: without a use of the old secret

	HeartbeatGap time.Duration // PAK703: between two signs of life of a verifier
	ClockJump    time.Duration // PAK704: by which a record is older than the one before it

	WidestV4    int // PAK203: bits of the widest public IPv4 prefix
	WidestV6    int // PAK203: of IPv6
	MostEntries int // PAK217: of one list

	UnusedScope time.Duration // PAK306: since a use needed the scope

	AllowAdminKeys bool // PAK301: admins may own keys
	MostKeys       int  // PAK304: usable keys of one owner

	Rotate time.Duration // PAK501: age of the current secret; an error at twice the age

	ShortestName int // PAK601: characters
	NameDistance int // PAK604: edits between the names of twins

	FreeMegabytes uint64        // PAK707: room for the store, 10^6 bytes
	FreeInodes    uint64        // PAK707: files that can still be made
	Retention     time.Duration // PAK709: how far back the journal reaches

	Witness time.Duration // PAK702: since somebody else signed a checkpoint

	Backup      time.Duration // PAK708: since the store was backed up
	RestoreTest time.Duration // PAK708: since a backup was tried

	MaxWaiver time.Duration // PAK904: from the day it was made to its end
}

// DefaultConfig returns the thresholds that hold without a policy file.
func DefaultConfig() Config {
	return Config{
		MaxLifetime: 366 * day, LongestLife: 731 * day,
		ExpiresSoon: 14 * day, ExpiresNow: day, InUse: 30 * day, ExpiredKept: 30 * day,
		Dormant: 45 * day, NeverUsed: 14 * day, Removable: 90 * day, RemovableUses: 50,
		Temporary: 30 * day, DisabledKept: 90 * day,
		EvidenceUses: 100, EvidenceDays: 7 * day, CoverEntries: 8, WiderThanUse: 256, StaleUses: 100,
		BusyPerDay: 100, SharedNetworks: 5, SharedAgents: 4, DeniedBurst: 120, WrongSecrets: 10,
		HoursUses: 500, JumpUses: 1000, JumpTimes: 10, LongestGrace: 7 * day, QuietGrace: day,
		HeartbeatGap: 2 * time.Hour, ClockJump: 2 * time.Second,
		WidestV4: 16, WidestV6: 32, MostEntries: 100,
		MostKeys: 5, Rotate: 90 * day, ShortestName: 3, NameDistance: 2,
		FreeMegabytes: 200, FreeInodes: 1000, Retention: 365 * day,
		UnusedScope: 90 * day, Witness: day, Backup: 7 * day, RestoreTest: 90 * day, MaxWaiver: 180 * day,
	}
}

// setting puts a value from the file into its field.
type setting func(c *Config, value any) error

var settings = map[string]setting{
	"max_lifetime":     age(func(c *Config) *time.Duration { return &c.MaxLifetime }),
	"longest_life":     age(func(c *Config) *time.Duration { return &c.LongestLife }),
	"expires_soon":     age(func(c *Config) *time.Duration { return &c.ExpiresSoon }),
	"expires_now":      age(func(c *Config) *time.Duration { return &c.ExpiresNow }),
	"in_use":           age(func(c *Config) *time.Duration { return &c.InUse }),
	"expired_kept":     age(func(c *Config) *time.Duration { return &c.ExpiredKept }),
	"dormant":          age(func(c *Config) *time.Duration { return &c.Dormant }),
	"never_used":       age(func(c *Config) *time.Duration { return &c.NeverUsed }),
	"removable":        age(func(c *Config) *time.Duration { return &c.Removable }),
	"removable_uses":   number(1, 1_000_000_000, func(c *Config) *uint64 { return &c.RemovableUses }),
	"temporary":        age(func(c *Config) *time.Duration { return &c.Temporary }),
	"disabled_kept":    age(func(c *Config) *time.Duration { return &c.DisabledKept }),
	"widest_v4":        number(1, 32, func(c *Config) *int { return &c.WidestV4 }),
	"widest_v6":        number(1, 128, func(c *Config) *int { return &c.WidestV6 }),
	"most_entries":     number(1, 100, func(c *Config) *int { return &c.MostEntries }),
	"allow_admin_keys": setAdminKeys,
	"most_keys":        number(1, 1_000_000, func(c *Config) *int { return &c.MostKeys }),
	"rotate":           age(func(c *Config) *time.Duration { return &c.Rotate }),
	"shortest_name":    number(1, 128, func(c *Config) *int { return &c.ShortestName }),
	"name_distance":    number(0, 10, func(c *Config) *int { return &c.NameDistance }),
	"free_megabytes":   number(1, 1_000_000_000, func(c *Config) *uint64 { return &c.FreeMegabytes }),
	"free_inodes":      number(1, 1_000_000_000, func(c *Config) *uint64 { return &c.FreeInodes }),
	"retention":        age(func(c *Config) *time.Duration { return &c.Retention }),
	"evidence_uses":    number(1, 1_000_000_000, func(c *Config) *uint64 { return &c.EvidenceUses }),
	"evidence_days":    age(func(c *Config) *time.Duration { return &c.EvidenceDays }),
	"cover_entries":    number(1, 100, func(c *Config) *int { return &c.CoverEntries }),
	"wider_than_use":   number(2, 1_000_000_000, func(c *Config) *float64 { return &c.WiderThanUse }),
	"stale_uses":       number(1, 1_000_000_000, func(c *Config) *uint64 { return &c.StaleUses }),
	"busy_per_day":     number(1, 1_000_000_000, func(c *Config) *uint64 { return &c.BusyPerDay }),
	"shared_networks":  number(1, 1000, func(c *Config) *int { return &c.SharedNetworks }),
	"shared_agents":    number(1, 1000, func(c *Config) *int { return &c.SharedAgents }),
	"denied_burst":     number(1, 1_000_000_000, func(c *Config) *uint64 { return &c.DeniedBurst }),
	"wrong_secrets":    number(1, 1_000_000_000, func(c *Config) *uint64 { return &c.WrongSecrets }),
	"hours_uses":       number(1, 1_000_000_000, func(c *Config) *uint64 { return &c.HoursUses }),
	"jump_uses":        number(1, 1_000_000_000, func(c *Config) *uint64 { return &c.JumpUses }),
	"jump_times":       number(2, 1_000_000, func(c *Config) *uint64 { return &c.JumpTimes }),
	"longest_grace":    age(func(c *Config) *time.Duration { return &c.LongestGrace }),
	"quiet_grace":      age(func(c *Config) *time.Duration { return &c.QuietGrace }),
	"heartbeat_gap":    age(func(c *Config) *time.Duration { return &c.HeartbeatGap }),
	"clock_jump":       seconds(func(c *Config) *time.Duration { return &c.ClockJump }),
	"unused_scope":     age(func(c *Config) *time.Duration { return &c.UnusedScope }),
	"witness":          age(func(c *Config) *time.Duration { return &c.Witness }),
	"backup":           age(func(c *Config) *time.Duration { return &c.Backup }),
	"restore_test":     age(func(c *Config) *time.Duration { return &c.RestoreTest }),
	"max_waiver":       age(func(c *Config) *time.Duration { return &c.MaxWaiver }),
}

func age(field func(*Config) *time.Duration) setting {
	return func(c *Config, value any) error {
		s, _ := value.(string)
		digits := strings.TrimRight(s, "dh")
		n, err := strconv.Atoi(digits)
		unit := map[string]time.Duration{"d": day, "h": time.Hour}[s[len(digits):]]
		if err != nil || unit == 0 || n < 1 || n > 36500 {
			return errors.New(`write a number of days or hours, such as "90d" or "36h"`)
		}
		*field(c) = time.Duration(n) * unit
		return nil
	}
}

// seconds reads "2s".
func seconds(field func(*Config) *time.Duration) setting {
	return func(c *Config, value any) error {
		s, _ := value.(string)
		n, err := strconv.Atoi(strings.TrimSuffix(s, "s"))
		if err != nil || !strings.HasSuffix(s, "s") || n < 1 || n > 86400 {
			return errors.New(`write a number of seconds, such as "2s"`)
		}
		*field(c) = time.Duration(n) * time.Second
		return nil
	}
}

func number[T int | uint64 | float64](least, most int64, field func(*Config) *T) setting {
	return func(c *Config, value any) error {
		n, ok := value.(int64)
		if !ok || n < least || n > most {
			return fmt.Errorf("write a whole number from %d to %d", least, most)
		}
		*field(c) = T(n)
		return nil
	}
}

func setAdminKeys(c *Config, value any) error {
	allow, ok := value.(bool)
	if !ok {
		return errors.New("write true or false")
	}
	c.AllowAdminKeys = allow
	return nil
}

// ParseConfig reads the table [lint] of the text of a policy file; the table
// [key] belongs to the keystore. Unknown settings are errors: a threshold with
// a typo in its name would silently not hold.
func ParseConfig(text string) (Config, error) {
	var file struct {
		Key  toml.Primitive `toml:"key"`
		Lint map[string]any `toml:"lint"`
	}
	meta, err := toml.Decode(text, &file)
	if err != nil {
		return Config{}, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	for _, k := range meta.Undecoded() {
		if !slices.Contains([]string{"key", "review", "usage"}, k[0]) {
			return Config{}, fmt.Errorf("%w: unknown setting %.60q", ErrConfig, k.String())
		}
	}
	if meta.IsDefined("lint") && meta.Type("lint") != "Hash" {
		return Config{}, fmt.Errorf("%w: lint is no table; write [lint]", ErrConfig)
	}
	c := DefaultConfig()
	for _, name := range slices.Sorted(maps.Keys(file.Lint)) {
		set, ok := settings[name]
		if !ok {
			return Config{}, fmt.Errorf("%w: unknown setting %.60q; [lint] has %s", ErrConfig, "lint."+name,
				strings.Join(slices.Sorted(maps.Keys(settings)), ", "))
		}
		if err := set(&c, file.Lint[name]); err != nil {
			return Config{}, fmt.Errorf("%w: lint.%s = %.60q: %w", ErrConfig, name, fmt.Sprint(file.Lint[name]), err)
		}
	}
	return c, nil
}

// ReadConfig reads the thresholds from a policy file. Without a file the
// defaults hold.
func ReadConfig(path string) (Config, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return DefaultConfig(), nil
	}
	if err != nil {
		return Config{}, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	c, err := ParseConfig(string(b))
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}
