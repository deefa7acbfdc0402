package usage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/pakdeck/pakdeck/keystore"
)

// Retention is for how many days, at least, what is known of uses is kept.
// Sums for all time and the first and last use are kept for ever.
//
// It is the table [usage] of the policy file (store.db.policy.toml):
//
//	[usage]
//	hours = "100d"        # counts by hour; then by day
//	days = "800d"         # counts by day
//	callers = "100d"      # callers
//	caller_hours = "14d"  # their counts by hour; then by day
type Retention struct {
	Hours, Days, Callers, CallerHours int64
}

// DefaultRetention is what holds without a policy file.
func DefaultRetention() Retention {
	return Retention{Hours: 100, Days: 800, Callers: 100, CallerHours: 14}
}

type retentionFile struct {
	Usage struct {
		Hours       string `toml:"hours"`
		Days        string `toml:"days"`
		Callers     string `toml:"callers"`
		CallerHours string `toml:"caller_hours"`
	} `toml:"usage"`
}

// ParseRetention reads the table [usage] from the text of a policy file. What
// else is in the file is not looked at.
func ParseRetention(text string) (Retention, error) {
	var f retentionFile
	meta, err := toml.Decode(text, &f)
	if err != nil {
		return Retention{}, fmt.Errorf("policy: %w", err)
	}
	for _, k := range meta.Undecoded() {
		if k[0] == "usage" {
			return Retention{}, fmt.Errorf("policy: unknown setting %q", k.String())
		}
	}
	r := DefaultRetention()
	for _, x := range []struct {
		name, text string
		days       *int64
	}{
		{"hours", f.Usage.Hours, &r.Hours},
		{"days", f.Usage.Days, &r.Days},
		{"callers", f.Usage.Callers, &r.Callers},
		{"caller_hours", f.Usage.CallerHours, &r.CallerHours},
	} {
		if err := parseDays(x.name, x.text, x.days); err != nil {
			return Retention{}, err
		}
	}
	return r, nil
}

const mostDays = 36500

func parseDays(name, text string, days *int64) error {
	if text == "" {
		return nil
	}
	digits, found := strings.CutSuffix(text, "d")
	n, err := strconv.ParseUint(digits, 10, 31)
	if !found || err != nil || n < 1 || n > mostDays {
		return fmt.Errorf("policy: usage.%s = %q: write a number of days, such as \"90d\"", name, text)
	}
	*days = int64(n)
	return nil
}

// ReadRetention reads the policy file of a store as it is now.
func ReadRetention(st *keystore.Store) (Retention, error) {
	b, err := os.ReadFile(st.PolicyPath())
	if errors.Is(err, fs.ErrNotExist) {
		return DefaultRetention(), nil
	}
	if err != nil {
		return Retention{}, fmt.Errorf("policy: %w", err)
	}
	r, err := ParseRetention(string(b))
	if err != nil {
		return Retention{}, fmt.Errorf("%s: %w", st.PolicyPath(), err)
	}
	return r, nil
}
