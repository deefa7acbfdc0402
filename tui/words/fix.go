package words

import (
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/text"
)

// Fixed names the finding that steps put right, or counts several.
func Fixed(steps []lint.Step) string {
	if len(steps) == 1 {
		return steps[0].Finding.Rule + " of " + board.ObjectName(steps[0].Finding)
	}
	return text.Plural(len(steps), "finding")
}

// Final says which of some steps cannot be taken back, or nothing.
func Final(steps []lint.Step) string {
	n, why := 0, ""
	for _, x := range steps {
		if x.Final() != "" {
			n, why = n+1, x.Final()
		}
	}
	switch {
	case n == 0:
		return ""
	case len(steps) == 1:
		return "This cannot be taken back: " + why + "."
	}
	return fmt.Sprintf("%d of these cannot be taken back: %s.", n, why)
}

// Use says whether somebody will miss a key.
func Use(k keystore.KeyView, now time.Time) string {
	if k.Uses.Last.Time.IsZero() {
		return "It was never used."
	}
	return "It was used " + Seen(k.Uses.Last, now) + "."
}

// Typable returns what stands for a key when it has to be typed: its name, unless
// that holds what no keyboard has, or blanks that nobody sees.
func Typable(v keystore.KeyView) string {
	if _, bad := text.Unsafe(v.Name); bad || strings.Contains(v.Name, "  ") || strings.TrimSpace(v.Name) != v.Name {
		return string(v.ID)
	}
	return v.Name
}
