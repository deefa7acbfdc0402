package keystore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// Policy is what the policy file beside the store (store.db.policy.toml)
// demands of keys. It is read at every save, so an edit holds at once; a file
// that cannot be understood refuses every save. Without a file nothing is
// demanded.
//
//	[key]
//	max_lifetime = "366d"       # from creation to expiry
//	allow_never = false         # may a key never expire? (default: yes without max_lifetime)
//	name_pattern = '^[a-z0-9]+(-[a-z0-9]+)*$'
//	require_allow = true        # an allow list is required
//	require_description = true
//	require_scope = true        # at least one scope
//	allow_admin_owner = false   # may an admin own keys?
//	warn_before = "14d"         # how long before its expiry a key is "expiring"
//	rotate_every = "90d"        # how old a secret may grow before it is due
//	max_grace = "7d"            # how long two secrets of a key may work side by side
//	allow_plain_files = false   # may a key string be saved to a file that is not encrypted?
//
// The tables [lint], [review] and [usage] of the same file belong to the packages
// of these names, which read them for themselves; they never refuse a save.
type Policy struct {
	MaxLifetime        time.Duration // 0: no limit
	AllowNever         bool
	NamePattern        *regexp.Regexp // nil: any name
	RequireAllow       bool
	RequireDescription bool
	RequireScope       bool
	AllowAdminOwner    bool
	WarnBefore         time.Duration
	RotateEvery        time.Duration // 0: secrets are never due
	MaxGrace           time.Duration // 0: no limit but [MaxGrace]
	AllowPlainFiles    bool
}

// DefaultPolicy is what holds without a policy file.
func DefaultPolicy() Policy {
	return Policy{AllowNever: true, AllowAdminOwner: true, AllowPlainFiles: true, WarnBefore: 14 * day}
}

const day = 24 * time.Hour

type policyFile struct {
	Key struct {
		MaxLifetime        string `toml:"max_lifetime"`
		AllowNever         *bool  `toml:"allow_never"`
		NamePattern        string `toml:"name_pattern"`
		RequireAllow       bool   `toml:"require_allow"`
		RequireDescription bool   `toml:"require_description"`
		RequireScope       bool   `toml:"require_scope"`
		AllowAdminOwner    *bool  `toml:"allow_admin_owner"`
		WarnBefore         string `toml:"warn_before"`
		RotateEvery        string `toml:"rotate_every"`
		MaxGrace           string `toml:"max_grace"`
		AllowPlainFiles    *bool  `toml:"allow_plain_files"`
	} `toml:"key"`
}

// ParsePolicy reads the text of a policy file. Unknown settings are errors: a
// rule with a typo in its name would silently not hold.
func ParsePolicy(text string) (Policy, error) {
	var f policyFile
	meta, err := toml.Decode(text, &f)
	if err != nil {
		return Policy{}, fmt.Errorf("policy: %w", err)
	}
	if unknown := slices.DeleteFunc(meta.Undecoded(), ofOthers(meta)); len(unknown) > 0 {
		return Policy{}, fmt.Errorf("policy: unknown setting %q", unknown[0].String())
	}
	p := DefaultPolicy()
	if p.MaxLifetime, err = parseDays("max_lifetime", f.Key.MaxLifetime, 0); err != nil {
		return Policy{}, err
	}
	if p.WarnBefore, err = parseDays("warn_before", f.Key.WarnBefore, p.WarnBefore); err != nil {
		return Policy{}, err
	}
	if p.RotateEvery, err = parseDays("rotate_every", f.Key.RotateEvery, 0); err != nil {
		return Policy{}, err
	}
	if p.MaxGrace, err = parseDays("max_grace", f.Key.MaxGrace, 0); err != nil {
		return Policy{}, err
	}
	if f.Key.NamePattern != "" {
		if p.NamePattern, err = regexp.Compile(f.Key.NamePattern); err != nil {
			return Policy{}, fmt.Errorf("policy: name_pattern: %w", err)
		}
	}
	p.AllowNever = p.MaxLifetime == 0
	if f.Key.AllowNever != nil {
		p.AllowNever = *f.Key.AllowNever
	}
	if f.Key.AllowAdminOwner != nil {
		p.AllowAdminOwner = *f.Key.AllowAdminOwner
	}
	if f.Key.AllowPlainFiles != nil {
		p.AllowPlainFiles = *f.Key.AllowPlainFiles
	}
	p.RequireAllow, p.RequireDescription, p.RequireScope = f.Key.RequireAllow, f.Key.RequireDescription, f.Key.RequireScope
	return p, nil
}

