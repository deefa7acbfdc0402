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

	WidestV4    int // PAK203: bits of the widest public IPv4 prefix
	WidestV6    int // PAK203: of IPv6
	MostEntries int // PAK217: of one list

	AllowAdminKeys bool // PAK301: admins may own keys
	MostKeys       int  // PAK304: usable keys of one owner

	Rotate time.Duration // PAK501: age of the current secret; an error at twice the age

	ShortestName int // PAK601: characters
	NameDistance int // PAK604: edits between the names of twins

	FreeMegabytes uint64        // PAK707: room for the store, 10^6 bytes
	FreeInodes    uint64        // PAK707: files that can still be made
	Retention     time.Duration // PAK709: how far back the journal reaches

	MaxWaiver time.Duration // PAK904: from the day it was made to its end
}

// DefaultConfig returns the thresholds that hold without a policy file.
func DefaultConfig() Config {
	return Config{
		MaxLifetime: 366 * day, LongestLife: 731 * day,
		ExpiresSoon: 14 * day, ExpiresNow: day, InUse: 30 * day, ExpiredKept: 30 * day,
		Dormant: 45 * day, NeverUsed: 14 * day, Removable: 90 * day, RemovableUses: 50,
		Temporary: 30 * day, DisabledKept: 90 * day,
		WidestV4: 16, WidestV6: 32, MostEntries: 100,
		MostKeys: 5, Rotate: 90 * day, ShortestName: 3, NameDistance: 2,
		FreeMegabytes: 200, FreeInodes: 1000, Retention: 365 * day,
		MaxWaiver: 180 * day,
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

func number[T int | uint64](least, most int64, field func(*Config) *T) setting {
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
		if k[0] != "key" {
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