// ofOthers reports whether a setting is in a table of another package. A
// plain value of that name is as unknown as any.
func ofOthers(meta toml.MetaData) func(toml.Key) bool {
	return func(k toml.Key) bool {
		return slices.Contains([]string{"lint", "review", "usage"}, k[0]) && meta.Type(k[0]) == "Hash"
	}
}

// parseDays reads "90d" or "36h"; an empty text gives the fallback.
func parseDays(name, s string, fallback time.Duration) (time.Duration, error) {
	if s == "" {
		return fallback, nil
	}
	unit := map[byte]time.Duration{'d': day, 'h': time.Hour}[s[len(s)-1]]
	n, err := strconv.Atoi(s[:len(s)-1])
	if err != nil || unit == 0 || n < 1 || n > 36500 {
		return 0, fmt.Errorf("policy: %s = %s: write a number of days or hours, such as \"90d\" or \"36h\"", name, quote.Text(s))
	}
	return time.Duration(n) * unit, nil
}

// Policy reads the policy file as it is now.
func (s *Store) Policy() (Policy, error) {
	b, err := os.ReadFile(s.PolicyPath())
	if errors.Is(err, fs.ErrNotExist) {
		return DefaultPolicy(), nil
	}
	if err != nil {
		return Policy{}, fmt.Errorf("policy: %w", err)
	}
	p, err := ParsePolicy(string(b))
	if err != nil {
		return Policy{}, fmt.Errorf("%s: %w", s.PolicyPath(), err)
	}
	return p, nil
}

// Check returns what the policy forbids in a key of an owner, in the order of
// the fields. A lifetime is counted from the key's creation.
func (p Policy) Check(k Key, owner User) []Violation {
	var out []Violation
	add := func(rule, field, text string, args ...any) {
		out = append(out, Violation{Rule: rule, Field: field, Text: fmt.Sprintf(text, args...)})
	}
	if owner.Admin && !p.AllowAdminOwner {
		add("allow_admin_owner", "user", "%s is an admin, and admins may not own keys; make a service user", owner.Name)
	}
	if p.NamePattern != nil && k.Name != "" && !p.NamePattern.MatchString(k.Name) {
		add("name_pattern", "name", "the name %s does not match %s", quote.Text(k.Name), p.NamePattern)
	}
	if p.RequireDescription && k.Description == "" {
		add("require_description", "description", "a description is required")
	}
	if p.RequireScope && len(k.Scopes) == 0 {
		add("require_scope", "scopes", "at least one scope is required")
	}
	if text := p.CheckExpiry(k.Expires, k.Created); text != "" {
		add("max_lifetime", "expires", "%s", text)
	}
	if p.RequireAllow && len(k.Rules.Allow) == 0 {
		add("require_allow", "allow", "an allow list is required")
	}
	return out
}

// CheckExpiry says why a key made at created may not expire at expires (zero:
// never), or "".
func (p Policy) CheckExpiry(expires, created time.Time) string {
	switch {
	case expires.IsZero() && !p.AllowNever && p.MaxLifetime > 0:
		return "a key must expire, at most " + lifetime(p.MaxLifetime) + " after it was made"
	case expires.IsZero() && !p.AllowNever:
		return "a key must expire"
	case !expires.IsZero() && p.MaxLifetime > 0 && expires.Sub(created) > p.MaxLifetime:
		return fmt.Sprintf("%s is more than %s after it was made (latest: %s)", expires.UTC().Format(time.RFC3339),
			lifetime(p.MaxLifetime), created.Add(p.MaxLifetime).UTC().Format(time.RFC3339))
	}
	return ""
}

func lifetime(d time.Duration) string {
	switch {
	case d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	case d%time.Hour == 0:
		return fmt.Sprintf("%d hours", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
	return d.String()
}

// checkPolicy applies the policy to a new key (before nil), or to the fields
// that an edit changes: an old key that breaks a new rule can still be
// described or restricted.
func (s *Store) checkPolicy(before *Key, after Key, owner User) error {
	p, err := s.Policy()
	if err != nil {
		return err
	}
	found := p.Check(after, owner)
	if before != nil {
		changed := diffKey(before, after)
		found = slices.DeleteFunc(found, func(v Violation) bool {
			return !slices.ContainsFunc(changed, func(c Change) bool { return c.Field == v.Field })
		})
	}
	if len(found) > 0 {
		return &PolicyError{Path: s.PolicyPath(), Violations: found}
	}
	return nil
}
